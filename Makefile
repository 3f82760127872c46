# Every target sets up what it needs in a virtual environment of its own; all that it takes is python3 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORPUS ?= $(wildcard ../shared/corpus)

export EVENTWRIGHT_CORPUS ?= $(CORPUS)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help generate test test-docs test-all check docs bench mutations clean

help:  ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

generate: $(VENV)/ready  ## Compile the specs into generated/.
	$(BIN)/eventwright generate

test: $(VENV)/ready-test  ## Run the tests.
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadscope

test-all: $(VENV)/ready-test  ## Run the tests of the generated package on every Python from 3.10 that there is.
	cd tests && ../$(BIN)/python -m support.every_python

test-docs: $(VENV)/ready-test-docs docs  ## Test the documentation site in a browser.
	@"$(PYTHON)" tools/browser.py --install
	$(BIN)/python -m pytest --confcutdir tests/site tests/site

check: $(VENV)/ready-test $(VENV)/ready-check  ## Lint, check types, and see that generated/ is current.
	$(BIN)/ruff check
	$(BIN)/black --check --quiet generator tests tools bench generated
	$(BIN)/mypy generator
	$(BIN)/eventwright check

docs: $(VENV)/ready-docs  ## Build the documentation site in build/site.
	$(BIN)/eventwright docs --inspector --out build/site --title eventwright

bench: $(VENV)/ready-bench  ## Compare with other libraries, on recorded streams.
	$(BIN)/python -m bench

mutations: $(VENV)/ready-test $(VENV)/ready-bench  ## Count which broken streams the linter finds.
	PYTHONPATH=tests $(BIN)/python -m support.mutation_report

clean:  ## Remove the virtual environment and what was built.
	rm -rf $(VENV) build dist

$(VENV)/ready: pyproject.toml constraints.txt
	@"$(PYTHON)" tools/environment.py $(VENV)

$(VENV)/ready-%: $(VENV)/ready
	@"$(PYTHON)" tools/environment.py $(VENV) $*
