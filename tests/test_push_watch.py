"""Test `deckgen push --watch`: each save is pushed, errors are shown, and the next save is tried."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ankiconnect_server import ankiconnect_server
from decks import write_deck
from ports import unused_port

pytest.importorskip("watchfiles")
NOTES = "## What is a query?\n\nWhat a position asks for.\n\n## What is a key?\n\nWhat a position offers.\n"
PATIENCE = 60.0  # seconds


class Watch:
    """A running `deckgen push --watch`, whose lines are read one after another."""

    def __init__(self, deck: Path, *options: str):
        command = [sys.executable, "-m", "deckgen", "push", deck, "--watch", *options]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            # Shells let background processes ignore Ctrl+C, and their children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, text: str) -> str:
        """The next line with a text. Raises queue.Empty if none comes."""
        while text not in (line := self._lines.get(timeout=PATIENCE)):
            pass
        return line

    def pushed(self) -> dict:
        """The next line that is JSON."""
        return json.loads(self.until("{"))

    def end(self) -> tuple[int, list[str]]:
        """Press Ctrl+C. Return the exit status and the lines that were not read."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE)
        return status, list(self._lines.queue)


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return write_deck(tmp_path / "deck", {"a.md": NOTES})


@pytest.fixture
def watch(tmp_path: Path, deck: Path) -> Iterator[Watch]:
    with ankiconnect_server(tmp_path / "collection") as url:
        running = Watch(deck, "--json", "--url", url)
        yield running
        running.process.kill()
        running.process.wait()


def save(deck: Path, text: str) -> None:
    """Save the notes as most editors do: write another file, then rename it."""
    (deck / "a.md~").write_text(text)
    os.replace(deck / "a.md~", deck / "a.md")


def questions(pushed: dict, state: str) -> list[str]:
    return [note["question"] for note in pushed[f"{state}_notes"]]


def test_each_save_is_pushed_until_the_user_ends_it(watch, deck):
    assert questions(watch.pushed(), "new") == ["What is a query?", "What is a key?"]
    save(deck, NOTES.replace("asks for", "is looking for"))
    assert questions(watch.pushed(), "updated") == ["What is a query?"]
    save(deck, NOTES.replace("asks for", "is looking for") + "\n## New?\n\nYes.\n")
    assert questions(watch.pushed(), "new") == ["New?"]
    status, rest = watch.end()
    assert (status, rest) == (0, []), "what a build writes is no save"


def test_errors_are_shown_and_the_next_save_is_tried(watch, deck):
    watch.pushed()
    save(deck, "---\ntags: [a\n---\n" + NOTES)
    assert watch.until(": error: ").startswith(f"{deck / 'a.md'}:")
    save(deck, NOTES.replace("offers", "shows"))
    assert questions(watch.pushed(), "updated") == ["What is a key?"]


def test_a_save_that_changes_no_note_is_not_pushed(watch, deck):
    watch.pushed()
    save(deck, "<!-- a remark -->\n\n" + NOTES)
    (deck / "todo.txt").write_text("nothing of the deck")
    save(deck, NOTES.replace("offers", "shows"))
    assert questions(watch.pushed(), "updated") == ["What is a key?"], "the first push after the first"


def test_anki_may_start_later(deck):
    with unused_port() as port:
        running = Watch(deck, "--url", f"http://127.0.0.1:{port}")
        try:
            assert "[anki-unreachable]" in running.until("error")
            save(deck, NOTES + "\n")
            assert "[anki-unreachable]" in running.until("error")
            assert running.end()[0] == 0
        finally:
            running.process.kill()
            running.process.wait()
