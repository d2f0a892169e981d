"""Tests frozen pictures: a build packs the committed files, and runs no code if all pictures are frozen."""

import json
import re
import shutil
import sys
import time
from pathlib import Path
from subprocess import DEVNULL, Popen
from subprocess import run as run_process

import pytest
from decks import build, git, package_of, run, write_deck
from figure_texts import LINE

NOW = 1_700_000_000
NOTES = "# Notes\n\n## One?\n\n![](figure:line)\n\n## Two?\n\nText ![](figure:line?n=4)\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_deck(tmp_path / "deck", {"a.md": NOTES, "figures/shapes.py": LINE})


@pytest.fixture
def frozen(deck: Path, tmp_path: Path) -> Path:
    """The folder of frozen pictures, after a build."""
    build(deck, tmp_path / "out", NOW)
    return deck / "figures" / "frozen"


def pictures(frozen: Path) -> dict[int, Path]:
    """Return the pictures by the parameter n."""
    return {
        json.loads(path.read_text("utf-8"))["parameters"]["n"]: path.with_suffix(".webp")
        for path in frozen.glob("*.json")
    }


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(deck: Path, old: str, new: str, name: str = "figures/shapes.py") -> None:
    text = (deck / name).read_text("utf-8")
    assert old in text
    (deck / name).write_text(text.replace(old, new), "utf-8")


def test_a_build_freezes_pictures_with_readable_manifests(frozen: Path) -> None:
    assert sorted(path.suffix for path in frozen.iterdir()) == [".json", ".json", ".webp", ".webp"]
    picture = pictures(frozen)[4]
    text = picture.with_suffix(".json").read_text("utf-8")
    manifest = json.loads(text)
    assert re.fullmatch(r"line-[0-9a-f]{16}", picture.stem) and manifest["key"].startswith(picture.stem[5:])
    assert manifest["figure"] == "line" and manifest["parameters"] == {
        "grid": False,
        "n": 4,
        "slope": 1.0,
        "title": "线",
    }
    assert (manifest["bytes"], manifest["width"], manifest["height"]) == (picture.stat().st_size, 780, 390)
    assert {"deckgen", "Python", "numpy", "matplotlib", "pillow"} <= manifest["made"].keys()
    assert all(line.count('": ') <= 1 for line in text.splitlines()), "one key a line"


