"""The stages, in the order of the work."""

STAGES = ("collect", "extract", "link", "assess", "picture", "publish")
