"""Change the trust kernel in every small way, and see that a test notices; what survives is explained, one by one.

mutmut makes the mutants of the modules below and runs the tests that reach each. Two kinds of survivors need no words of
their own: a refusal that says the same in other words (the arguments of an error, never its kind or its condition), and
a codec by another spelling of its name. Every other survivor stands in ``mutants.toml`` with the reason why it changes
nothing; an explanation whose mutant no longer survives is an error too. Arguments: names of modules, else all.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from _row import row

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".build" / "mutants" / "bin" / "python"
MODULES = ("note", "tree", "tiles", "policy", "witness", "commitment")
TESTS = (
    "tests/unit/ledger",
    "tests/unit/determine",
    "tests/unit/adapters_witness",
    "tests/conformance/test_ledger_store.py",
)
SAID_BY = ("_bad", "_refuse")
"""Helpers of ours that make a refusal: what they are given is words."""
SURVIVED, NOT_RUN = 0, (None, 33, 34)


@dataclass(frozen=True)
class Change:
    """A mutant: its function, the line as it stands, the line as it was made."""

    place: str
    was: str
    made: str


def main() -> int:
    """Print one line a module, and the number of survivors that nobody explained."""
    modules = tuple(sys.argv[1:]) or MODULES
    if not PYTHON.exists():
        print("mutmut is not installed: make proof installs it", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        work = prepared(Path(folder), modules)
        command = [str(PYTHON), "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 1)]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
            return 1
        survivors: list[Change] = []
        for module in modules:
            survivors += judged(work, module)
    explained = explanations(modules)
    unexplained = [one for one in survivors if one not in explained]
    stale = [one for one in explained if one not in survivors]
    for one in unexplained:
        print(f"survives unexplained: {one.place}\n  - {one.was}\n  + {one.made}", file=sys.stderr)
    for one in stale:
        print(f"explained, but does not survive: {one.place}\n  - {one.was}\n  + {one.made}", file=sys.stderr)
    row("survivors explained one by one", len(survivors) - len(unexplained), "mutants")
    row("survivors that nobody explained", len(unexplained), "mutants", "==", 0)
    row("explanations without a survivor", len(stale), "explanations", "==", 0)
    return int(bool(unexplained or stale))


def prepared(work: Path, modules: tuple[str, ...]) -> Path:
    """Copy what the tests need, and say what is to be changed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src", "tests", "pyproject.toml"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, work / name)
    lines = ["[mutmut]", "source_paths=", "    src/", "only_mutate="]
    lines += [f"    src/truceline/ledger/{module}.py" for module in modules]
    lines += ["pytest_add_cli_args_test_selection=", *(f"    {test}" for test in TESTS)]
    lines += [
        "pytest_add_cli_args=",
        "    -p",
        "    no:cacheprovider",
        "also_copy=",
        "    pyproject.toml",
        "    tests",
    ]
    (work / "setup.cfg").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return work


def judged(work: Path, module: str) -> list[Change]:
    """Print what became of a module's mutants, and return the survivors that need an explanation."""
    file = work / "mutants" / "src" / "truceline" / "ledger" / f"{module}.py"
    results = json.loads(file.with_name(f"{file.name}.meta").read_text(encoding="utf-8"))["exit_code_by_key"]
    functions = {
        node.name: node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    kinds: Counter[str] = Counter()
    left = []
    for key, code in results.items():
        name = key.rpartition(".")[2]
        if code in NOT_RUN:
            kinds["not run"] += 1
        elif code != SURVIVED:
            kinds["noticed"] += 1
        elif same_but_for_words(
            functions[f"{name.rpartition('__mutmut_')[0]}__mutmut_orig"], functions[name]
        ):
            kinds["other words"] += 1
        else:
            kinds["survived"] += 1
            left.append(changed(module, functions, name))
    for kind in ("noticed", "other words", "survived"):
        row(f"mutants of {module}: {kind}", kinds[kind], "mutants")
    row(f"mutants of {module}: not run", kinds["not run"], "mutants", "==", 0)
    return left


class Wordless(ast.NodeTransformer):
    """Takes out what people read in a refusal, and spells codecs one way."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Empty the arguments of an error; lower the names of codecs."""
        self.generic_visit(node)
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called.endswith("Error") or called in SAID_BY:
            kept = node.args[:1] if called == "_refuse" else []
            return ast.Call(func=node.func, args=kept, keywords=[])
        if called in {"encode", "decode"}:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    argument.value = argument.value.lower()
        return node


def same_but_for_words(one: ast.AST, other: ast.AST) -> bool:
    """Say whether two functions differ in nothing but the words of their refusals."""
    return shape(one) == shape(other)


def shape(function: ast.AST) -> str:
    """Write a function without its name and without words."""
    plain = Wordless().visit(ast.parse(ast.unparse(function)))
    plain.body[0].name = "f"
    return ast.dump(plain)


def changed(module: str, functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef], name: str) -> Change:
    """Return the one statement that a mutant changes, as it stands and as it was made."""
    stem = name.rpartition("__mutmut_")[0]
    before, after = (ast.unparse(functions[one]).splitlines()[1:] for one in (f"{stem}__mutmut_orig", name))
    head = [ast.unparse(functions[one].args) for one in (f"{stem}__mutmut_orig", name)]
    if head[0] != head[1]:
        before, after = [head[0]], [head[1]]
    was = [line.strip() for line in before if line not in after]
    made = [line.strip() for line in after if line not in before]
    place = stem.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return Change(f"{module}.{place}", " ".join(was), " ".join(made))


def explanations(modules: tuple[str, ...]) -> list[Change]:
    """Read the explanations of these modules; each must say why."""
    told = tomllib.loads(Path(__file__).with_name("mutants.toml").read_text(encoding="utf-8"))
    found = [one for one in told.get("survivor", []) if one["in"].split(".")[0] in modules]
    for one in found:
        if not one["why"].strip():
            raise SystemExit(f"mutants.toml: {one['in']}: say why")
    return [Change(one["in"], one["was"], one["made"]) for one in found]


if __name__ == "__main__":
    raise SystemExit(main())
