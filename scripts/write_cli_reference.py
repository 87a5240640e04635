"""Write docs/reference/cli.md: every verb of the command line with its help, as the program itself tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from truceline import cli

OUT = Path(__file__).resolve().parents[1] / "docs" / "reference" / "cli.md"
WIDTH = 100
HEAD = """# The command line

What `truceline` and each of its verbs say of themselves. Written by `make docs`; a test holds it to the program.

Exit codes: 0 done · 2 bad usage or input · 3 the record does not verify · 4 a needed service is missing · 5 an extra is not installed.
"""


def root_group() -> click.Group:
    """Find the group that all verbs hang on."""
    groups = [thing for thing in vars(cli).values() if isinstance(thing, click.Group)]
    children = {id(child) for group in groups for child in group.commands.values()}
    (root,) = {id(group): group for group in groups if id(group) not in children}.values()
    return root


def verbs(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """Walk the tree of verbs.

    Args:
        command: Where to begin.
        context: Its context, which knows the words that lead to it.

    Yields:
        The words of each verb and its help, parents first, in the order that the program lists them.
    """
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from verbs(child, context_of(child, name, context))


def context_of(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    """Return a context of fixed width, so that no terminal changes the page, with the program's own settings."""
    fixed = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    return click.Context(command, info_name=name, parent=parent, **fixed)


def reference() -> str:
    """Return the whole page."""
    root = root_group()
    parts = [HEAD]
    for path, text in verbs(root, context_of(root, "truceline")):
        body = "\n".join(line.rstrip() for line in text.splitlines())
        parts.append(f"## {path}\n\n```text\n{body}\n```\n")
    return "\n".join(parts)


def main() -> int:
    """Write the page."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
