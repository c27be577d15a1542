# Every command of a contributor. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help install demo run dev test test-long test-pg15 office lint types bench shots words pins clean
PORT ?= 8000
SIZE ?= small
BIN := .venv/bin

help:        ## Say what there is.
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

install:     ## Make .venv with the command .venv/bin/regulars, and fetch browser assets.
	@scripts/install

demo: install  ## Start a shop with 5,000 invented customers and print a link into it (PORT=8000).
	@$(BIN)/regulars up --demo --port $(PORT)

run: install   ## Start Regulars as you left it (PORT=8000).
	@$(BIN)/regulars up --port $(PORT)

dev:         ## Install what the tests need.
	@scripts/install --dev

test: dev    ## Check style, types, floors and behaviour, also in a browser.
	@scripts/test

test-long: dev ## Let Hypothesis try ten times as many examples on the database as `make test`.
	@REGULARS_EXAMPLES=10 $(BIN)/pytest -n 2 $$(grep -rlE --include='test_*.py' 'import examples' tests)

test-pg15: dev ## Run the tests closest to the database on PostgreSQL 15.
	@scripts/with-postgres 15 $(BIN)/pytest -n 2 tests/shops tests/customers tests/orders

office: dev  ## Open exported files with LibreOffice, which must find no formula (installs it when root).
	@scripts/office

lint: dev    ## Check style and floors, and mend what can be mended.
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(BIN)/lint-imports

types: dev   ## Check types.
	@scripts/types

bench: install ## Measure everything on generated data (SIZE=small or 1m).
	@$(BIN)/python -m bench --size $(SIZE)

shots: dev   ## Take the screenshots of the README from the running demo.
	@$(BIN)/python scripts/shots.py

words: dev   ## Collect the words of the pages for the other languages.
	@$(BIN)/python scripts/words.py

pins: dev    ## Renew requirements*.txt from pyproject.toml.
	@scripts/pins

clean:       ## Remove the environment and everything that was built.
	@rm -rf .venv node_modules regulars/web/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
