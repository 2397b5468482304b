# Everything a developer or a new user calls. `make demo` and `make test` are all the set-up there is.
PYTHON ?= $(shell for v in python3.11 python3.12 python3.13 python3.14 python3; do command -v $$v >/dev/null 2>&1 && $$v -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$v && break; done)
BIN := .venv/bin

# Tests start hundreds of processes: compiled modules are kept even where the environment says not to. They are compiled when
# they are first imported, which most of what is installed never is.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test check compiled coverage bench docs site dist lock clean

setup: .venv/.ready

.venv/.ready: requirements/dev.txt pyproject.toml packages/gnomon/pyproject.toml
	@test -n "$(PYTHON)" || { echo "xisuan needs Python 3.11 or newer: install it, or call make PYTHON=/path/to/python3"; exit 1; }
	@echo "Installing what xisuan needs into .venv, once: some minutes"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e packages/gnomon -e .
	@touch $@

demo: setup  ## a small certified plan in seconds, then Guizhou end to end; the report is runs/guizhou/report.html
	$(BIN)/xisuan demo --out runs/guizhou

check: setup  ## style, types, import rules, words, lengths
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.prose
	$(BIN)/python -m tools.sizes

test: setup  ## everything that must hold; the event core and the structured solver are compiled beside the checks, which use one core
	$(MAKE) --jobs 2 check compiled
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

coverage: setup  ## the tests with coverage; fails below the floor of pyproject.toml. Compiled kernels are not measured
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

compiled: setup
	$(BIN)/python -m tools.compiled

bench: setup  ## what takes long: the tests of many seeds and large networks, then the measured claims, each beside its peer
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -m long
	$(BIN)/python -m benchmarks

docs: setup  ## write the generated reference pages
	$(BIN)/python -m tools.reference

site: .venv-site/.ready  ## build the documentation site into site/, with warnings as errors and all links checked
	.venv-site/bin/python -m tools.site

.venv-site/.ready: pyproject.toml
	$(PYTHON) -m venv .venv-site
	.venv-site/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["site"], sep="\n")' > .venv-site/requirements.txt
	.venv-site/bin/python -m pip install --quiet --disable-pip-version-check -r .venv-site/requirements.txt
	@touch $@

dist: setup  ## build and check wheels and source distributions of both packages, and try them in an empty environment
	$(BIN)/python -m tools.dist

lock:  ## renew the pinned, hashed requirements (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-emit-package gnomon -q -o requirements/dev.txt

clean:
	rm -rf .venv .venv-site runs dist site
