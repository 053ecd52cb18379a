# Every target sets up what it needs: a virtual environment in .venv, the pinned packages, this project. Nothing is downloaded later.
#   make demo      the record of 24 sample reports, as a table
#   make test      the tests           make lint     style, types, import floors      make check   both
#   make measure   scores against gold, with the floors that may not be broken
#   make bench     speed and memory beside their peers and limits, in twelve minutes, after `make compiled`; PAGES=FOLDER gives real pages for the stream
#   make docs      write the generated pages anew, and the documentation as a site in site/
#   make wheel     build the package       make compiled   build it for this machine, what reads reports compiled to C: needs a C compiler
#   make lock      resolve the pinned packages anew        make clean   remove all that was made here

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
BIN := .venv/bin
READY := .venv/ready
COMPILED := build/compiled/ready
DEMO := demo.db
SAMPLES := gold/dev
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint check measure bench docs wheel compiled lock clean
.DEFAULT_GOAL := demo

demo: $(READY)
	@rm -f $(DEMO) $(DEMO)-* $(DEMO).accounts
	@$(BIN)/onrecord add $(DEMO) $(SAMPLES)
	@$(BIN)/onrecord register $(DEMO)
	@echo
	@echo "What next? First: . .venv/bin/activate"
	@echo "  onrecord serve $(DEMO)                        the pages, at http://127.0.0.1:8000/"
	@echo "  onrecord show $(DEMO) DEAL                    the words behind one deal (DEAL: start of its id)"
	@echo "  onrecord statements $(DEMO) --about S-400     who is on record with what"
	@echo "  onrecord search $(DEMO) sanctions             full text"
	@echo "  onrecord register $(DEMO) --as-of 2019-12-31  what could be known on that day"
	@echo "  onrecord add my.db FOLDER                     your own reports: .txt .html .json .jsonl"

test: $(READY)
	@$(BIN)/python -m pytest

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

check: lint test

measure: $(READY)
	@$(BIN)/onrecord measure gold/dev gold/train gold/unseen --gate

# What is measured is the compiled package, as a user of it would install it, where it can be compiled.
bench: $(READY)
	@if command -v $${CC:-cc} >/dev/null; then $(MAKE) --no-print-directory $(COMPILED); else echo "No C compiler here: what is measured is plain Python."; fi
	@PYTHONPATH=$(dir $(COMPILED)) $(BIN)/python bench/all.py $(PAGES)

docs: $(READY)
	@$(BIN)/python docs/generate.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "The documentation: site/index.html opens in any browser, from the folder too."

wheel: $(READY)
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

compiled: $(COMPILED)
	@ls build/wheel/*.whl

# The wheel is also unpacked beside it, so that the benches and a test can run it without installing it.
$(COMPILED): $(READY) setup.py $(shell find src/onrecord -type f -not -name '*.pyc')
	@command -v $${CC:-cc} >/dev/null || { echo "make compiled needs a C compiler, and none was found here; on Debian and Ubuntu: apt install gcc"; exit 1; }
	@echo "Compiling what reads reports. This takes some five minutes, and is done anew when its sources change."
	@rm -rf build
	@ONRECORD_COMPILED=1 $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir build/wheel .
	@$(BIN)/python -m pip install -qq --no-deps --no-index --target $(dir $(COMPILED)) build/wheel/*.whl
	@touch $@

# The stamp is touched last, so a set-up that was cut short is taken up again.
$(READY): requirements.lock pyproject.toml models/en/pyproject.toml
	@test -n "$(PYTHON)" || { echo "onrecord needs Python 3.11 or newer, and none was found here. Install one, or say where it is: make demo PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "onrecord needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Say where a newer one is: make demo PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up .venv: pinned packages and the English model. This is done once and takes a minute or two."
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -qq --no-input --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-input --no-deps --no-build-isolation --editable . --editable models/en
	@touch $@

# One lock for every platform and Python, each file pinned by its hash; uv is needed for this target alone.
lock:
	uv pip compile pyproject.toml --extra dev --extra docs --extra en --extra web --extra exports --extra postgres --universal --python-version 3.11 --generate-hashes --no-annotate --no-config \
		--custom-compile-command "make lock" --output-file requirements.lock --quiet

clean:
	rm -rf .venv build dist site $(DEMO) $(DEMO)-* $(DEMO).accounts .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
