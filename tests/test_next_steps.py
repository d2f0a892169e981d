"""What commands print last: the next step, on terminals alone, and in errors. And what `deckgen init` says of files without notes."""

import shlex
from pathlib import Path

import pytest
from ankiconnect_server import ankiconnect_server
from decks import git, run, run_process, write_deck
from engine import collection
from pulling import DAY, NOW, Editing, edit, new_editing
from push_tests import KEY, Deck
from terminals import plain, run_on_terminal

from deckgen.command_word import word
from deckgen.sources import read_project

NOTES = "# A\n\n## One?\n\nFirst.\n\n## Two?\n\nSecond.\n"
TEMPLATE = "---\ndate: <% tp.date.now() %>\n---\n# {{title}}\n"
VAULT = {
    "Daily/1.md": "# Monday\n\nIt rained.\n",
    "Daily/2.md": "# Tuesday\n\nIt rained.\n",
    "Topics/a.md": NOTES,
    "Topics/index.md": "# Index\n\n[[a]]\n",
    "Topics/terms.md": "# Terms\n\n## Attention\n\nA sum.\n\n## Query\n\nA vector.\n\n## Key\n\nA vector.\n",
    "Topics/wip.md": "---\ndraft: true\n---\n\n## Three?\n\nThird.\n",
    "Templates/day.md": TEMPLATE,
}
EXCLUDE = 'exclude = ["Templates/day.md", "/Daily/", "Topics/index.md"]'


def last_line(*arguments: object, cwd: Path, **environment: str) -> str:
    """The last line that a command prints on a terminal."""
    return plain(run_on_terminal(*arguments, cwd=cwd, columns=200, **environment)[1]).splitlines()[-1]


def vault(folder: Path, files: dict[str, str]) -> Path:
    """Write notes that are not a deck yet."""
    (write_deck(folder, files) / "deck.toml").unlink()
    return folder


def test_init_names_the_line_that_leaves_out_files_without_notes(tmp_path):
    notes = vault(tmp_path / "vault", VAULT)
    result = run("init", "vault", cwd=tmp_path)
    before, line = next(each for each in result.stdout.splitlines() if "exclude" in each).split(": ", 1)
    assert (before, line) == ("to leave out the files without notes, set in deck.toml", EXCLUDE)
    assert result.stderr.startswith(
        "vault/Templates/day.md:1:1: warning: the front matter has a placeholder (a template"
    )
    written = (notes / "deck.toml").read_text().replace('exclude = ["Templates/day.md"]', line)
    (notes / "deck.toml").write_text(written)
    read = {path.relative_to(notes).as_posix() for path in read_project(notes).files()}
    assert read == {"Topics/a.md", "Topics/terms.md", "Topics/wip.md"}


@pytest.mark.parametrize(
    "files", [{"a.md": NOTES}, {"a.md": NOTES, "day.md": TEMPLATE}, {"a.md": "It rained.\n", "b/c.md": "It snowed.\n"}]
)
def test_init_says_nothing_of_it_if_all_files_have_notes_or_none(files, tmp_path):
    vault(tmp_path / "vault", files)
    assert "exclude" not in run("init", "vault", cwd=tmp_path).stdout


def test_init_names_no_folder_with_a_file_that_cannot_be_read(tmp_path):
    files = {"Daily/1.md": "It rained.\n", "Daily/2.md": "---\ntitle: [a\n---\n\n## Why?\n\nSo.\n", "a.md": NOTES}
    vault(tmp_path / "vault", files)
    assert 'deck.toml: exclude = ["Daily/1.md"]\n' in run("init", "vault", cwd=tmp_path).stdout


def test_init_of_files_without_notes_leads_to_check(tmp_path):
    vault(tmp_path / "vault", {"a.md": "It rained.\n"})
    assert run("init", "vault", cwd=tmp_path).stdout.endswith("0 notes. Next: deckgen check vault\n")


