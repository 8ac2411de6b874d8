# One command each. Everything happens inside this folder: .venv, var and build can be deleted at any time.
# Paths are relative and scripts do the rest, so that a folder name with spaces or Japanese does no harm.

PYTHON ?= python3
ARGS ?=
PY := .venv/bin/python
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench lock clean

help: ## this list
	@echo "make demo         install and run everything that exists, with demo keys, until Ctrl-C"
	@echo "make test         every test that can run here; ARGS='tests/unit/guard -x' for some of them"
	@echo "make check        style, types, import contract, translations, migrations, documents"
	@echo "make fix          mend what a program can: style, and the lists of strings to translate"
	@echo "make bench        measure; ARGS='guard --json' for one of guard, audit, start"
	@echo "make lock         resolve requirements/*.lock anew (needs uv)"
	@echo "make clean        delete .venv, var and build"

demo:
	@$(PYTHON) scripts/install.py demo
	@$(PY) -m consentry.cli demo $(ARGS)

test:
	@$(PYTHON) scripts/install.py dev
	@$(PY) scripts/run_tests.py $(ARGS)

check:
	@$(PYTHON) scripts/install.py dev
	@$(PY) scripts/check.py $(ARGS)

fix:
	@$(PYTHON) scripts/install.py dev
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .
	@$(PY) scripts/translations.py update

bench:
	@$(PYTHON) scripts/install.py demo
	@$(PY) -m consentry.cli bench $(ARGS)

lock:
	@$(PYTHON) scripts/lock.py

clean:
	rm -rf .venv var build
