#!/usr/bin/env bash
# Write requirements/*.txt anew from pyproject.toml and requirements/*.in, with hashes and for every platform.
# The files agree with each other (each is bound by the one before), since all of them meet in .venv.
# Usage: [UPGRADE=1] scripts/lock_requirements.sh UV; without UPGRADE, versions stay where they still fit.
set -euo pipefail
uv=${1:?name the uv program}
cd "$(dirname "$0")/../requirements"
upgrade=()
if [[ -n ${UPGRADE:-} ]]; then
  upgrade=(--upgrade)
fi
lock() { # lock OUT SOURCE...
  local out=$1
  shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --custom-compile-command "make requirements" --output-file "$out" "${upgrade[@]}" "$@"
}
project=(../pyproject.toml --extra link --extra sensors --extra cover --extra serve)
lock demo.txt "${project[@]}"
lock core.txt ../pyproject.toml --constraints demo.txt
lock test.txt "${project[@]}" test.in --constraints demo.txt
lock check.txt "${project[@]}" check.in --constraints test.txt
lock mutants.txt "${project[@]}" test.in mutants.in --constraints test.txt
lock build.txt build.in
lock node.txt node.in
lock lock.txt lock.in
lock rival.txt rival.in