def test_a_command_can_be_copied_also_if_a_folder_has_spaces(tmp_path):
    vault(tmp_path / "my vault", {"a.md": NOTES})
    assert run("init", "my vault", cwd=tmp_path).stdout.endswith('Next: deckgen build "my vault"\n')
    assert [word(each) for each in ("a/b-c_1.0", "笔记", "C:\\notes", "a&b", "", "$a b")] == [
        *("a/b-c_1.0", "笔记", "C:\\notes", '"a&b"', '""', "'$a b'"),
    ]


def test_a_command_in_a_hint_can_be_copied_also_if_a_folder_has_spaces(tmp_path):
    notes = vault(tmp_path / "my vault", {"a b.md": NOTES, "c.md": NOTES.replace("?", " then?")})
    assert '(deckgen init "my vault" writes one)' in run("build", "my vault", cwd=tmp_path).stderr
    write_deck(notes, {})
    assert run("build", "my vault", cwd=tmp_path).returncode == 0
    (notes / "a b.md").unlink()
    hint = 'deckgen build "my vault" --retire "my vault/a b.md"'
    assert f"(to retire them: {hint}; " in run("build", "my vault", cwd=tmp_path).stderr
    assert run(*shlex.split(hint)[1:], cwd=tmp_path).returncode == 0
    (notes / "deck.lock").unlink()
    lost = run("build", "my vault", cwd=tmp_path).stderr
    assert 'PACKAGE "my vault" takes' in lost and 'build "my vault" --new-lock' in lost


def test_check_leads_to_init_to_build_or_to_the_explanation(tmp_path):
    notes = vault(tmp_path / "notes", {"a.md": NOTES})
    assert last_line("check", "notes", cwd=tmp_path) == "Next: deckgen init notes"
    write_deck(notes, {})
    assert last_line("check", "notes", cwd=tmp_path) == "Next: deckgen build notes"
    assert last_line("check", cwd=notes) == "Next: deckgen build"
    assert "Next" not in last_line("check", "notes", "--format", "line", cwd=tmp_path)
    assert "Next" not in run("check", "notes", cwd=tmp_path).stdout
    write_deck(notes, {"b.md": "# B\n\n## What?\n\n![](no.png)\n"})
    assert last_line("check", "notes", cwd=tmp_path).endswith("explain media-missing says more of the first warning")
    write_deck(notes, {"c.md": "# C\n\n## What?\n\n$\\frac{1$\n"})
    assert last_line("check", "notes", cwd=tmp_path).endswith("says more of the first error")


def test_check_of_a_part_of_a_deck_leads_to_a_command_that_works(tmp_path):
    vault(tmp_path / "notes", {"in/a.md": NOTES})
    assert last_line("check", "notes/in/a.md", cwd=tmp_path) == "Next: deckgen init notes/in"
    write_deck(tmp_path / "notes", {})
    for part in ("notes/in", "notes/in/a.md"):
        assert last_line("check", part, cwd=tmp_path) == "Next: deckgen build notes"


def test_build_leads_to_an_import_if_the_package_changed(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES})
    assert last_line("build", "deck", cwd=tmp_path).endswith("keep deck.lock with your notes: it has their identities")
    assert "Next" not in last_line("build", "deck", cwd=tmp_path)
    (deck / "a.md").write_text(NOTES.replace("First", "The first"))
    assert last_line("build", "deck", cwd=tmp_path) == "Next: import the package in Anki with File → Import, as before"
    (deck / "a.md").write_text(NOTES)
    assert "Next" not in last_line("build", "deck", "--json", cwd=tmp_path)


def test_release_leads_to_the_learners(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES})
    run("build", deck, "--out", tmp_path / "out", now=1_700_000_000)
    release = ("release", "deck", "2.0.0", "--out", "out")
    assert "git init and commit the files" in last_line(*release, cwd=tmp_path)
    outside = (*release, "--allow-dirty")
    assert last_line(*outside, "--dry-run", cwd=tmp_path) == "Next: the same command without --dry-run"
    wanted = "Next: give out/test-deck-2.0.0/test-deck-2.0.0.apkg to learners; they import it with File → Import"
    assert last_line(*outside, cwd=tmp_path) == wanted
    assert (tmp_path / "out/test-deck-2.0.0/test-deck-2.0.0.apkg").is_file()


