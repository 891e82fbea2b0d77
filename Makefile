# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
TEST_STAMP := $(VENV)/.test-installed

.PHONY: walks help setup run demo test lint format corpus fuzz bench faults proofs screenshots clean

help: ## what can be done here
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(RUN_STAMP) ## make .venv and install what the town hall runs on

$(RUN_STAMP): requirements/run.txt pyproject.toml scripts/setup.py
	@$(PYTHON) scripts/setup.py run

$(TEST_STAMP): requirements/test.txt pyproject.toml scripts/setup.py scripts/debian-packages.sh
	@$(PYTHON) scripts/setup.py test

run: $(RUN_STAMP) ## the whole town hall on embedded defaults; Ctrl-C stops it
	@$(BIN)/yakuba run

demo: $(RUN_STAMP) ## the main job in the terminal, against the running town hall
	@$(BIN)/yakuba demo play

test: $(TEST_STAMP) ## set up and pass everything
	@$(BIN)/python scripts/check.py

lint: $(TEST_STAMP) ## formatting, types, import contracts
	@$(BIN)/python scripts/check.py --lint-only

format: $(TEST_STAMP) ## let the tools format the code
	@$(BIN)/ruff check -q --fix . && $(BIN)/ruff format -q .

corpus: $(TEST_STAMP) ## every hostile file of the corpus through the sanitiser, Word and Excel included
	@YAKUBA_CORPUS=all PYTHONPATH=src $(BIN)/python -m pytest -n 0 -q tests/gateway/test_corpus.py

fuzz: $(TEST_STAMP) ## ten minutes of damaged files through the sanitiser; SEED=7 makes the same again
	@PYTHONPATH=src $(BIN)/python -m tests.gateway.fuzz --seconds 600 $(if $(SEED),--seed $(SEED))

bench: $(TEST_STAMP) ## benchmarks beside something real, in one run
	@$(BIN)/python -m benchmarks

proofs: $(TEST_STAMP) ## the long proofs whole, of which `make test` takes a sample
	@YAKUBA_PROOFS=1 PYTHONPATH=src $(BIN)/python -m pytest -n 0 -q tests/card/test_differential.py tests/procedures/test_engine_and_schema.py tests/portal/browser/test_every_page.py

audit: $(RUN_STAMP) ## are holes known in the libraries the town hall runs on (needs a network)
	@$(BIN)/python scripts/audit.py

faults: $(TEST_STAMP) ## everything is killed, cut, filled and spoiled, with seeds, and counted (root; over an hour); writes docs/faults.md
	@$(BIN)/python -m benchmarks.faults --write

clean: ## remove what setup and runs have made (keeps nothing of the demo town)
	rm -rf $(VENV) var

screenshots: $(TEST_STAMP) ## pictures of every page of the portal, from the browser tests, into test-results/
	@YAKUBA_SCREENSHOTS=test-results PYTHONPATH=src $(BIN)/python -m pytest -n 0 -q tests/portal/browser/test_every_page.py

walks: $(TEST_STAMP) ## every example of every procedure walked through: browser, desk, notice; their pictures into docs/walks/
	@YAKUBA_WALKS=all YAKUBA_SCREENSHOTS=test-results PYTHONPATH=src $(BIN)/python -m pytest -n 2 --dist load -q tests/walks
	@PYTHONPATH=src $(BIN)/python -m scripts.write_walks_page
