# Everything that users and contributors run; CI runs the same targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
export WHIPCOUNT_SHARED := $(abspath $(SHARED))

.PHONY: help demo test check browser postgresql accuracy bench lock learn clean

help:  ## what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# A fresh Debian has python3 without venv: installed where we may, asked for where not.
$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Whipcount needs Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y python3-venv; } \
		|| { echo "Please install python3-venv: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/ready  ## add the example articles, print the count and the holdouts
	@rm -rf .demo && mkdir .demo
	$(BIN)/whipcount add examples --db sqlite:///.demo/whipcount.db
	$(BIN)/whipcount count --db sqlite:///.demo/whipcount.db --as-of 2025-10-31
	$(BIN)/whipcount holdouts --db sqlite:///.demo/whipcount.db --as-of 2025-10-31

# The tests of the site drive a real browser: installed where we may; where not, those tests are skipped.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y chromium >/dev/null; } \
		|| echo "no Chromium: the tests that need a browser are skipped (sudo apt-get install chromium)"

# The ledger's tests run on both stores: a cluster for once is started where PostgreSQL is there.
postgresql:
	@command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y postgresql >/dev/null; } \
		|| echo "no PostgreSQL: its tests are skipped (sudo apt-get install postgresql)"

test: check browser postgresql  ## types, style and all tests
	$(BIN)/pytest

check: $(VENV)/ready  ## types and style alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

accuracy: $(VENV)/ready  ## score on the annotated articles in SHARED and write docs/accuracy.md
	$(BIN)/python -m scripts.accuracy

bench: $(VENV)/ready  ## reading speed beside the bare NLP pipeline
	$(BIN)/python -m benchmarks.reading

lock:  ## pin every dependency again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --group dev pyproject.toml -o requirements.lock

clean:  ## remove what was built
	rm -rf $(VENV) .demo
