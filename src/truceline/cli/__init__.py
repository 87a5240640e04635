"""The command line: parses a request, calls the application, prints. Verbs are those of docs/reference/cli.md."""

from truceline.cli.root import main, truceline

__all__ = ["main", "truceline"]
