# Everything a checkout needs: `make demo`, `make test`, `make check`, `make bench`. Each sets up what it uses.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# .pyc files matter here: without them one SDK alone takes twelve seconds to import.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test check coverage postgresql bench acceptance differential stores lock generate expect costs clean chromium

demo: $(STAMP)
	$(BIN)/auditor demo

# Two workers more than there are processors, for half of the time tests wait; no more than six, for each holds an emulated company.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 4 ] && n=4; echo $$((n + 2)))

test: $(STAMP) chromium postgresql
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.generate --check

# How much of the packages the unit tests run, line by line, with what they do not: a measurement, no gate.
# COVERAGE_OF=tests measures with every test.
COVERAGE_OF ?= tests/unit
coverage: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -q --cov --cov-report=term-missing $(COVERAGE_OF) $(PYTEST_ARGS)

bench: $(STAMP)
	$(BIN)/python -m tests.bench $(BENCH_ARGS)

# The demo's AWS company in LocalStack, a second emulator: the same verdicts, but for a named list. Needs Python 3.13 or
# newer, for an environment of its own; ends with code 77 where LocalStack cannot be installed.
acceptance: $(STAMP)
	$(BIN)/python -m tests.acceptance

# Our decisions about AWS permissions beside those of an independent evaluator (npm, AGPL: development only, a process of
# its own): generated requests from a seed that is printed. Needs Node; ends with code 77 without it.
differential: $(STAMP)
	$(BIN)/python -m tests.differential $(DIFFERENTIAL_ARGS)

# Rewrites what is generated: the catalogue of checks, the help and permissions in docs/, the JSON Schemas.
generate: $(STAMP)
	$(BIN)/python -m tests.generate

# Rewrites the demo's expected verdicts and prints each that changed: look at every line before committing it.
expect: $(STAMP)
	$(BIN)/python -m tests.scenario.expect

# Rewrites which checks lose a verdict where an operation is refused (auditor permissions --check-managed). COSTS='pipes: sns:' asks only
# for operations that begin so.
costs: $(STAMP)
	$(BIN)/python -m tests.scenario.costs $(COSTS)

# Stores at abfs:// and gs:// against emulators: Azurite (npm, development only) and Cloud Storage's JSON API. Installs the
# extra 'store' and Azurite (360 MB, into .stores); without Node or the network the tests of abfs:// say that they are skipped.
stores: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[store]'
	-npm install --silent --no-audit --no-fund --prefix .stores azurite@3.37.0
	$(BIN)/python -m pytest -q tests/unit/distribution/test_storage.py

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Set PYTHON=.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[demo,dev]'
	@touch $@

# The browser tests use an installed Chromium. Root may install Debian's; others are told the command.
chromium:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "NO CHROMIUM: the browser tests will be skipped. Install it with: sudo apt-get install chromium" >&2; fi

# The tests of a history in PostgreSQL start a server of their own on loopback.
postgresql:
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing PostgreSQL for the tests of histories"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	else echo "NO POSTGRESQL: the tests of histories in it will be skipped. Install it with: sudo apt-get install postgresql" >&2; fi

lock: $(STAMP)
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
	  --extra demo --extra dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) .venv-acceptance .oracle .stores auditor-demo auditor-report .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
