"""collect: raw items -> reports.

Takes: items as the adapters read them from inboxes (`ports.Item`), and what the mission knows beforehand
(`ports.CollectKnowledge`). Gives: `Collected`: reports with identity, dates, language and segments, copies tied to
their originals; rejections, each with what to do; the evidence bytes. May never: open a file, read a clock, decide
what a text claims, or drop an item without saying so.
"""

from truceline.collect.stage import collect

__all__ = ["collect"]
