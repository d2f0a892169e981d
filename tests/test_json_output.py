"""What each command prints with --json has the form that its schema describes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import click
import pytest
from author import FIRST, new_author, released_author
from decks import BOXES, DECK_TOML, PIXEL, build, package_of, run, write_deck
from engine import collection, import_package
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from ports import unused_port

from deckgen.cli import COMMANDS, main
from deckgen.schemas import read_schema, schema_names

NOW = 1_700_000_000
NOTES = """\
# Attention

## What is a query? {.reversed}

What a position asks the others for.

## Which parts?

{{c1::Attention}} and {{c2::a network}}. ![p](p.png)

## Without an answer, in one line that is a question?

![](missing.png)
"""
OTHER = (
    NOTES.replace("a query?", "a key?").replace("asks the others for", "offers to all others").replace("Which", "What")
)
# Commands that print a text for other programs, and have no result that could be JSON.
TEXTS = {"completion", "schema"}


def closed(schema):
    """Return a schema that allows no further keys in objects, so that a key that is not described is found."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return (
        {**inner, "additionalProperties": schema.get("additionalProperties", False)} if "properties" in inner else inner
    )


def require_form(name: str, text: str):
    """Check that a text is JSON of the form of a schema. Return its value."""
    value = json.loads(text)
    errors = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(closed(read_schema(name))).iter_errors(value)
    ]
    assert errors == []
    return value


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield the name of each command and of each command of a group, as `lock same`."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())
        else:
            yield name, command


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> list[Path]:
    """Two packages of a deck. Their notes, note types, tags and media differ."""
    folder = tmp_path_factory.mktemp("packages")
    deck = write_deck(folder / "deck", {"a.md": NOTES, "p.png": PIXEL})
    found = [package_of(build(deck, folder / "1", NOW))]
    (deck / "a.md").write_text(
        NOTES.replace("the others", "all others").replace("# Attention", "# Tagged") + "\n## New?\n\nYes.\n"
    )
    return [*found, package_of(build(deck, folder / "2", NOW + 1))]


def test_every_command_has_the_option_and_a_schema():
    names = set(schema_names())
    for name, command in commands():
        if name in TEXTS:
            continue
        assert any("--json" in option.opts for option in command.params), name
        # The commands that decide about single notes print the same.
        assert {name.replace(" ", "-"), name.split()[0]} & names, name


@pytest.mark.parametrize("name", schema_names())
def test_schemas_are_valid_and_describe_every_key(name):
    schema = read_schema(name)
    validator_for(schema).check_schema(schema)
    assert schema.get("$id", f"{name}.json") == f"{name}.json"
    for part in parts(schema):
        for key, value in part.get("properties", {}).items():
            assert value.get("description") or "$ref" in value, key


def parts(value) -> Iterator[dict]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(each)


def test_a_value_of_another_form_is_found():
    """The check of these tests finds a missing key, a key that is not described, and a wrong type."""
    (good,) = json.loads(
        json.dumps([{"file": "a", "line": 1, "column": 1, "severity": "info", "code": "x", "message": "", "hint": ""}])
    )
    require_form("check", json.dumps([good]))
    for wrong in ({**good, "more": 1}, {**good, "line": "1"}, {key: good[key] for key in list(good)[1:]}):
        with pytest.raises(AssertionError):
            require_form("check", json.dumps([wrong]))


def test_build_check_list_and_figures(tmp_path):
    files = {"a.md": f"{NOTES}\n## Which boxes?\n\n![](figure:boxes)\n", "p.png": PIXEL, "figures/boxes.py": BOXES}
    deck = write_deck(tmp_path / "deck", files)
    built = require_form("build", run("build", deck, "--out", tmp_path, "--json", now=NOW).stdout)
    assert built["problems"][0]["code"] == "media-missing" and len(built["added_notes"]) == 4
    (deck / "a.md").write_text(OTHER)
    changed = require_form(
        "build", run("build", deck, "--out", tmp_path, "--json", "--retire", deck, now=NOW + 1).stdout
    )
    assert changed["retired_notes"][0]["line"] is None
    assert require_form("check", run("check", deck, "--json").stdout)
    (deck / "b.md").write_text("# Text\n\nA text.\n\nWhat is it?\n\n**Why?**\n\nSo.\n")
    assert require_form("check-files", run("check", deck, "--json", "--files").stdout)[0]["problems"]
    assert len(require_form("list", run("list", deck, "--json").stdout)) == 3
    assert require_form("figures", run("figures", deck, "--json").stdout)[0]["bytes"] > 0
    (deck / "a.md").write_text(files["a.md"])
    assert require_form("figures", run("figures", deck, "--json", "--check").stdout)[0]["again"]


