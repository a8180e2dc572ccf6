# Every target sets up its own .venv from the lock files; nothing else is needed but Python and make.
PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/.stamps
SEEDS := seeds
DEMO := demo
TASKS :=

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts gate record lock schemas peers soak soak-peers wheel clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

demo: $(STAMPS)/local ## the main job: the five seed articles through the embedded model
	$(BIN)/extractor annotate $(SEEDS) --store $(DEMO)/extractor.db -o $(DEMO)/records.jsonl
	$(BIN)/extractor show --store $(DEMO)/extractor.db
	@echo "Records: $(DEMO)/records.jsonl"

test: $(STAMPS)/dev ## the offline test suite
	$(BIN)/pytest

check: lint types contracts test gate ## what CI runs: lint, types, import contracts, tests, scores

lint: $(STAMPS)/dev ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMPS)/dev ## mypy --strict
	$(BIN)/mypy

contracts: $(STAMPS)/dev ## who may import whom
	$(BIN)/lint-imports

gate: $(STAMPS)/dev ## no score of the recorded answers below its floor
	$(BIN)/extractor eval gate evals

record: $(STAMPS)/dev $(STAMPS)/local ## record the cassettes anew from the embedded model (TASKS=figures for some)
	$(BIN)/python -m tests.record $(TASKS)

schemas: $(STAMPS)/dev ## write the JSON Schemas of output and gold into docs/
	$(BIN)/python -m tests.schemas

peers: $(STAMPS)/dev $(STAMPS)/local ## compare with two other tools (hours; stop it and go on at will)
	$(BIN)/python -m evals.comparisons.peers

soak: $(STAMPS)/dev ## bulk annotation through faults, kills and mutated replies; its memory (hours)
	$(BIN)/python -m tests.soak faults
	$(BIN)/python -m tests.soak mutations
	$(BIN)/python -m tests.soak kill
	$(BIN)/python -m tests.soak memory

soak-peers: $(STAMPS)/dev ## CPU per document beside four other tools (half an hour)
	$(BIN)/python -m tests.soak peers

lock: $(STAMPS)/dev ## resolve the dependencies anew, with hashes
	$(BIN)/pip install -q uv
	sh requirements/lock.sh $(BIN)/uv

wheel: $(STAMPS)/dev ## build the wheel into dist/
	$(BIN)/pip wheel -q --no-deps --no-build-isolation -w dist .

clean: ## remove what the targets made
	rm -rf .venv dist $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(STAMPS)/base: requirements/base.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/local: requirements/local.txt $(STAMPS)/base
	$(BIN)/python -m pip install -q --require-hashes -r requirements/local.txt
	@touch $@
