# Two commands do everything: `make demo` and `make test`. The others are their parts.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
BENCHMARKS := $(filter-out __init__,$(notdir $(basename $(wildcard benchmarks/*.py))))

.PHONY: images messages demo test lint types imports js python browser coverage mutants bench fuzz attack reliability agents site lock tools clean help

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.installed ## Set up a demo study and serve it on this machine
	$(BIN)/keytrail demo --port $(PORT)

# What computes on one core runs in pairs, each with its output in one piece. tests/test_site.py builds the site.
test: tools $(VENV)/.dev node_modules/.installed ## Run every check there is
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target types lint imports js
	$(MAKE) --no-print-directory python
	$(MAKE) --no-print-directory browser

lint: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check --tabwidth 2 templates
	$(BIN)/codespell app docs migrations static templates benchmarks *.md
	$(BIN)/zizmor --offline --quiet .github
	node_modules/.bin/biome check --error-on-warnings .

types: $(VENV)/.dev node_modules/.installed
	$(BIN)/mypy
	node_modules/.bin/tsc --project tsconfig.json

imports: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

site: $(VENV)/.dev ## Build the documentation site into docs/_build/html; a warning or a broken link fails
	$(BIN)/python -m sphinx -E -W --keep-going -q docs docs/_build/html

js: node_modules/.installed
	node --test tests/js/*.test.js

# Each of the two collects only its own tests: importing the other's files takes every process seconds.
python: $(VENV)/.dev ## Only the tests without a browser
	$(BIN)/pytest -n 2 --dist loadgroup --durations=10 --ignore tests/browser

# More processes than cores may pay, as these tests wait for pages: make browser BROWSER_PROCESSES=3
BROWSER_PROCESSES ?= 2
BROWSER_TESTS = tests/browser $(shell grep -rl 'pytest\.mark\.browser' tests --include='test_*.py')
browser: tools $(VENV)/.dev node_modules/.installed ## Only the tests that drive a browser
	$(BIN)/pytest -n $(BROWSER_PROCESSES) --dist loadgroup --durations=10 -m browser $(BROWSER_TESTS)

coverage: $(VENV)/.dev ## Branch coverage of the tests without a browser; fails below the floor in pyproject.toml
	$(BIN)/pytest -n 2 --dist loadgroup --ignore tests/browser --cov --cov-report=term

MUTANTS ?= 100
$(VENV)/mutation/.installed: | $(VENV)/bin/pip
	$(VENV)/bin/python -m venv $(VENV)/mutation
	$(VENV)/mutation/bin/pip install --disable-pip-version-check cosmic-ray==8.7.0
	@touch $@

mutants: $(VENV)/.dev $(VENV)/mutation/.installed ## Try MUTANTS random mutants of SEED and print those that no test finds
	$(BIN)/python -m tests.mutation --count $(MUTANTS) --seed $(SEED)

bench: tools $(VENV)/.dev node_modules/.installed ## Print the benchmarks' figures (nothing is judged)
	for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

SEED ?= $(shell date +%s)
COUNT ?= 200
fuzz: $(VENV)/.dev tools ## Play random sessions in Chromium and Firefox: COUNT of them from SEED on
	$(BIN)/pytest -m browser tests/browser/test_fuzz.py --fuzz-seed $(SEED) --fuzz-count $(COUNT)

attack: $(VENV)/.dev ## Flood a server of 1 GB in eleven ways and print how long honest batches took meanwhile
	$(BIN)/python -m tests.flood

reliability: $(VENV)/.dev tools ## Try every fault again and write docs/reliability.md
	$(BIN)/pytest -m browser tests/browser/test_{delivery,returning,faults_page,faults_server}.py --reliability-table docs/reliability.md

agents: $(VENV)/.dev tools ## Play twenty sessions of each kind of agent and typing tool and write docs/agents.md
	$(BIN)/pytest -n 2 --dist load -m browser tests/browser/test_agents.py --agents-sessions 20 --agents-table docs/agents.md

images: $(VENV)/.dev tools ## Take the pictures of the documentation anew
	$(BIN)/pytest -m browser tests/browser/dashboard/test_documentation_images.py --documentation-images docs/images

MESSAGES := $(BIN)/python -m babel.messages.frontend
messages: $(VENV)/.dev ## Bring locales/*.po up to date with the code; LANGUAGE=sv begins another language
	$(MESSAGES) -q extract -F pyproject.toml -k message -k counted_message:1,2 -k forms:1,2 --omit-header --no-location --no-wrap -o locales/messages.pot .
	for file in locales/*.po; do header=$$(sed '/^$$/q' $$file); \
	  $(MESSAGES) -q update --no-wrap --no-fuzzy-matching --ignore-obsolete --omit-header -i locales/messages.pot -l $$(basename $$file .po | tr - _) -o $$file \
	    && printf '%s\n\n' "$$header" | cat - $$file > locales/messages.new && mv locales/messages.new $$file || exit 1; done
	$(if $(LANGUAGE),$(MESSAGES) -q init --no-wrap -i locales/messages.pot -l $(subst -,_,$(LANGUAGE)) -o locales/$(LANGUAGE).po)
	rm locales/messages.pot

tools: ## Install what the tests need from Debian, or say what is missing (PARTS names some of it)
	.ci/install-tools $(PARTS)

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Keytrail needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }

# With LOCKED=no, and on Pythons that the lock was not made for, the newest versions in the ranges of pyproject.toml.
LOCKED ?= yes
install_locked = if [ $(LOCKED) = yes ] && $(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 15))'; then \
	$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements/$(1).txt && \
	$(BIN)/pip install --disable-pip-version-check --no-deps --editable .; \
	else $(BIN)/pip install --disable-pip-version-check --editable '$(2)'; fi

$(VENV)/.installed: pyproject.toml requirements/runtime.txt | $(VENV)/bin/pip
	@echo "Installing Keytrail into $(VENV) …"
	$(call install_locked,runtime,.)
	@touch $@

$(VENV)/.dev: pyproject.toml requirements/dev.txt | $(VENV)/bin/pip
	@echo "Installing Keytrail and its test tools into $(VENV) …"
	$(call install_locked,dev,.[dev])
	@touch $@ $(VENV)/.installed

COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' pyproject.toml
lock: $(VENV)/bin/pip ## Write requirements/*.txt from pyproject.toml: newest versions, with hashes
	$(BIN)/pip install --disable-pip-version-check --quiet 'uv>=0.13,<1'
	$(BIN)/$(COMPILE) --upgrade -o requirements/runtime.txt
	$(BIN)/$(COMPILE) --upgrade --extra dev -o requirements/dev.txt

node_modules/.installed: package.json package-lock.json
	.ci/install-tools javascript
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

clean: ## Remove what the other commands made, not your data
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
