# Everything is set up in .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN := .venv/bin
NOTICE ?= examples/qinghe-2025.txt
OUT ?= demo-out

.PHONY: help venv demo test conversations check format bench lock clean

help:            ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.core: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.core requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

venv: .venv/.core ## set up .venv with what the service needs

demo: .venv/.core ## rehearse the example notice: a whole plan year, written into demo-out/
	@$(BIN)/duban rehearse $(NOTICE) --out $(OUT)

test: .venv/.dev ## set everything up and run all the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

conversations: .venv/.dev ## write docs/conversations.md anew from the tests that play the conversations
	@$(BIN)/python -m tests.conversations.write

check: .venv/.dev ## style, types, direction of imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@! grep -nE '://|index-url|find-links' requirements.txt requirements-dev.txt

format: .venv/.dev ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/.dev ## print the benchmarks as ratios (minutes)
	@for each in startup reading formats replies sending looking burden; do $(BIN)/python -m benchmarks.$$each; done

lock:            ## write the hashed lock files anew (needs uv)
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --upgrade -q -o requirements.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links -c requirements.txt -q -o requirements-dev.txt

clean:           ## remove what the targets made
	rm -rf .venv demo-out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