WITHOUT = """
import importlib.abc, sys
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "matplotlib", "PIL", "distributed"}:
            raise AssertionError(name)
sys.meta_path.insert(0, Refuse())
def watch(event, args):
    if event in ("subprocess.Popen", "os.fork", "os.posix_spawn"):
        raise AssertionError(event)
sys.addaudithook(watch)
from deckgen.cli import main
main(sys.argv[1:], standalone_mode=False)
print(*sorted({"numpy", "matplotlib", "PIL", "shapes"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("options", [[], ["--no-exec", "--locked", "--strict"]])
def test_a_build_of_frozen_pictures_runs_no_code_and_imports_no_drawing_library(
    deck: Path, frozen: Path, tmp_path: Path, options: list[str]
) -> None:
    command = [sys.executable, "-c", WITHOUT, "build", str(deck), "--out", str(tmp_path / "again"), *options]
    done = run_process(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "" and next((tmp_path / "again").glob("*.apkg")).is_file()


@pytest.mark.parametrize("command", ["check", "list", "build", "diff"])
def test_commands_that_compute_no_figure_run_no_code_of_the_deck(tmp_path: Path, command: str) -> None:
    """Both the import of the module and the figure would create a file."""
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')\n{LINE}".replace("n > 0", "not open(%r, 'w')" % str(tmp_path / "ran"))
    deck = write_deck(tmp_path / "deck", {"a.md": NOTES, "figures/shapes.py": trap})
    old = package_of(build(write_deck(tmp_path / "plain", {"a.md": "# D\n\n## Q?\n\nA.\n"}), tmp_path / "out", NOW))
    arguments = {"build": ["build", deck, "--no-exec", "--out", tmp_path / "out2"], "diff": ["diff", old, old]}.get(
        command, [command, deck]
    )
    done = run(*arguments)
    assert done.returncode == (1 if command == "build" else 0), done.stderr
    assert (
        not (tmp_path / "ran").exists()
        and not (deck / "figures" / "frozen").exists()
        and not (deck / "figures" / "__pycache__").exists()
    )


def test_a_missing_picture_with_no_exec_is_an_error_at_its_line(deck: Path, frozen: Path, tmp_path: Path) -> None:
    edit(deck, "canvas(2)", "canvas(3)")
    before = content(frozen)
    done = run("build", deck, "--no-exec", "--out", tmp_path / "again")
    assert done.returncode == 1 and not (tmp_path / "again").exists()
    first, second = done.stderr.splitlines()
    assert re.search(
        r"a\.md:5:5: error: figure line\(.*n=3.*\) has no frozen picture: code of shapes changed \(.*deckgen build computes and freezes it",
        first,
    )
    assert re.search(r"a\.md:9:10: error: figure line\(.*n=4", second)
    assert content(frozen) == before


@pytest.mark.parametrize("options", [["--refresh"], ["--scheduler", "tcp://127.0.0.1:1"]])
def test_no_exec_excludes_options_that_compute(deck: Path, options: list[str]) -> None:
    assert run("build", deck, "--no-exec", *options).returncode == 2


@pytest.mark.parametrize("damage", ["cut", "empty", "picture gone", "conflict", "another digest", "another key"])
def test_a_damaged_picture_is_reported_and_computed_again(
    deck: Path, frozen: Path, tmp_path: Path, damage: str
) -> None:
    whole, package = content(frozen), next((tmp_path / "out").glob("*.apkg")).read_bytes()
    picture, manifest = pictures(frozen)[4], pictures(frozen)[4].with_suffix(".json")
    match damage:
        case "cut":
            picture.write_bytes(picture.read_bytes()[:-9])
        case "empty":
            picture.write_bytes(b"")
        case "picture gone":
            picture.unlink()
        case "conflict":
            manifest.write_text("<<<<<<< HEAD\n" + manifest.read_text("utf-8"), "utf-8")
        case "another digest":
            edit(frozen, '"picture": "', '"picture": "0', manifest.name)
        case "another key":
            edit(frozen, '"key": "', '"key": "0', manifest.name)
    refused = run("build", deck, "--no-exec", "--out", tmp_path / "refused")
    assert refused.returncode == 1 and re.search(r"a\.md:9:10: error: figure line\(.*frozen picture", refused.stderr)
    made = run("build", deck, "--out", tmp_path / "again", now=NOW)
    assert made.returncode == 0 and re.search(
        r"line-\w+\.(webp|json): warning: the .*frozen picture.*; it was computed again", made.stderr
    )
    assert content(frozen) == whole and next((tmp_path / "again").glob("*.apkg")).read_bytes() == package


def test_a_picture_is_frozen_while_another_is_computed(deck: Path, tmp_path: Path) -> None:
    """So a killed build does not lose the pictures that it has computed."""
    edit(deck, "n > 0", "n == 3 or __import__('time').sleep(50)")
    command = [sys.executable, "-m", "deckgen", "build", str(deck), "--out", str(tmp_path / "out")]
    with Popen(command, stderr=DEVNULL) as building:
        frozen, last = deck / "figures" / "frozen", time.monotonic() + 45
        while not [*frozen.glob("*.webp")] and time.monotonic() < last:
            time.sleep(0.05)
        building.kill()
    assert [*pictures(frozen)] == [3] and not (tmp_path / "out").exists()
    assert pictures(frozen)[3].is_file()


def test_a_failure_does_not_stop_other_pictures(deck: Path, tmp_path: Path) -> None:
    edit(deck, "n > 0", "n != 3")
    done = run("build", deck, "--out", tmp_path / "out")
    assert done.returncode == 1 and "n is 3" in done.stderr and not (tmp_path / "out").exists()
    assert [*pictures(deck / "figures" / "frozen")] == [4]


def test_unused_pictures_are_reported_and_pruned(deck: Path, frozen: Path, tmp_path: Path) -> None:
    kept = content(frozen)
    edit(deck, "canvas(2)", "canvas(3)")
    told = run("build", deck, "--out", tmp_path / "out", "--strict")
    assert (
        told.returncode == 0
        and f"{frozen}: info: no note uses 2 of the frozen pictures (deckgen figures {deck} --prune removes them) [figure-unused]"
        in told.stderr
    )
    edit(deck, "canvas(3)", "canvas(2)")
    (frozen / "README.md.txt").write_text("mine")
    (frozen / ".line-0123456789abcdef.json.77.tmp").write_text("what a killed build left")
    assert len(content(frozen)) == 10
    pruned = run("figures", deck, "--prune")
    assert pruned.returncode == 0 and pruned.stdout.splitlines()[-1] == "3 frozen pictures removed"
    assert content(frozen) == {**kept, "README.md.txt": b"mine"}
    assert run("build", deck, "--out", tmp_path / "out", "--no-exec").stderr == ""


@pytest.mark.parametrize("wrong", ["figure:line?m=4", "figure:lines"])
def test_nothing_is_pruned_while_a_reference_is_wrong(deck: Path, frozen: Path, wrong: str) -> None:
    kept = content(frozen)
    write_deck(deck, {"a.md": NOTES.replace("figure:line?n=4", wrong)})
    pruned = run("figures", deck, "--prune")
    assert pruned.returncode == 1 and f"{deck / 'a.md'}:7:1: error: " in pruned.stderr
    assert content(frozen) == kept


def test_nothing_is_pruned_if_a_note_cannot_be_read(deck: Path, frozen: Path) -> None:
    (deck / "a.md").write_bytes(b"# N\n\n## One?\n\n\xff\n")
    before = content(frozen)
    done = run("figures", deck, "--prune")
    assert done.returncode == 1 and "a.md" in done.stderr and content(frozen) == before


@pytest.mark.parametrize("options", [["--prune", "--check"], ["--prune", "--json"], ["--check", "--refresh"]])
def test_contradictory_options_are_refused(deck: Path, options: list[str]) -> None:
    assert run("figures", deck, *options).returncode == 2


def test_a_check_without_differences_writes_nothing(deck: Path, frozen: Path) -> None:
    before = content(deck)
    done = run("figures", deck, "--check")
    assert done.returncode == 0, done.stderr
    assert [line.rpartition("; ")[2] for line in done.stdout.splitlines()] == ["the same bytes"] * 2
    assert content(deck) == before


def test_a_check_reports_a_difference_and_shows_both_pictures(deck: Path, frozen: Path, tmp_path: Path) -> None:
    """The frozen file holds another picture of the same figure, and its manifest matches."""
    three, four = pictures(frozen)[3], pictures(frozen)[4]
    other = json.loads(four.with_suffix(".json").read_text("utf-8"))
    shutil.copy(four, three)
    manifest = json.loads(three.with_suffix(".json").read_text("utf-8")) | {
        "picture": other["picture"],
        "bytes": other["bytes"],
    }
    three.with_suffix(".json").write_text(json.dumps(manifest), "utf-8")
    assert run("build", deck, "--no-exec", "--out", tmp_path / "out").returncode == 0
    done = run("figures", deck, "--check", "--gallery", tmp_path / "page.html")
    assert done.returncode == 1
    assert re.search(
        r"a\.md:3:1: error: figure line\(.*n=3.*\) differs from its frozen picture: \d+ of 304200 pixels differ, "
        r"excess \d+ of 255 \(at most 64\), mean [\d.]+ \(at most 0.05\) \(restore the picture",
        done.stderr,
    )
    assert "n=4" not in done.stderr
    page = (tmp_path / "page.html").read_text("utf-8")
    assert (
        page.count('src="data:image/webp;base64,') == 6
        and "computed again: " in page
        and page.count("<br>frozen<") == 2
    )


def test_a_check_without_a_frozen_picture_is_an_error(deck: Path, frozen: Path) -> None:
    pictures(frozen)[4].with_suffix(".json").unlink()
    done = run("figures", deck, "--check")
    assert done.returncode == 1 and re.search(
        r"a\.md:7:1: error: figure line\(.*n=4.*\) has no frozen picture", done.stderr
    )


def test_a_build_leaves_a_clone_clean(deck: Path, frozen: Path, tmp_path: Path) -> None:
    """Also if git writes CRLF, with the attributes that `deckgen init` writes."""
    attributes = (ROOT / "deckgen" / "init" / "files" / "gitattributes.txt").read_bytes()
    write_deck(deck, {"deck.toml": (deck / "deck.toml").read_bytes(), ".gitattributes": attributes})
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "deck")):
        git(deck, *arguments)
    package = next((tmp_path / "out").glob("*.apkg")).read_bytes()
    for name, setting in (("lf", "false"), ("crlf", "true")):
        git(tmp_path, "clone", "--quiet", "--config", f"core.autocrlf={setting}", str(deck), name)
        done = run("build", tmp_path / name, "--no-exec", "--locked", "--out", tmp_path / f"out-{name}")
        assert done.returncode == 0, done.stderr
        assert git(tmp_path / name, "status", "--porcelain") == ""
        assert next((tmp_path / f"out-{name}").glob("*.apkg")).read_bytes() == package
    assert b"\r\n" in (tmp_path / "crlf" / "figures" / "shapes.py").read_bytes()