def pulled(made: Editing, *options: str) -> str:
    """The last line of a pull from the collection of the editor."""
    at = str(NOW + 2 * DAY)
    arguments = ("pull", "notes", "--from", "editor", "--out", "out", *options)
    return last_line(*arguments, cwd=made.folder, SOURCE_DATE_EPOCH=at)


@pytest.mark.parametrize("author", ["First.", "Worst."])
def test_pull_leads_to_a_build_or_to_the_conflicts(author, tmp_path):
    made = new_editing(tmp_path, {"a.md": NOTES})
    assert "Next" not in pulled(made)
    with collection(made.editor) as col:
        edit(col, "edit One? | Back | First. => Best.")
    (made.deck / "a.md").write_text(NOTES.replace("First.", author))
    assert pulled(made, "--dry-run") == "Next: the same command without --dry-run writes the files"
    first = "look at the changed files" if author == "First." else "choose a side of each conflict in the files"
    assert pulled(made) == f"Next: {first}, then deckgen build notes"


def test_push_leads_to_watch_or_to_pull(tmp_path):
    with ankiconnect_server(tmp_path / "collection", KEY) as url:
        deck = Deck(tmp_path, url)
        push = ("push", "deck", "--out", "out", "--url", url)
        again = {"cwd": tmp_path, "ANKICONNECT_API_KEY": KEY}
        # In the past, so that the edit in Anki is later.
        first = last_line(*push, **again, SOURCE_DATE_EPOCH=str(deck.now))
        assert first == "Next: study in Anki; deckgen push deck --watch pushes on each save"
        assert "Next" not in last_line(*push, **again)
        key = deck.notes()["What is a key?"]["noteId"]
        deck.connection.call("updateNoteFields", note={"id": key, "fields": {"Back": "My own words."}})
        assert last_line(*push, **again).startswith("Next: deckgen pull deck --from anki brings the edits")


def test_doctor_ends_with_a_verdict(tmp_path):
    shown = run_process("doctor", PATH=str(tmp_path)).stdout.splitlines()[-1]
    assert shown.startswith("deckgen works. ") and shown.endswith(
        "that only some commands need are missing: see the brackets"
    )


@pytest.mark.parametrize(
    "arguments, hint",
    [
        (["build"], "deckgen init writes one"),
        (["check"], "deckgen init --example first writes an example deck"),
        (["init"], "deckgen init --example first writes an example deck"),
        (["init", "nowhere"], "name the folder of your notes, or add --example"),
        (["build", "nowhere"], "name the folder that has deck.toml"),
        (["push"], "deckgen init writes one"),
    ],
)
def test_errors_of_the_first_minutes_end_with_what_to_do(arguments, hint, tmp_path):
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode == 1 and hint in result.stderr and len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "typed, named",
    [
        ("biuld", "'biuld'. Did you mean 'build'?\n"),
        ("stat", "'stat'. (Did you mean one of: 'stats', 'status'?)\n"),
        ("x", "'x'.\n"),
    ],
)
def test_a_mistyped_command_leads_to_the_right_one(typed, named):
    result = run(typed)
    assert (result.returncode, result.stdout) == (2, "") and result.stderr.endswith(f"Error: No such command {named}")


def test_a_repository_needs_no_hint(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, ".gitignore": "build/\n"})
    run("build", deck, "--out", deck / "build", now=1_700_000_000)
    git(deck, "init", "--quiet")
    git(deck, "add", ".")
    git(deck, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "notes")
    names = {f"GIT_{role}_{key}": "a" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    assert last_line("release", "2.0.0", cwd=deck, **names).endswith("next: git push --follow-tags")
