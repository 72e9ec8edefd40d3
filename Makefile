# The two commands a newcomer needs: `make run` and `make test`. `make` alone lists the rest.
PY ?= python3
HOST ?= 127.0.0.1
PORT ?= 5000
export HOST PORT

VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r
VENDOR := portfolio/static/vendor
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-config --python-version 3.11

# Each .done-file is written last, so a step that was interrupted is simply made again.
MADE := $(VENV)/.made.done
RUNTIME := $(VENV)/.runtime.done
DEV := $(VENV)/.dev.done
ASSETS := $(VENDOR)/.done

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup test browser check bench crash db lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: $(RUNTIME) $(ASSETS) db ## Install, migrate, load the demo the first time, serve on http://127.0.0.1:5000
	@$(FLASK) demo load --if-empty
	@$(FLASK) clock run & clock=$$!; \
	$(BIN)/gunicorn & web=$$!; \
	trap 'kill $$web 2>/dev/null' INT TERM HUP; \
	trap 'kill $$clock 2>/dev/null; wait $$clock' EXIT; \
	while kill -0 $$web 2>/dev/null; do wait $$web; done

setup: $(RUNTIME) $(ASSETS) $(DEV) ## Install everything, start nothing

test: setup ## Install what the tests need, a browser included, and run them
	@$(BIN)/python -m tests.browser.find_browser --install
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

browser: setup ## Run the browser tests only
	@$(BIN)/python -m tests.browser.find_browser --install
	$(BIN)/python -m pytest tests/browser $(ARGS)

check: setup ## Lint, types, import contracts, templates, no outside hosts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet
	@! grep -rnE '$(OUTSIDE)' $(SENT) || { echo 'A page may load nothing from another host.' >&2; exit 1; }
	@! grep -nE '$(REGISTRY)' requirements*.txt package-lock.json .npmrc || { echo 'A lock file names an index.' >&2; exit 1; }

# What a browser would fetch: an address in src, link, @import, url(), fetch() or an import statement.
OUTSIDE := (src|srcset|action|hx-[a-z]+)="(https?:)?//|<link[^>]*href="(https?:)?//|(@import|url\(|fetch\(|from|import) *.?(https?:)?//
REGISTRY := "resolved"|--(extra-)?index-url|--find-links|registry\.|pypi\.|pythonhosted
SENT := --exclude-dir=vendor --include=*.html --include=*.css --include=*.js templates portfolio/static

bench: setup ## Run the benchmarks in bench/
	$(BIN)/python -m bench $(ARGS)

crash: setup ## Kill 200 senders of letters on each database: no letter may be lost
	$(BIN)/python -m tests.letters.crash $(ARGS)

db: $(RUNTIME) ## Create or migrate the database
	@$(FLASK) db upgrade

lock: $(DEV) ## Compile the lock files after a change in a requirements*.in or package.json
	$(LOCK) -o requirements.txt requirements.in
	$(LOCK) -o requirements-dev.txt requirements-dev.in
	$(LOCK) -o requirements-node.txt requirements-node.in
	npm install --package-lock-only

clean: ## Remove all that make has made; the database in instance/ stays
	rm -rf $(VENV) $(VENDOR) node_modules build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PY=python3.12 ...")'
	$(PY) -m venv --clear $(VENV)
	@touch $@

$(RUNTIME): requirements.txt $(MADE)
	$(INSTALL) requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	$(INSTALL) requirements-dev.txt
	@touch $@

$(ASSETS): package-lock.json .npmrc assets.py $(MADE)
	$(BIN)/python assets.py
	@touch $@
