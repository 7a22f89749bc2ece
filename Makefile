# make setup | run | test | check | coverage | bench     Every target may be repeated; what is done already is not done again.
# ARGS are passed on: make run ARGS="--port 8001", make test ARGS="tests/policy -k clocks".

VENV := .venv
BIN := $(VENV)/bin
ARGS :=

.PHONY: setup run test check coverage bench
.NOTPARALLEL:

setup:
	@scripts/setup run

run: setup
	@exec $(BIN)/gatepost up $(ARGS)

test:
	@scripts/setup dev
	@scripts/test-machine
	@$(BIN)/pytest -n 2 --dist loadgroup $(if $(ARGS),$(ARGS),--ignore=tests/browser)
	@$(if $(ARGS),true,$(BIN)/pytest tests/browser -n 2 --dist loadfile)    # a file is a journey through one desk

check:
	@scripts/setup dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -q tests/rules -p no:cacheprovider

# Every branch of the policy engine, by its own tests alone, as plain Python. Fails below the figure in tests/policy/coverage.toml.
coverage:
	@scripts/setup dev
	@GATEPOST_PLAIN=1 $(BIN)/pytest tests/policy -q -n 2 --cov --cov-config=tests/policy/coverage.toml --cov-report=term-missing:skip-covered

# Each file is a benchmark, except helpers, whose names begin with fill_ or an underscore.
bench:
	@scripts/setup dev
	@for file in benchmarks/*.py; do name=$$(basename "$$file" .py); \
	    case $$name in _* | fill_*) continue ;; esac; \
	    echo "== $$name"; $(BIN)/python -m "benchmarks.$$name" || exit 1; done
