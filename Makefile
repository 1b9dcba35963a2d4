# Needs Python >= 3.11, make and a C library; nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test market faults schedulers fortnight check bench performance quality tables examples \
  clean

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "procmatch needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[all]" --group dev
	@touch $@

# The main job on the bundled sample world: crawl, link, match, write letters.
demo: $(STAMP)
	$(BIN)/procmatch demo

# Every test that this machine can run; says at the end what was left out and why.
test: $(STAMP)
	$(BIN)/python -m pytest

# 12,000 generated notices through every trap of the sources; `make test` takes 2,500.
market: $(STAMP)
	PROCMATCH_TEST_MARKET=12000 $(BIN)/python -m pytest -s --durations=0 tests/e2e/test_three_years.py

# 200 senders killed on each database, while the mail server fails in every way; `make test` kills 12.
faults: $(STAMP)
	PROCMATCH_TEST_KILLS=200 $(BIN)/python -m pytest -s tests/e2e/test_killed_sender.py

# Schedulers as real processes, killed and stopped; some minutes.
schedulers: $(STAMP)
	PROCMATCH_TEST_SCHEDULERS=1 $(BIN)/python -m pytest -v --durations=0 tests/jobs/test_schedulers.py
# Two schedulers through a fortnight on a clock that jumps; some minutes.
fortnight: $(STAMP)
	PROCMATCH_TEST_FORTNIGHT=14 $(BIN)/python -m pytest -s --durations=0 tests/e2e/test_fortnight.py

# Format, lint, types, import floors.
check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Timings against a peer, as ratios; never part of the tests.
bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

# docs/performance*.md: 1.1 million units and all peers; some forty minutes on a quiet machine.
performance: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	$(BIN)/python benchmarks/bench_linkage.py --full --report docs/performance.md
	$(BIN)/python benchmarks/bench_matching.py --full --report docs/performance-matching.md

# docs/quality.md and quality-matching.md, from a folder of labelled data: make quality DATA=path/to/eval
DATA ?= data/eval
PAIRS := training/linkage/hard_pairs
MATCHING_PAIRS := training/matching/pairs
quality: $(STAMP)
	$(BIN)/procmatch evaluate linkage --data "$(DATA)" --report docs/quality.md \
	  $(if $(wildcard $(PAIRS)),--pairs $(PAIRS))
	$(BIN)/procmatch evaluate matching --data "$(DATA)" --report docs/quality-matching.md \
	  $(if $(wildcard $(MATCHING_PAIRS)),--pairs $(MATCHING_PAIRS))
	$(if $(wildcard $(DATA)/../suppliers),$(BIN)/python -m training.matching.judged.measure \
	  --data "$(DATA)/.." --report docs/quality-matching.md)

# Compiled translation catalogues, committed; a test says when they are stale.
tables: $(STAMP)
	for domain in matching alerts web insight; do \
	  $(BIN)/pybabel compile --domain $$domain --directory procmatch/text/locale; \
	done

# What pages of the docs show of the program: answers of commands and tables of the code.
examples: $(STAMP)
	PROCMATCH_WRITE_DOCS=1 $(BIN)/python -m pytest -q tests/matching/test_example_page.py \
	  tests/matching/test_docs.py tests/codes/test_evidence_kinds.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
