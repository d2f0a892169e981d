"""How `deckgen preview` starts and ends: what stops it is said in the terminal."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from decks import run, write_deck
from ports import unused_port

FILES = {"a.md": "## What is a query? {#q}\n\nA vector.\n"}


def test_port_in_use_is_an_error(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = run("preview", deck, "--no-open", "--json", "--port", other.getsockname()[1])
    assert done.returncode == 1, done.stderr
    assert "[port-taken]" in done.stderr
    assert [each["code"] for each in json.loads(done.stdout)["problems"]] == ["port-taken"]


@pytest.mark.parametrize("name", ["none", "empty"])
def test_folder_without_a_deck_is_an_error(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = run("preview", tmp_path / name, "--no-open", "--port", other.getsockname()[1])
    assert done.returncode == 1 and "[deck-missing]" in done.stderr and not done.stdout


def test_interrupt_ends_it_in_silence_while_a_page_listens(tmp_path):
    deck = write_deck(tmp_path / "deck", FILES)
    with unused_port() as port:
        command = [sys.executable, "-m", "deckgen", "preview", str(deck), "--no-open", "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with events_of(port, process) as events:
            assert events.readline().startswith(b"data: ")
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
    assert errors.strip() in ("", "Aborted!")


def events_of(port: int, process: subprocess.Popen):
    limit = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/api/events")
        except OSError:
            assert process.poll() is None and time.monotonic() < limit, process.communicate()
            time.sleep(0.1)
