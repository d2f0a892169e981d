# Two commands are enough on a fresh machine: make deck, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help deck test look bench pictures workflows constraints clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

deck: $(VENV)/deck.stamp ## build build/<slug>-<version>.apkg from notes/
	$(BIN)/deckgen build notes --out build

test: $(VENV)/test.stamp ## run all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

look: $(VENV)/test.stamp ## measure every side of every card of notes/ in a browser (slow)
	ALL_CARDS=1 $(BIN)/python -m pytest tests/test_deck.py

bench: $(VENV)/test.stamp ## measure speed and memory on 10,000 and 20,000 notes
	$(BIN)/python tests/bench/bench_build.py
	$(BIN)/python tests/bench/bench_reconcile.py

pictures: $(VENV)/test.stamp ## photograph cards for the README (needs chromium)
	$(BIN)/python tests/tools/pictures.py docs/pictures

workflows: $(VENV)/deck.stamp ## write the workflows of the deck in notes/ from those that deckgen init writes
	$(BIN)/python tests/tools/workflows.py

constraints: ## pin what is installed anew, by name, version and hash (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra figures pyproject.toml tests/build.in --output-file constraints.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra figures --extra test pyproject.toml tests/build.in --constraints constraints.txt --output-file constraints-test.txt

clean: ## remove what was built and installed
	rm -rf build $(VENV)

# The pinned packages, then this one in place; the stamps say which have been installed.
$(VENV)/deck.stamp: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement constraints.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/test.stamp: $(VENV)/deck.stamp constraints-test.txt
	$(PIP) --require-hashes --requirement constraints-test.txt
	touch $@
