"""deckgen check shows how files are read: the dialect and why, the next one, what has no answer, and what is on no card."""

import json

import pytest
from case_files import pairs
from decks import DECK_TOML, run, write_deck

CASES = pairs("cases/check/*.md")


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_case(case):
    result = run("check", case.file.name, "--left-out", cwd=case.file.parent)
    case.agrees((result.stdout + result.stderr).splitlines())


@pytest.mark.parametrize("name", ["nothing", "too-few", "tie"])
def test_the_lines_that_are_offered_read_the_notes_that_they_promise(name, tmp_path):
    """Each of them, in the front matter and in deck.toml."""
    (case,) = (param.values[0] for param in CASES if param.values[0].file.stem == name)
    text = case.file.read_text()
    write_deck(tmp_path, {"a.md": text})
    (report,) = json.loads(run("check", "a.md", "--json", "--files", cwd=tmp_path).stdout)
    assert report["candidates"]
    for each in report["candidates"]:
        above = "---\n" if not text.startswith("---") else ""
        front = text.replace("---\n", f"---\n{each['front_matter']}\n", 1) if not above else text
        front = f"---\n{each['front_matter']}\n---\n\n{front}" if above else front
        (tmp_path / "a.md").write_text(front)
        assert len(json.loads(run("list", "a.md", "--json", cwd=tmp_path).stdout)) == each["notes"]
        write_deck(tmp_path, {"a.md": text, "deck.toml": f"{DECK_TOML}overrides = [{each['override']}]\n"})
        assert len(json.loads(run("list", "a.md", "--json", cwd=tmp_path).stdout)) == each["notes"]
        (tmp_path / "deck.toml").write_text(DECK_TOML)


def test_a_folder_has_a_line_a_file_and_problems_below(tmp_path):
    write_deck(
        tmp_path,
        {
            "a.md": "# A\n\n## What is a query?\n\nA vector.\n\n## What is a key?\n",
            "长名.md": "Words.\n",
            "deep/c.md": "## What is deep?\n\nThis.\n",
        },
    )
    result = run("check", ".", "--left-out", cwd=tmp_path)
    assert result.stdout.splitlines() == [
        "file       dialect  notes  no answer  left out  why",
        "a.md       heading      1          1         1  2 headings of level 2 that ask",
        "deep/c.md  heading      1                       1 heading of level 2 that asks",
        "长名.md    none         0                    1",
        "3 files, 2 notes; 1 file without notes",
        "a.md:7:1: question: ## What is a key?",
        "a.md: signs alone, such as # and ---, on 2 lines",
        "deep/c.md: signs alone, such as # and ---, on 1 line",
        "长名.md:1:1: text: Words.",
    ]
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["a.md", "长名.md"]


def test_json_has_an_object_a_file(tmp_path):
    write_deck(tmp_path, {"a.md": "Words.\n\n## What is a query?\n\nA vector.\n\n## What is a key?\n"})
    result = run("check", ".", "--json", "--files", cwd=tmp_path)
    assert result.returncode == 1
    assert json.loads(result.stdout) == [
        {
            "file": "a.md",
            "dialect": "heading",
            "why": "2 headings of level 2 that ask",
            "runner_up": None,
            "notes": 1,
            "unanswered": [7],
            "candidates": [],
            "left_out_lines": 2,
            "left_out": [
                {"line": 1, "column": 1, "kind": "text", "text": "Words."},
                {"line": 3, "column": 1, "kind": "markup", "text": "##"},
                {"line": 7, "column": 1, "kind": "question", "text": "## What is a key?"},
            ],
            "problems": [
                {
                    "file": "a.md",
                    "line": 1,
                    "column": 1,
                    "severity": "info",
                    "code": "text-outside",
                    "message": "this text is in no note",
                    "hint": "an answer stands below its question",
                },
                {
                    "file": "a.md",
                    "line": 7,
                    "column": 1,
                    "severity": "error",
                    "code": "answer-missing",
                    "message": "no answer to “What is a key?”",
                    "hint": "",
                },
            ],
        }
    ]


@pytest.mark.parametrize("options", [["--files"], ["--github", "--left-out"], ["--github", "--json", "--files"]])
def test_wrong_options(options, tmp_path):
    write_deck(tmp_path, {"a.md": "## What?\n\nThat.\n"})
    assert run("check", ".", *options, cwd=tmp_path).returncode == 2


def test_a_dialect_that_is_named_and_finds_nothing(tmp_path):
    write_deck(tmp_path, {"a.md": "## What?\n\nThat.\n", "deck.toml": DECK_TOML + 'dialect = "bold"\n'})
    assert run("check", "a.md", cwd=tmp_path).stdout.splitlines() == [
        "a.md: 0 notes, bold (named in deck.toml)",
        "  heading would read 1 note (1 heading of level 2 that asks; another dialect is named)",
        "    in the front matter: deckgen: {dialect: heading}",
        '    or in deck.toml: overrides = [{files = "/a.md", dialect = "heading"}]',
        "  left out: 2 lines (--left-out lists them)",
    ]