def test_stats(tmp_path):
    author = released_author(tmp_path / "repository")
    author.write({**FIRST, "elk": "A [link](https://example.org)."}, 2)
    found = require_form("stats", run("stats", author.deck, "--json").stdout)
    assert [row["version"] for row in found["releases"]] == ["1.0.0", None]


def test_doctor():
    assert {"deckgen", "git"} & {each["name"] for each in require_form("doctor", run("doctor", "--json").stdout)}


def test_pull(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, "p.png": PIXEL})
    package = package_of(build(deck, tmp_path, NOW))
    with collection(tmp_path / "learner") as col:
        import_package(col, package)
        edited = col.get_note(col.find_notes('"What is a query?"')[0])
        edited["Back"] = edited["Back"].replace("others", "other tokens")
        edited.add_tag("mine")
        col.update_note(edited)
        col.remove_notes([col.find_notes("Attention")[-1]])
    result = run("pull", deck, "--from", tmp_path / "learner", "--base", package, "--json")
    found = require_form("pull", result.stdout)
    assert "edited" in {note["outcome"] for note in found["notes"]} and found["files"], result.stderr


def test_diff_and_verify(packages):
    old, new = packages
    found = require_form("diff", run("diff", old, new, "--json").stdout)
    assert found["added"] and found["changed"]
    assert require_form("verify", run("verify", new, "--json").stdout)["after"] is None
    assert require_form("verify", run("verify", new, "--after", old, "--json").stdout)["kept"]


def test_import(tmp_path, packages):
    done = run("import", packages[0], "deck", "--json", cwd=tmp_path)
    imported = require_form("import", done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert imported["notes"] == sum(file["notes"] for file in imported["files"])
    assert imported["notes"] == sum(each["notes"] for each in imported["notetypes"]) > 0
    assert all((tmp_path / file["file"]).is_file() for file in imported["files"])
    assert all((tmp_path / each["folder"] / "type.toml").is_file() for each in imported["notetypes"])
    again = run("import", packages[0], "deck", "--json", cwd=tmp_path)
    assert again.returncode == 1
    assert require_form("failure", again.stdout)["problems"][0]["code"] == "import-folder"


def test_explain():
    assert len(require_form("explain", run("explain", "--json").stdout)) > 100
    for code in ("media-missing", "lock-line"):
        assert require_form("explain", run("explain", code, "--json").stdout)["code"] == code


def test_fetch_media(tmp_path):
    (tmp_path / "a.png").write_bytes(PIXEL)
    handler = type("Handler", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), lambda *each: handler(*each, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        deck = write_deck(tmp_path / "deck", {"a.md": f"# D\n\n## Which?\n\n![]({root}/a.png) ![]({root}/none.png)\n"})
        result = run("fetch-media", deck, "--private", "--json")
        server.shutdown()
    found = require_form("fetch-media", result.stdout)
    assert result.returncode == 1 and len(found["fetched"]) == len(found["problems"]) == 1


def test_init(tmp_path):
    files = {"a.md": NOTES, "b.md": "---\nx: [\n---\n\ntext\n", ".gitignore": "x\n"}
    (write_deck(tmp_path / "deck", files) / "deck.toml").unlink()
    found = require_form("init", run("init", "deck", "--json", cwd=tmp_path).stdout)
    assert (found["notes"], len(found["problems"]), len(found["kept"])) == (3, 1, 1)
    assert "deck/deck.toml" in found["written"]


def test_lock(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "# D\n\n## What is it?\n\nA thing that nobody knows yet.\n"})
    package = package_of(build(deck, tmp_path, NOW))
    (deck / "a.md").write_text("# D\n\n## Wherefore art thou?\n\nBecause of other words here.\n")
    (found,) = require_form("lock", run("lock", "new", "deck/a.md:3", "--json", cwd=tmp_path).stdout)
    assert found["note"] == "deck/a.md:3"
    (deck / "deck.lock").unlink()
    restored = require_form("lock-from", run("lock", "from", package, deck, "--json").stdout)
    assert len(restored["new"]) == len(restored["retired"]) == 1
    guid = restored["retired"][0]["guid"]
    require_form("lock", run("lock", "same", guid, "deck/a.md:3", "--json", cwd=tmp_path).stdout)


def test_a_restored_lock_with_a_doubt(tmp_path):
    deck = write_deck(
        tmp_path / "deck", {"a.md": "# D\n\n## What is a query in attention?\n\nA query is what a position asks.\n"}
    )
    package = package_of(build(deck, tmp_path, NOW))
    (deck / "deck.lock").unlink()
    both = [
        f"## What is a query in {kind}-attention?\n\nA query is what a position asks{end}.\n"
        for kind, end in (("self", ", too"), ("cross", ", also"))
    ]
    (deck / "a.md").write_text("# D\n\n" + "\n".join(both))
    result = run("lock", "from", package, deck, "--json")
    assert result.returncode == 1
    assert {each["code"] for each in require_form("lock-from", result.stdout)["problems"]} == {"identity-doubt"}


def test_confirming_a_translation(tmp_path):
    note = "## What is a query? {#query}\n\nWhat a token looks for, in a vector.\n"
    write_deck(tmp_path, {"deck.toml": f'{DECK_TOML}exclude = ["de"]\n', "a.md": note})
    toml = DECK_TOML.replace("0123456789abcdef", "fedcba9876543210") + 'translates = ".."\n'
    write_deck(tmp_path / "de", {"deck.toml": toml, "a.md": "## Was? {#query}\n\nWonach ein Token sucht.\n"})
    run("build", "de", "--out", "out", cwd=tmp_path, now=NOW)
    (tmp_path / "a.md").write_text(note.replace("a vector", "one vector"))
    (found,) = require_form("lock", run("lock", "confirm", "de/a.md:1", "--json", cwd=tmp_path).stdout)
    assert found["note"] == "de/a.md:1"


def test_preview(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES})
    written = require_form("preview", run("preview", deck, "--out", tmp_path / "site", "--json").stdout)
    assert written["notes"] == 3 and Path(written["page"]).is_file()
    with unused_port() as port:
        command = [sys.executable, "-m", "deckgen", "preview", deck, "--no-open", "--json", "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            lines = iter(process.stdout.readline, "}\n")
            served = require_form("preview", "".join(lines) + "}")
        finally:
            process.terminate()
            process.communicate()
    assert served["address"] == f"http://127.0.0.1:{port}/"


