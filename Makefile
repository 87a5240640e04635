# The commands of the README. `make help` lists them.
#
#   .venv   everything that runs the project: demo, tests, checks. One place, one set of pinned versions.
#   .build  what only building needs: the backend, the font tools, node where the machine has none.
#
# Stamps make each step happen once: a step runs again only when a file it depends on is newer.

PYTHON ?= python3
VENV := .venv
BUILD := .build
BIN := $(VENV)/bin
MISSION ?= karabakh-2020
OUT ?= out/$(MISSION)
BIND ?= localhost:8460
DEMO_SERVE ?= 1

PIP_FLAGS := --quiet --disable-pip-version-check
LOCKED := $(PIP_FLAGS) --require-hashes --requirement
STAMPS := $(VENV)/.stamps
BUILD_STAMPS := $(BUILD)/.stamps
FONT_SOURCES := $(wildcard fonts/*.py fonts/*.json fonts/*.toml fonts/.npmrc)
CONSOLE_SOURCES := $(wildcard console/*.py console/*.json console/.npmrc console/src/*.ts console/src/*.css)

# Compiled files are kept beside the sources; without them every start of the program compiles all of it again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test explore check bench proof format wheel system-deps requirements changelog docs pictures clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 | \2/p' $(MAKEFILE_LIST) | column -t -s '|'

demo: $(STAMPS)/demo $(STAMPS)/project ## run the packaged mission and serve what came out (DEMO_SERVE=0: do not serve)
	$(BIN)/truceline run --mission $(MISSION) --out $(OUT)
	$(BIN)/truceline assess --mission $(MISSION) --store $(OUT)/store.db
ifneq ($(DEMO_SERVE),0)
	$(BIN)/truceline serve --mission $(MISSION) --store sqlite:///$(OUT)/store.db --bind $(BIND) --demo
endif

test: $(STAMPS)/test $(STAMPS)/project ## run every test; what needs an absent system part is skipped by name
	$(BIN)/python -m pytest $(PYTEST_ARGS)

explore: $(STAMPS)/test $(STAMPS)/project ## run the properties with new random examples, a thousand each (it may find what `test` cannot)
	TRUCELINE_HYPOTHESIS=explore $(BIN)/python -m pytest tests/unit $(PYTEST_ARGS)

check: $(STAMPS)/check $(STAMPS)/test $(STAMPS)/project ## lint, format, types, import contracts, docstrings, types of the console
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pydoclint --quiet src
	@if command -v node >/dev/null; then node console/node_modules/typescript/lib/tsc.js --noEmit -p console; else echo "console: its types are not checked, there is no node"; fi

bench: $(STAMPS)/test $(STAMPS)/project ## measure what we claim about speed and quality
	$(BIN)/python bench/run.py

proof: $(STAMPS)/test $(STAMPS)/project $(BUILD_STAMPS)/rival $(BUILD_STAMPS)/mutants ## show at full size what we claim about the record (an hour)
	$(BIN)/python proof/run.py

format: $(STAMPS)/check ## let the formatter and the safe fixes write
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMPS)/test $(STAMPS)/project ## write the generated pages of docs/reference anew
	$(BIN)/python scripts/write_cli_reference.py
	$(BIN)/python scripts/write_rights_reference.py

pictures: $(STAMPS)/test $(STAMPS)/project ## take the pictures of the README anew (needs system-deps)
	$(BIN)/truceline run --mission $(MISSION) --out $(OUT)
	$(BIN)/python scripts/take_pictures.py $(OUT)

wheel: $(BUILD_STAMPS)/fonts $(BUILD_STAMPS)/console ## build the wheel that people install into dist/
	$(BUILD)/bin/hatchling build --target wheel

system-deps: ## install the system parts that some tests need (Debian: Chromium, PDF tools)
	scripts/system_deps.sh

requirements: $(BUILD_STAMPS)/lock ## write requirements/*.txt anew (UPGRADE=1: newest versions)
	UPGRADE=$(UPGRADE) scripts/lock_requirements.sh "$(CURDIR)/$(BUILD)/bin/uv"

changelog: $(BUILD_STAMPS)/lock ## show the changelog of the next release from changelog.d/
	$(BUILD)/bin/towncrier build --draft --version next

clean: ## remove what the other commands made
	rm -rf $(VENV) $(BUILD) out dist

# --- .venv --------------------------------------------------------------------------------------------------

$(VENV)/bin/python:
	@$(PYTHON) scripts/check_python.py
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/demo $(STAMPS)/test $(STAMPS)/check: $(STAMPS)/%: requirements/%.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install $(LOCKED) $<
	@mkdir -p $(@D) && touch $@

# One wheel serves demo, tests and checks: it points at src/, so that no command ever swaps the code under another
# and an edit is seen at once. The wheel that people install is built and tried by tests/architecture.
$(STAMPS)/project: pyproject.toml $(BUILD_STAMPS)/fonts | $(VENV)/bin/python $(BUILD_STAMPS)/console
	rm -rf $(BUILD)/wheel
	$(BUILD)/bin/hatchling build --target wheel:editable --directory $(BUILD)/wheel
	$(BIN)/python -m pip install $(PIP_FLAGS) --no-deps --no-index --force-reinstall $(BUILD)/wheel/*.whl
	@mkdir -p $(@D) && touch $@

# --- .build -------------------------------------------------------------------------------------------------

$(BUILD)/bin/python:
	@$(PYTHON) scripts/check_python.py
	$(PYTHON) -m venv $(BUILD)

$(BUILD_STAMPS)/build $(BUILD_STAMPS)/lock: $(BUILD_STAMPS)/%: requirements/%.txt | $(BUILD)/bin/python
	$(BUILD)/bin/python -m pip install $(LOCKED) $<
	@mkdir -p $(@D) && touch $@

$(BUILD_STAMPS)/node: requirements/node.txt | $(BUILD)/bin/python
	command -v npm >/dev/null || $(BUILD)/bin/python -m pip install $(LOCKED) $<
	@mkdir -p $(@D) && touch $@

# Each in an environment of its own: a rival is no part of the product, and what changes its code must not stand in .venv.
$(BUILD_STAMPS)/rival $(BUILD_STAMPS)/mutants: $(BUILD_STAMPS)/%: requirements/%.txt
	@$(PYTHON) scripts/check_python.py
	$(PYTHON) -m venv $(BUILD)/$*
	$(BUILD)/$*/bin/python -m pip install $(LOCKED) $<
	@mkdir -p $(@D) && touch $@

# What a folder of scripts stands on is brought when its lock file changed.
$(BUILD_STAMPS)/fonts-packages $(BUILD_STAMPS)/console-packages: $(BUILD_STAMPS)/%-packages: %/package-lock.json $(BUILD_STAMPS)/build $(BUILD_STAMPS)/node
	$(BUILD)/bin/python scripts/npm_ci.py $*
	@mkdir -p $(@D) && touch $@

$(BUILD_STAMPS)/fonts: $(BUILD_STAMPS)/fonts-packages $(FONT_SOURCES)
	$(BUILD)/bin/python fonts/make_fonts.py
	@mkdir -p $(@D) && touch $@

$(BUILD_STAMPS)/console: $(BUILD_STAMPS)/console-packages $(CONSOLE_SOURCES)
	$(BUILD)/bin/python console/build.py
	@mkdir -p $(@D) && touch $@
