"""The documents are true: links resolve, commands exist, folders are there, decisions are numbered."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    """Every tracked document for people; data that happens to be Markdown is none."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    names = [
        name
        for name in listed
        if name and not name.startswith(("src/truceline/data/", "tests/", "changelog.d/"))
    ]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_resolve(document: Path) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (document.parent / path).resolve() if path else document
        if not place.exists() or (anchor and anchor not in anchors(place)):
            broken.append(target)
    assert broken == []


def test_architecture_fits_on_a_hundred_and_fifty_lines() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 150


def tree_of_architecture() -> set[str]:
    """The folders that the tree in ARCHITECTURE.md draws, from the checkout's root."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = text.split("## The tree", 1)[1].split("```")[1]
    found, parent = set(), ""
    for line in block.splitlines():
        match = re.match(r"( *)([\w./]+/)(?: |$)", line)
        if match:
            name = match[2].rstrip("/")
            parent = name if not match[1] else parent
            found.add(name if not match[1] else f"{parent}/{name}")
    return found


def test_architecture_draws_the_packages_that_exist_and_no_others() -> None:
    drawn = tree_of_architecture()
    packages = {
        f"src/truceline/{path.name}" for path in (ROOT / "src" / "truceline").iterdir() if path.is_dir()
    }
    packages.discard("src/truceline/__pycache__")
    assert [name for name in drawn if not (ROOT / name).is_dir()] == []
    assert packages <= drawn


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_paths_named_in_documents_exist(document: str) -> None:
    text = FENCE.sub("", (ROOT / document).read_text(encoding="utf-8"))
    named = set(re.findall(r"`((?:src|tests|docs|bench|scripts|fonts|requirements)/[\w./-]*\w/?)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def commands(document: str) -> list[str]:
    """The command lines in a document's shell blocks and inline code."""
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line for language, body in FENCE.findall(text) if language == "sh" for line in body.splitlines()]
    lines += re.findall(r"`((?:\S+=\S+ )?(?:make|truceline) [^`]+)`", FENCE.sub("", text))
    return [line.split("#")[0].strip() for line in lines if line.strip()]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_make_targets_named_in_documents_exist(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    wanted = {
        word
        for line in commands(document)
        if "make " in line
        for word in line.split("make ", 1)[1].split()
        if "=" not in word
    }
    assert wanted - targets == set()


@cache
def reference() -> ModuleType:
    """The script that writes the reference of the command line."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "write_cli_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_verb_stands_in_the_reference_with_its_own_help() -> None:
    written = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert written == reference().reference(), "run `make docs`"
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f]", written) == [], "a help text shows a control character"


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"])
def test_verbs_and_options_named_in_documents_exist(document: str) -> None:
    module = reference()
    root = module.root_group()
    known = dict(module.verbs(root, module.context_of(root, "truceline")))
    unknown = []
    for line in commands(document):
        words = line.replace(".venv/bin/", "").split()
        if words[0] != "truceline":
            continue
        path = "truceline"
        for word in words[1:]:
            if word.startswith("-") and not re.search(rf"{re.escape(word)}\b", known[path]):
                unknown.append(f"{path} {word}")
            elif f"{path} {word}" in known:
                path = f"{path} {word}"
        if path == "truceline" and len(words) > 1:
            unknown.append(line)
    assert unknown == []


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path for path in folder.glob("[0-9]*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert path.name in listed
        assert re.match(rf"# {path.name[:4]} \S", text)
        assert {"## Context", "## Decision", "## What follows"} <= set(
            re.findall(r"^## .+$", text, re.MULTILINE)
        )
        assert re.search(r"^Status: (accepted|replaced by \d{4})$", text, re.MULTILINE)


def test_changelog_fragments_have_a_known_kind() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in settings["type"]}
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if not path.name.startswith(".")]
    assert fragments or "## " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for path in fragments:
        assert re.fullmatch(rf"[a-z0-9-]+\.({'|'.join(kinds)})\.md", path.name), path.name
        assert path.read_text(encoding="utf-8").strip(), path.name


def test_every_bench_script_is_listed_with_its_claim() -> None:
    listed = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    scripts = [
        path.name for path in (ROOT / "bench").glob("*.py") if path.name != "run.py" and path.name[0] != "_"
    ]
    assert scripts
    assert [name for name in scripts if f"({name})" not in listed] == []


def test_every_public_command_of_make_is_described() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    described = set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))
    assert set(phony.split()) == described


def test_system_parts_are_installed_by_a_script_that_parses() -> None:
    for script in [*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run"]:
        done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "set -euo pipefail" in script.read_text(encoding="utf-8")