def test_release(tmp_path):
    author = new_author(tmp_path / "repository")
    author.write(FIRST, 0)
    dry = require_form(
        "release", run("release", author.deck, "1.0.0", "--out", author.out, "--dry-run", "--json").stdout
    )
    assert dry["folder"] is dry["counts"] is None
    first = require_form("release", run("release", author.deck, "1.0.0", "--out", author.out, "--json").stdout)
    assert first["tag"] == "test-deck-1.0.0"
    author.write({**FIRST, "apple": "Green or red."} | {"elk": "Large."}, 1)
    second = require_form("release", run("release", author.deck, "1.1.0", "--out", author.out, "--json").stdout)
    assert second["counts"] == {"added": 1, "changed": 1, "removed": 0, "moved": 0, "unchanged": 3}


@pytest.mark.parametrize(
    "arguments",
    [
        *(["build", "nowhere"], ["list", "deck"], ["figures", "deck"], ["init", "deck"], ["release", "deck", "1.0.0"]),
        *(["diff", "deck/deck.toml", "deck/deck.toml"], ["verify", "deck/deck.toml"], ["fetch-media", "deck"]),
        *(
            ["lock", "new", "deck/a.md:3"],
            ["lock", "from", "deck/deck.toml", "deck"],
            ["import", "deck/deck.toml", "new"],
            ["preview", "deck", "--out", "x"],
        ),
    ],
)
def test_a_command_that_fails_prints_its_problems(tmp_path, arguments):
    """The deck has a wrong deck.toml. Standard error has the problems as lines, and standard output as JSON."""
    write_deck(tmp_path / "deck", {"deck.toml": "slug = 1\n", "a.md": NOTES})
    result = run(*arguments, "--json", cwd=tmp_path)
    found = require_form("failure", result.stdout)
    assert result.returncode == 1 and len(found["problems"]) == result.stderr.count("\n") > 0


def test_check_prints_a_list_also_if_it_fails(tmp_path):
    write_deck(tmp_path / "deck", {"deck.toml": "slug = 1\n", "a.md": NOTES})
    result = run("check", "deck", "--json", cwd=tmp_path)
    assert result.returncode == 1 and result.stderr == ""
    assert {each["code"] for each in require_form("check", result.stdout)} == {"deck-toml"}


def test_an_error_of_the_system_where_a_file_is_in_the_way(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES})
    (tmp_path / "out").write_text("")
    result = run("build", deck, "--out", tmp_path / "out", "--json")
    assert result.returncode == 1 and result.stderr.endswith("exists\n")
    assert require_form("failure", result.stdout)["problems"][0]["code"] is None
