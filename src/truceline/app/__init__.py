"""Puts the parts together: the order of the stages, which adapters serve them, what commands and queries do."""
