# Every verb sets up what it needs by itself and asks nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help demo test lint types unit e2e bench vsix clean editors

help: ## list the verbs
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Callsheet needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $(RUN_STAMP) $@

demo: $(RUN_STAMP) ## run an example on this repository with simulated agents
	$(BIN)/callsheet run examples/repository-inventory.workflow.js --dry-run

lint: $(DEV_STAMP) ## ruff and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(DEV_STAMP) ## mypy, strict
	$(BIN)/mypy

unit: $(DEV_STAMP) ## every test but the editors'
	$(BIN)/pytest -n auto --ignore=tests/e2e

editors: $(DEV_STAMP) ## install the editors that the tests drive
	$(BIN)/python scripts/setup_editors.py

e2e: editors ## the real editors
	$(BIN)/pytest -n 2 --dist loadfile tests/e2e

vsix: $(DEV_STAMP) ## build and pack the VS Code extension
	$(BIN)/python scripts/setup_editors.py --vsix

test: lint types unit e2e ## everything that must pass before a change lands
