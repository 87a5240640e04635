"""What the tree looks like: sizes, names, the door of every stage, what may stand in a tracked file."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "truceline"
STAGES = ("collect", "extract", "detect", "cover", "link", "determine", "assess", "picture", "publish")
LINES_MAX = 500
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

# Split, so that this file does not trip over itself.
_HOST = r"\b{}\.[a-z]{{2,3}}\b"
INDEX_ADDRESSES = re.compile(
    "|".join(
        (
            _HOST.format("py" + "pi"),
            _HOST.format("python" + "hosted"),
            _HOST.format("npm" + "js"),
            "/" + "simple/",
        )
    )
)
MACHINE_PATHS = re.compile(
    "|".join(("/" + "root/", "/" + "work/", "/" + "opt/pypi", r"/" + r"home/\w+", r"/" + r"Users/\w+"))
)
NOT_OURS = re.compile(
    "|".join(
        (
            r"\bas an " + r"AI\b",
            r"\bsub-?" + r"agents?\b",
            r"\bChat" + r"GPT\b",
            r"\bClau" + r"de\b",
            r"\blanguage " + r"model (?:said|wrote)\b",
            r"\bthe us" + r"er asked\b",
            r"\bthis conver" + r"sation\b",
            r"\bmy bri" + r"ef\b",
            r"\bTO" + r"DO\b",
            r"\bFIX" + r"ME\b",
            r"\blorem " + r"ipsum\b",
        )
    )
)
BINARY = {".png", ".woff2", ".ttf", ".pdf", ".xlsx", ".ods", ".docx", ".parquet", ".zip", ".jpg", ".tif"}


def tracked() -> list[Path]:
    """Every file that git keeps, or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Every tracked text file: its name and what it says."""
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors="replace"))
        for path in tracked()
        if path.suffix not in BINARY
    ]


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py"))


def lines_that_match(pattern: re.Pattern[str], *, skip: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        if not name.startswith(skip)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in [
            *modules(),
            *(ROOT / "tests").rglob("*.py"),
            *(ROOT / "bench").rglob("*.py"),
            *(ROOT / "proof").rglob("*.py"),
        ]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.stem in VAGUE]
    assert vague == []


def test_no_folder_is_an_empty_shell() -> None:
    shells = [
        init.parent.relative_to(ROOT).as_posix()
        for init in PACKAGE.rglob("__init__.py")
        if not [entry for entry in init.parent.iterdir() if entry.name not in {"__init__.py", "__pycache__"}]
        and not any(
            isinstance(node, ast.FunctionDef) for node in ast.parse(init.read_text(encoding="utf-8")).body
        )
    ]
    assert shells == []


def test_no_tracked_file_names_the_address_of_a_package_index() -> None:
    assert lines_that_match(INDEX_ADDRESSES) == []


@pytest.mark.parametrize("host", ["py" + "pi", "files.python" + "hosted", "registry.npm" + "js"])
def test_an_index_address_would_be_noticed(host: str) -> None:
    assert INDEX_ADDRESSES.search(f"see https://{host}." + "org/x")
    assert not INDEX_ADDRESSES.search("the package index, npm and its lock file")


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert lines_that_match(MACHINE_PATHS) == []


def test_no_tracked_file_says_who_typed_it_or_leaves_work_open() -> None:
    assert lines_that_match(NOT_OURS) == []


def test_lock_files_of_npm_carry_hashes_and_no_addresses() -> None:
    locks = [path for path in tracked() if path.name == "package-lock.json"]
    assert locks, "the fonts come from npm, with a lock file"
    for path in locks:
        packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
        bought = {name: facts for name, facts in packages.items() if name}
        assert [name for name, facts in bought.items() if "resolved" in facts] == []
        assert [name for name, facts in bought.items() if "integrity" not in facts] == []


def test_every_requirement_is_pinned_and_hashed() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"))
        wanting = [
            block for block in blocks if "==" in block.split("\n")[0] and "--hash=sha256:" not in block
        ]
        assert len(blocks) > 1, path.name
        assert wanting == [], path.name


@pytest.mark.parametrize("stage", [stage for stage in STAGES if (PACKAGE / stage).is_dir()])
def test_every_stage_opens_the_same_way(stage: str) -> None:
    folder = PACKAGE / stage
    init = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    docstring = ast.get_docstring(init) or ""
    for heading in ("Takes", "Gives", "May never"):
        assert re.search(rf"\b{heading}\b", docstring), f"{stage}/__init__.py does not say what it {heading}"
    exported = [
        alias.asname or alias.name
        for node in init.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    functions = [name for name in exported if name[0].islower() and name != "annotations"]
    assert functions == [stage]  # types may stand beside it
    stage_module = ast.parse((folder / "stage.py").read_text(encoding="utf-8"))
    assert stage in [node.name for node in stage_module.body if isinstance(node, ast.FunctionDef)]


def _chance(path: Path, node: ast.ImportFrom) -> bool:
    """Whether chance is brought in; what plays officers in tests may name the seeded kind that it is given."""
    names = {alias.name for alias in node.names}
    is_seeded = path.relative_to(PACKAGE).parts[0] == "testing" and names == {"Random"}
    return node.module in {"random", "secrets", "uuid"} and not is_seeded


def test_clock_and_chance_come_in_as_arguments() -> None:
    reads = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
    reads |= {("time", name) for name in ("time", "time_ns", "monotonic", "perf_counter", "process_time")}
    found = []
    for path in modules():
        if path.relative_to(PACKAGE).parts[0] in {"adapters", "app", "cli", "serve"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if (node.value.id, node.attr) in reads or node.attr in {"uuid1", "uuid4", "urandom"}:
                    found.append(f"{where}: {node.value.id}.{node.attr}")
            elif isinstance(node, ast.Import):
                found += [
                    f"{where}: {alias.name}" for alias in node.names if alias.name in {"random", "secrets"}
                ]
            elif isinstance(node, ast.ImportFrom) and _chance(path, node):
                found.append(f"{where}: {node.module}")
    assert found == []


def test_no_adapter_does_the_work_of_a_stage() -> None:
    found = []
    for path in (PACKAGE / "adapters").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("truceline."):
                stage, *rest = (node.module or "").split(".")[1:]
                whole = {alias.name for alias in node.names} & {stage, "stage"}
                if stage in STAGES and (rest == ["stage"] or whole):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.module}")
    assert found == []
