"""Mission packs: a folder of TOML, YAML and GeoJSON read into ``core.mission.Mission``.

Takes: the name of a packaged mission, or a folder. Gives: a checked ``Mission``, or every mistake of the pack in
one pass. May never: mend a mistake in silence, or know any theatre by name.
"""

from __future__ import annotations

from truceline.adapters.packs.load import check_mission, load_mission, mission_folder, packaged_missions
from truceline.adapters.packs.problems import Problem
from truceline.adapters.packs.schemas import schemas

__all__ = ["Problem", "check_mission", "load_mission", "mission_folder", "packaged_missions", "schemas"]
