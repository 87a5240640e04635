"""Bundle the console's islands and styles into the files that the service hands out; no page asks any other address.

Run it after ``scripts/npm_ci.py console``. Same packages in, same bytes out. The parts of other authors are kept as
files of their own beside ours, each with its licence.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
OUT = HERE.parent / "src" / "truceline" / "data" / "console" / "dist"
ISLANDS = ("console", "watch", "keys", "passkey", "review", "duty", "imagery", "theme", "maplibre-worker")
"""Entry points in ``src/``, those that are there; each becomes one module."""
TAKEN = {
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
}
LICENCES = {"htmx.org/LICENSE": "htmx", "maplibre-gl/LICENSE.txt": "MapLibre GL JS"}


def main() -> int:
    """Write every file of ``dist``; the exit code is esbuild's."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for source, target in TAKEN.items():
        shutil.copyfile(MODULES / source, OUT / target)
    texts = [f"{name}\n\n{(MODULES / path).read_text(encoding='utf-8')}" for path, name in LICENCES.items()]
    (OUT / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")
    entries = [str(HERE / "src" / "console.css")]
    entries += [str(path) for name in ISLANDS if (path := HERE / "src" / f"{name}.ts").is_file()]
    words = [
        *entries, "--bundle", "--format=esm", "--splitting", "--minify", "--target=es2022", "--legal-comments=none",
        "--entry-names=[name]", "--chunk-names=[name]-[hash]", f"--outdir={OUT}", "--log-level=warning",
        "--external:/fonts/*",
    ]  # fmt: skip
    return subprocess.run([esbuild(), *words], check=False, stdout=sys.stderr).returncode


def esbuild() -> str:
    """Return the program that fits this machine: npm brings it as a package of its own."""
    found = sorted(path for path in MODULES.glob("@esbuild/*/bin/esbuild*"))
    if not found:
        raise SystemExit("esbuild is not there for this machine: run scripts/npm_ci.py console")
    return str(found[0])


if __name__ == "__main__":
    raise SystemExit(main())
