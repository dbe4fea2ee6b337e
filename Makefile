# make demo | test | lint | bench: each creates .venv first when it is missing or pyproject.toml has changed.
# PYTHON=/path/to/python chooses the interpreter; otherwise the newest Python >= 3.11 that can make environments is used.

BIN = .venv/bin
BENCH = main_job
TESTS = tests
OLD_ENOUGH = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help venv demo test lint bench

help:
	@echo 'make demo   run the main job on a demo that ships with the package (one minute)'
	@echo 'make test   run the tests; some of them: make test TESTS=tests/cli'
	@echo 'make lint   check style and types'
	@echo 'make bench  run a benchmark quickly: make bench BENCH=overhead'
	@echo 'make venv   only create the environment in .venv'

venv: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	@set -e; \
	if $(BIN)/python -c '$(OLD_ENOUGH)' >/dev/null 2>&1; then :; else \
	  found=; \
	  for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3 python; do \
	    if "$$python" -c '$(OLD_ENOUGH)' >/dev/null 2>&1; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo 'No Python >= 3.11 with the venv module was found: install one, or name it: make PYTHON=/path/to/python' >&2; \
	    exit 2; \
	  fi; \
	  echo "Creating .venv with $$("$$found" --version)"; \
	  "$$found" -m venv --clear .venv; \
	fi; \
	echo 'Installing autotransfer and its development tools into .venv (minutes, once)'; \
	PIP_CONSTRAINT="$$(pwd)/constraints.txt" $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	touch .venv/.installed

demo: venv
	@set -e; out="runs/demo-$$(date +%Y%m%d-%H%M%S)-$$$$"; \
	$(BIN)/autotransfer fit demo:penguins --budget 20s --out "$$out"; \
	echo "Report: $$(pwd)/$$out/report.html"

test: venv
	@$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered $(TESTS)

lint: venv
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: venv
	@$(BIN)/python -m benchmarks $(BENCH) --quick
