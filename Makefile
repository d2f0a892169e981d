# On a new machine, `make deck` and `make test` install everything that they need.

PYTHON ?= python3
# The versions of `make matrix`. With MATRIX=--one it may use only one of them.
PYTHONS ?= python3.11 python3.12 python3.13
VENV := .venv
BIN := $(VENV)/bin
INSTALL := -m pip install --quiet --disable-pip-version-check
PIP := $(BIN)/python $(INSTALL)
# Older engines of Anki, each pinned in its own file, and the tests that run with them.
ENGINES := $(patsubst tests/engines/%.txt,%,$(wildcard tests/engines/*.txt))
ENGINE_TESTS := $(addprefix tests/test_,import.py edits_import.py untouched.py occlusion.py verify.py verify_ankiconnect.py push.py package_read.py release.py)
# What `make fuzz` runs, and for how many seconds each.
FUZZ_TARGETS ?= scanner front_matter lock collection media_map html
FUZZ_SECONDS ?= 600
# The tests that read case files.
CASES := $(shell grep -l case_files tests/test_*.py tests/*/test_*.py)
# The packages whose branches are measured, and the least share of branches that tests must take, in percent.
COVERED := parse identity render package
COVERAGE := 90
COVERING := $(wildcard $(addprefix tests/,test_parse.py test_identity*.py test_render*.py test_reconcile.py test_lock_*.py test_lost.py test_package_*.py \
	test_cli.py test_failures.py test_cards.py test_lint.py test_deck_description.py test_occlusion.py test_dialects.py test_dialects_any_text.py \
	test_tool_dialects.py test_check_files.py test_diagrams.py test_fetch_media.py test_front_matter_lines.py test_init_dialects.py test_left_out.py \
	test_list_nesting.py test_metadata.py test_nested_input.py test_note_texts.py test_own_types*.py test_tags_shown.py test_translations_of_a_deck.py \
	test_unreadable.py test_unsafe_html.py test_vault*.py math/test_math_cases.py math/test_math_mathml.py figures/test_figures_notes.py))

# Some machines forbid compiled modules. The tests start hundreds of processes, and each would compile deckgen again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help deck test lint cases coverage proofs fuzz look check-figures matrix bench engines pictures console problems reference site axe workflows constraints dist clean desktop compare

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

deck: $(VENV)/deck.stamp ## build the Chinese deck of notes/ and the English one of notes/en/
	$(BIN)/deckgen build notes --out build
	$(BIN)/deckgen build notes/en --out build

test: $(VENV)/test.stamp ## run all tests
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

lint: $(VENV)/test.stamp ## check format, style and types of the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

cases: $(VENV)/test.stamp ## write the results into the case files, and show the difference
	-$(BIN)/python -m pytest -n 0 -q --update-cases $(CASES)
	git diff --stat -- tests
	git diff -- tests

coverage: $(VENV)/test.stamp ## measure the branches that the tests take in parse, identity, render and package
	$(BIN)/python -m pytest -n 0 -q $(patsubst %,--cov=deckgen.%,$(COVERED)) --cov-branch --cov-report= $(COVERING)
	$(BIN)/coverage report --show-missing --skip-covered
	$(BIN)/python tests/tools/branches.py $(COVERAGE) $(COVERED)

proofs: $(VENV)/test.stamp ## run the exhaustive tests: all moments, all figures, all pairs (slow)
	$(BIN)/python -m pytest -m proof --numprocesses auto --dist worksteal

fuzz: $(VENV)-fuzz/fuzz.stamp ## fuzz the readers of notes, locks and packages with atheris, each for FUZZ_SECONDS (slow; needs Python 3.11 to 3.13)
	mkdir -p build/fuzz
	@failed=; for target in $(FUZZ_TARGETS); do echo "== $$target"; (cd build/fuzz && ../../$(VENV)-fuzz/bin/python ../../tests/fuzz/fuzz.py $$target $(FUZZ_SECONDS)) || failed="$$failed $$target"; done; \
	test -z "$$failed" || { echo "findings in build/fuzz of:$$failed"; exit 1; }

look: $(VENV)/test.stamp ## measure every side of every card of both decks in a browser (slow)
	ALL_CARDS=1 $(BIN)/python -m pytest tests/deck/test_deck.py

check-figures: $(VENV)/deck.stamp ## compute all figures of both decks again and compare them with their frozen pictures
	$(BIN)/deckgen figures notes --check
	$(BIN)/deckgen figures notes/en --check

matrix: ## build notes/ in several environments and compare the bytes (slow)
	$(PYTHON) tests/tools/matrix.py $(MATRIX) $(PYTHONS)

bench: $(VENV)/test.stamp ## measure speed and memory, as ratios to Python-Markdown and other tools, into tests/bench/RESULTS.md
	$(BIN)/python tests/bench/bench_ratios.py
	$(BIN)/python tests/bench/bench_peers.py
	$(BIN)/python tests/bench/bench_package.py
	$(BIN)/python tests/bench/bench_growth.py
	$(BIN)/python tests/bench/bench_long_inputs.py
	$(BIN)/python tests/bench/bench_sizes.py
	$(BIN)/python tests/bench/bench_build.py
	$(BIN)/python tests/bench/bench_reconcile.py
	$(BIN)/python tests/bench/bench_preview.py
	$(BIN)/python tests/bench/bench_import.py
	$(BIN)/python tests/edits.py

engines: $(ENGINES:%=$(VENV)-%/test.stamp) ## run the tests of Anki's engine with older engines (slow)
	@failed=; for engine in $(ENGINES); do echo "== anki $$engine"; $(VENV)-$$engine/bin/python -m pytest -p no:cacheprovider $(ENGINE_TESTS) || failed="$$failed $$engine"; done; \
	test -z "$$failed" || { echo "failed with the engines:$$failed"; exit 1; }

desktop: $(VENV)-desktop/desktop.stamp $(VENV)-server/server.stamp $(VENV)/test.stamp ## run the tests in Anki's desktop program (ANKICONNECT_ADDON: the add-on's source)
	$(BIN)/python -m pytest -n 0 tests/desktop

pictures: $(VENV)/test.stamp ## take screenshots of cards for the README (needs Chromium)
	$(BIN)/python tests/tools/pictures.py docs/pictures

console: $(VENV)/test.stamp ## write the present output of commands into docs/
	$(BIN)/python tests/tools/console.py

problems: $(VENV)/deck.stamp ## write docs/problems.md from the table of problem codes
	$(BIN)/python tests/tools/problems.py

reference: $(VENV)/deck.stamp ## write docs/reference/ from the code
	$(BIN)/python tests/tools/reference.py

site: $(VENV)/dist.stamp $(VENV)/test.stamp ## build the documentation in site/, with a gallery of all cards, and check its links
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	$(BIN)/deckgen preview notes/en --no-exec --out site/gallery
	$(BIN)/python tests/tools/check_site.py site

axe: site ## check every page of the documentation with axe-core, in light and dark colours (slow, needs Chromium)
	$(BIN)/python tests/tools/axe_site.py site

compare: $(VENV)/test.stamp $(VENV)-desktop/desktop.stamp ## compare deckgen with other tools, in Anki's engine and desktop program (slow, needs the registries; ANKICONNECT_ADDON)
	DECKGEN_DESKTOP=$(VENV)-desktop/bin/python $(BIN)/python tests/compare/compare.py
	$(BIN)/python tests/compare/page.py

workflows: $(VENV)/deck.stamp ## write the workflows of both decks from the templates of deckgen init
	$(BIN)/python tests/tools/workflows.py

constraints: ## pin all libraries again, by name, version and hash (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra figures pyproject.toml tests/build.in --output-file constraints.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra figures --extra test --extra lint pyproject.toml tests/build.in --constraints constraints.txt --output-file constraints-test.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate tests/dist.in tests/docs.in --constraints constraints-test.txt --output-file constraints-dist.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate tests/matrix/requirements.in --output-file tests/matrix/requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 tests/desktop/requirements.in --output-file tests/desktop/requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.12 tests/desktop/server.in --output-file tests/desktop/server.txt
	for engine in $(ENGINES); do echo anki==$$engine | uv pip compile --quiet --universal --no-deps --generate-hashes --no-header --no-annotate - --output-file tests/engines/$$engine.txt; done

dist: $(VENV)/dist.stamp ## build the wheel, and test it in new environments outside of the repository (slow, needs the index)
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python tests/tools/try_wheel.py dist/*.whl

clean: ## remove built and installed files
	rm -rf build dist site $(VENV) $(VENV)-*

# Install the pinned libraries, then deckgen itself in place. The stamps say what is installed.
$(VENV)/deck.stamp: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement constraints.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/test.stamp: $(VENV)/deck.stamp constraints-test.txt tests/axe.txt
	$(PIP) --require-hashes --requirement constraints-test.txt
	$(PIP) --require-hashes --no-deps --requirement tests/axe.txt
	touch $@

# Anki's desktop program has an environment of its own, because it pins its libraries.
$(VENV)-desktop/desktop.stamp: tests/desktop/requirements.txt
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python $(INSTALL) --require-hashes --requirement $<
	touch $@

$(VENV)/dist.stamp: $(VENV)/deck.stamp constraints-dist.txt
	$(PIP) --require-hashes --requirement constraints-dist.txt
	touch $@

# A server of the protocol of AnkiConnect. It needs Python 3.12 or newer.
$(VENV)-server/server.stamp: tests/desktop/server.txt
	test -x $(@D)/bin/python || $(firstword $(foreach python,python3.14 python3.13 python3.12 $(PYTHON),$(shell $(python) --version >/dev/null 2>&1 && echo $(python)))) -m venv $(@D)
	$(@D)/bin/python $(INSTALL) --require-hashes --requirement $<
	touch $@

# The fuzzer has no wheels for the newest Python.
$(VENV)-fuzz/fuzz.stamp: tests/fuzz/requirements.txt constraints-test.txt pyproject.toml
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python $(INSTALL) --require-hashes --requirement constraints-test.txt
	$(@D)/bin/python $(INSTALL) --require-hashes --requirement tests/fuzz/requirements.txt
	$(@D)/bin/python $(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

# An older engine replaces the engine of the tests.
$(VENV)-%/test.stamp: tests/engines/%.txt constraints-test.txt pyproject.toml
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python $(INSTALL) --require-hashes --requirement constraints-test.txt
	$(@D)/bin/python $(INSTALL) --require-hashes --no-deps --requirement $<
	$(@D)/bin/python $(INSTALL) --no-deps --no-build-isolation --editable .
	$(@D)/bin/python -m pip check
	touch $@
