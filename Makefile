# Everything a newcomer needs: `make run` serves the product, `make test` tests it.
.DEFAULT_GOAL := help
.PHONY: help run test quick prove mutants bench check format lint types contracts spelling setup lock build release deploy openapi smoke screenshots

PORT ?= 3000
PYTHON := .venv/bin/python
SOURCES := bench blueprint functions layers leak-kit local tests tools
export SAM_CLI_TELEMETRY := 0
# An option for a switch that is on, as RESET=1 is and RESET=0 is not, or for one that is off.
on = $(if $(filter-out 0 no false,$(1)),$(2))
off = $(if $(filter-out 0 no false,$(1)),,$(2))

help: ## List these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: setup ## Serve the whole product on http://localhost:3000 (PORT=, RESET=1)
	@exec $(PYTHON) -m local --port $(PORT) $(call on,$(RESET),--reset)

test: setup ## Run all tests
	@$(PYTHON) -m tests

quick: format lint types contracts ## What can be said within a minute: no test starts a process
	@HYPOTHESIS_PROFILE=quick $(PYTHON) -m pytest -q -n logical --dist loadfile --durations=0 \
		--durations-min=2 tests/unit

prove: setup ## Run the long tests too: more examples, more load
	@$(PYTHON) -m tests --prove

mutants: setup ## Change the layer a little, thousands of times: do tests notice? (ARGS=keys.token)
	@$(PYTHON) -m tools.dev.mutants $(ARGS)

bench: setup ## Measure the authorizer against boto3, as ratios (ARGS=--quick)
	@$(PYTHON) -m bench $(ARGS)

check: format lint types contracts spelling ## Formatter, linter, types, import contracts, template, documents
	@$(PYTHON) -m local.check
	@$(PYTHON) -m tools.dev.lint_template
	@$(PYTHON) -m tools.openapi --check
	@$(PYTHON) -m tools.compatibility

format: setup ## Name what is not formatted (FIX=1 formats it)
	@$(PYTHON) -m ruff format $(call off,$(FIX),--check) $(SOURCES)

lint: setup ## Run the linter (FIX=1 mends what it can)
	@$(PYTHON) -m ruff check $(call on,$(FIX),--fix) $(SOURCES)

types: setup ## Check the types
	@$(PYTHON) -m mypy

contracts: setup ## Check what may import what
	@$(PYTHON) .venv/bin/lint-imports --no-logo

spelling: setup ## Look for slips of the pen
	@git ls-files -z | xargs -0 $(PYTHON) .venv/bin/codespell

setup: .venv/ready dashboard/vendor/ready ## Make .venv and .venv-sam, fetch the page's scripts

.venv/ready: tools/dev/setup.sh $(wildcard requirements/*.txt)
	@tools/dev/setup.sh
	@touch $@

# Left undone without npm: then it is tried, and said, again.
dashboard/vendor/ready: tools/dev/vendor.py | .venv/ready
	@$(PYTHON) -m tools.dev.vendor

lock: .venv/ready ## Rewrite the hashed requirement files from pyproject.toml
	@tools/dev/lock.sh

build: setup ## Build what is deployed, with SAM, into .aws-sam
	@$(PYTHON) -m tools.release.build

release: setup ## Give what is unreleased its number, before it is committed and tagged (VERSION=)
	@$(PYTHON) -m tools.release.number '$(VERSION)'

deploy: setup ## Build and deploy stack and page of an environment of samconfig.toml (ENV=, DIRTY=1)
	@$(PYTHON) -m tools.release.deploy '$(ENV)' $(call on,$(DIRTY),--dirty)

openapi: setup ## Rewrite the public OpenAPI document from the handlers
	@$(PYTHON) -m tools.openapi

smoke: setup ## Send the gateway rows to a deployed stack (URL=, DASHBOARD_URL=, ORIGIN=; SMOKE_API_KEY)
	@SMOKE_URL='$(URL)' SMOKE_DASHBOARD_URL='$(DASHBOARD_URL)' SMOKE_ORIGIN='$(ORIGIN)' \
		$(PYTHON) -m tests.integration.gateway.smoke

screenshots: setup ## Rewrite docs/screenshots from the page, in Chromium
	@$(PYTHON) -m tests.e2e.browser.screenshots
