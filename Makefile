# The front door. `make help` tells what there is.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
HERENOW := $(BIN)/python -m herenow
UV_VERSION := 0.9
MINIMUM_COVERAGE := 95
CLIENTS := tests/clients/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install demo serve test test-all lint bench eval conformance openapi schemas lock clean

help: ## Tell what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

install: $(VENV)/.dev ## Make .venv with everything that developing needs, at locked versions

demo: $(VENV)/.runtime ## See a phone's first launch and serve until Ctrl-C; ONCE=1 stops after the launch
	@$(HERENOW) demo $(if $(ONCE),--once)

serve: $(VENV)/.runtime ## Serve on http://127.0.0.1:8080; data in .herenow
	@$(HERENOW) serve

test: lint ## Lint, types, import rules, drift of generated files, fast tests
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist worksteal -q --hypothesis-profile=fast

test-all: $(VENV)/.dev $(CLIENTS) ## Everything: properties at full depth, branch coverage, servers and processes (needs node)
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist worksteal -q --hypothesis-profile=full \
		--cov --cov-report=term:skip-covered --cov-fail-under=$(MINIMUM_COVERAGE)
	$(BIN)/python -m pytest -m slow -q --hypothesis-profile=full

lint: $(VENV)/.dev ## What needs no test run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet --config pyproject.toml server/herenow sdk_contract/python/herenow_sdk
	$(BIN)/interrogate --quiet --config pyproject.toml --ignore-module tests
	$(HERENOW) schemas --check schemas
	$(HERENOW) openapi --check schemas/openapi.json

bench: $(VENV)/.dev ## Measure speed and memory over real HTTP, beside bare peers
	$(BIN)/python -m tests.benchmarks

eval: $(VENV)/.dev ## Run every evaluation; DATA=<folder> laid out like the development data
	$(BIN)/python -m tests.evaluation $(DATA)

conformance: $(VENV)/.dev ## Put the vectors to the reference and to the JavaScript example (needs node); reports in build/
	$(BIN)/python -m herenow_sdk.conformance check --tests tests
	$(BIN)/python -m herenow_sdk.conformance --report build/conformance/reference.json
	$(BIN)/python -m herenow_sdk.conformance --exec "node sdk_contract/examples/javascript/shim.mjs" \
		--report build/conformance/javascript.json

openapi: $(VENV)/.dev ## Write schemas/openapi.json
	$(HERENOW) openapi --write schemas/openapi.json

schemas: $(VENV)/.dev ## Write the JSON Schemas of config documents and beacons
	$(HERENOW) schemas --write schemas

lock: $(BIN)/python ## Resolve requirements/*.lock anew from pyproject.toml
	$(BIN)/python -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --disable-pip-version-check install --quiet 'uv>=$(UV_VERSION)'
	$(VENV)/lock/bin/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --extra build --output-file requirements/runtime.lock
	$(VENV)/lock/bin/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --extra dev --output-file requirements/dev.lock

clean: ## Remove the environment and what tools leave; data in .herenow stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*

# A Python counts when it runs and is new enough: a version manager's stand-ins exist without a Python behind.
$(BIN)/python:
	@for each in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$each" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then found="$$each"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "herenow needs Python 3.11 or newer, with venv; none was found." >&2; \
		echo "Install one, or name it:  make PYTHON=/path/to/python3.12 demo" >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version) …"; \
	"$$found" -m venv $(VENV)

# The SDKs of others that run on Node, at locked versions.
$(CLIENTS): tests/clients/package.json tests/clients/package-lock.json tests/clients/.npmrc
	@if ! node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null || ! command -v npm >/dev/null; then \
		echo "The tests of others' SDKs need Node.js 20 or newer, with npm; none was found." >&2; \
		echo "Install it, then:  make test-all" >&2; \
		exit 1; \
	fi
	@echo "Installing the SDKs of others …"
	@npm ci --prefix tests/clients --no-fund --no-audit --loglevel=error
	@touch $@

$(VENV)/.runtime: requirements/runtime.lock pyproject.toml | $(BIN)/python
	@echo "Installing herenow …"
	@$(PIP) --no-deps --require-hashes --requirement requirements/runtime.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing herenow and what developing it needs …"
	@$(PIP) --no-deps --require-hashes --requirement requirements/dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.runtime $@
