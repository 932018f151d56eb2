# Every way into the project. The first call of each sets up what it needs; stamp files under
# .venv/.made make the next call ready in seconds. `make` alone lists the targets.

VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/.made
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes
PYTEST := $(BIN)/python -m pytest
# Two cores are the smallest machine we plan for; `make test WORKERS=8` uses more.
WORKERS := 2
SPREAD = -n $(WORKERS) --dist worksteal

# What turns npm's packages into webapp/static/vendor/, and what it reads.
VENDOR_FILES := package.json package-lock.json webapp/vendoring.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

# --- Using it -----------------------------------------------------------------------------------

.PHONY: run
run: $(MADE)/package $(MADE)/vendor ## Set up what is missing and serve the demo on this machine
	@exec $(BIN)/jiannuo demo

.PHONY: cluster
cluster: setup-test ## Two web nodes, two workers and PostgreSQL on this machine, with demo data
	@exec $(BIN)/python -m tools.cluster

.PHONY: migrate
migrate: $(MADE)/package ## Bring the database up to date
	@$(BIN)/jiannuo migrate

# --- Working on it ------------------------------------------------------------------------------

.PHONY: check
check: setup-test ## The fast gate, under a minute: format, lint, types, contracts, unit tests
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint unit

# In one process: five thousand short tests are collected once, while lint has another core.
.PHONY: unit
unit: setup-test
	@$(PYTEST) -q -m "not long and not thorough" tests/contracts tests/unit

.PHONY: test
test: setup-test lint chromium ## Every test but the long ones, headless Chromium included
	@JIANNUO_CHROMIUM="$$(tools/chromium.sh)" $(PYTEST) $(SPREAD) -m "not long"
	@$(BIN)/python -m tests.acceptance.reached

.PHONY: test-long
test-long: setup-test chromium ## The tests that take minutes each
	@JIANNUO_CHROMIUM="$$(tools/chromium.sh)" $(PYTEST) $(SPREAD) -m long --timeout 3600

.PHONY: screenshots
screenshots: setup-test chromium ## Write every page in both languages and widths to var/screenshots
	@JIANNUO_CHROMIUM="$$(tools/chromium.sh)" JIANNUO_SCREENSHOTS=var/screenshots \
		$(PYTEST) $(SPREAD) -m screenshots
	@echo "The pictures are in var/screenshots."

# How much the benchmarks do; empty means each one's own default (docs/benchmarks.md).
CASES :=
WARM_UP :=
SCALE :=
TIMERS :=

.PHONY: bench
bench: setup-test ## The product against its plain baseline (CASES=120)
	@$(BIN)/python -m benchmarks $(if $(CASES),--cases $(CASES))

.PHONY: bench-scale
bench-scale: setup-test ## Millions of open cases and waiting timers, for an hour (SCALE=full or small)
	@$(BIN)/python -m benchmarks.at_scale $(if $(SCALE),--scale $(SCALE))

.PHONY: bench-due
bench-due: setup-test ## Ten thousand timers due at once, and what a person then waits (TIMERS=10000)
	@$(BIN)/python -m benchmarks.due_at_once $(if $(TIMERS),--timers $(TIMERS))

.PHONY: bench-office
bench-office: setup-test ## Months of an office: what a case costs (CASES=400 DAYS=180 OFFICE=city)
	@$(BIN)/python -m benchmarks.months $(if $(CASES),--cases $(CASES)) \
		$(if $(DAYS),--days $(DAYS)) $(if $(OFFICE),--office $(OFFICE))

.PHONY: bench-peers
bench-peers: $(MADE)/test $(MADE)/package ## The benchmark's process on the product and four peers (CASES=100 WARM_UP=100)
	@$(BIN)/python -m benchmarks.peers \
		$(if $(CASES),--cases $(CASES)) $(if $(WARM_UP),--warm-up $(WARM_UP))

.PHONY: lint
lint: $(MADE)/test $(MADE)/package
	@$(BIN)/ruff format --check --quiet . || { echo "Type: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet . || { echo "Type: make format (it mends what it can)" >&2; exit 1; }
	@$(BIN)/mypy & types=$$!; $(BIN)/jiannuo lint; laws=$$?; wait $$types && exit $$laws

.PHONY: format
format: $(MADE)/test ## Bring the code into shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: revision
revision: $(MADE)/test $(MADE)/package ## Write a migration from the models: make revision NAME="what changes"
	@test -n "$(NAME)" || { echo 'Type: make revision NAME="what changes"' >&2; exit 1; }
	@$(BIN)/python -m tools.revision "$(NAME)"

.PHONY: requirements
requirements: ## Pin requirements/*.in again (FLAGS=--upgrade takes the newest)
	@tools/requirements.sh $(FLAGS)

.PHONY: clean
clean: ## Remove what set-up and tests made; the data under var/ stays
	rm -rf $(VENV) node_modules webapp/static/vendor .cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Setting up ---------------------------------------------------------------------------------

.PHONY: setup-test
setup-test: $(MADE)/test $(MADE)/package $(MADE)/vendor

.PHONY: chromium
chromium:
	@tools/chromium.sh >/dev/null

$(MADE)/venv:
	@python=$$(tools/python.sh) && echo "Making $(VENV) with $$python" && \
		"$$python" -m venv --clear $(VENV)
	@mkdir -p $(MADE) && touch $@

$(MADE)/run: requirements/run.txt requirements/build.txt | $(MADE)/venv
	@echo "Installing what Jiannuo runs on (a minute or two the first time)"
	@$(PIP) -r requirements/build.txt -r requirements/run.txt
	@touch $@

$(MADE)/test: requirements/test.txt $(MADE)/run
	@echo "Installing what the tests need"
	@$(PIP) -r requirements/test.txt
	@touch $@

# --require-hashes is for files of requirements; this is the folder we stand in.
$(MADE)/package: pyproject.toml $(MADE)/run
	@$(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet \
		--no-deps --no-build-isolation --editable .
	@touch $@

$(MADE)/vendor: $(VENDOR_FILES) $(MADE)/run
	@tools/node.sh
	@echo "Fetching the pages' scripts and fonts"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(BIN)/python -m webapp.vendoring
	@touch $@
