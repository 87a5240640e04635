"""Who is named as carrying the words: "according to", "the agency quoted the ministry as saying"."""

from __future__ import annotations

from truceline.core.claims import Ref
from truceline.extract.language import LanguageData
from truceline.extract.names import Mention
from truceline.extract.units import Unit


def relays(units: list[Unit], language: LanguageData) -> tuple[tuple[Ref, ...], Mention | None]:
    """Return who is named by "according to", and the mention where it is no source of news but one who speaks.

    Args:
        units: Units of the sentence, mentions joined.
        language: Verbs of saying.

    Returns:
        The carriers, and who speaks through them or None.
    """
    for at, unit in enumerate(units):
        if "speech" not in unit.values or not language.speech[unit.values["speech"]].relay:
            continue
        for index, behind in enumerate(units[at + 1 : at + 7]):
            if behind.has("SOURCE"):
                source = behind.values["source"]
                return (Ref(source.id, _label(source)),), _quoted_by(units, at + index + 2)
            if behind.has("ACTOR"):
                mention: Mention = behind.values["mention"]
                return mention.refs[:1], mention
            if behind.tags & {"COMMA", "BREAK"} or (behind.has("SAY") and index > 1):
                break
    return (), None


def _quoted_by(units: list[Unit], at: int) -> Mention | None:
    """As in "The agency quoted the ministry as saying": who stands behind "from"."""
    if at + 1 < len(units) and units[at].has("FROM") and units[at + 1].has("ACTOR"):
        return units[at + 1].values["mention"]  # type: ignore[no-any-return]
    return None


def _label(source: object) -> str:
    names = getattr(source, "names", {})
    forms = names.get("en") or next(iter(names.values()))
    return str(forms[0].text)
