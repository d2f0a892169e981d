"""Test what the client of AnkiConnect says when something is wrong at its address."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from ankiconnect_server import ankiconnect_server, serving
from decks import run, write_deck
from ports import unused_port

from deckgen.ankiconnect import Client, Connection
from deckgen.problems import DeckError, Problem

KEY = "a-key-that-is-never-printed"


def problem(url: str, key: str = "", **settings: float) -> Problem:
    """What the first requests of a push report."""
    with pytest.raises(DeckError) as error:
        Client(Connection(url, key, **settings)).require()
    (found,) = error.value.problems
    assert KEY not in str(found)
    return found


@contextmanager
def answering(status: int, body: bytes, headers: dict[str, str] | None = None) -> Iterator[tuple[str, list[dict]]]:
    """A server that answers each request with the same bytes. Yield its address, and the requests that it gets."""
    seen: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with serving(Handler) as url:
        yield url, seen


@contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """A program that is no server of HTTP: it sends some bytes and closes the connection, or sends nothing. Yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connections: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection = server.accept()[0]
                except OSError:
                    return
                connections.append(connection)
                if answer is not None:
                    connection.recv(1 << 16)
                    connection.sendall(answer)
                    # If it were closed before the whole request is read, the system would throw away the answer.
                    with suppress(OSError):  # the test may have ended
                        connection.shutdown(socket.SHUT_WR)
                        while connection.recv(1 << 16):
                            pass
                    connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        for connection in connections:
            connection.close()


def test_nothing_that_listens_means_that_anki_is_not_running(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": "## Q?\n\nA.\n"})
    with unused_port() as port:
        url = f"http://127.0.0.1:{port}"
        found = problem(url)
        result = run("push", deck, "--out", tmp_path / "out", "--url", url)
    assert (found.code, found.file) == ("anki-unreachable", url)
    assert "start Anki; its add-on AnkiConnect must be installed" in found.hint and "2055492159" in found.hint
    assert (result.returncode, result.stdout) == (1, "") and result.stderr.startswith(
        f"{url}: error: Anki does not answer: "
    )
    assert not (tmp_path / "out").exists() and not (deck / "deck.lock").exists(), (
        "nothing is built for an Anki that is not there"
    )


@pytest.mark.parametrize(
    "status, body",
    [(404, b"<h1>Not Found</h1>"), (200, b"AnkiConnect v.6"), (200, b"[]"), (200, b'{"result": 6}'), (500, b"")],
)
def test_another_server_is_recognised(status, body):
    with answering(status, body) as (url, _):
        assert problem(url).code == "ankiconnect-other"


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\x01"])
def test_a_program_without_http_is_recognised(answer):
    with listening(answer) as url:
        assert problem(url).code == "ankiconnect-other"


def test_a_connection_that_is_closed_means_that_anki_quit():
    with listening(b"") as url:
        found = problem(url)
    assert found.code == "anki-unreachable" and "did it quit?" in found.message


def test_no_answer_in_time_means_that_anki_is_busy():
    with listening(None) as url:
        found = problem(url, seconds=0.2)
    assert (found.code, found.message) == ("anki-busy", "Anki did not answer version in 0.2 seconds")


def test_an_answer_that_breaks_off_is_no_answer_of_ankiconnect():
    with answering(200, b'{"result": 6', {"Content-Length": "100"}) as (url, _):
        assert problem(url).code == "ankiconnect-other"


@pytest.mark.parametrize("version", [5, None, "6"])
def test_an_older_protocol_is_refused(version):
    with answering(200, json.dumps({"result": version, "error": None}).encode()) as (url, _):
        assert problem(url).code == "ankiconnect-old"


@pytest.mark.parametrize(
    "text, code",
    [
        ("valid api key must be provided", "ankiconnect-key"),
        ("unsupported action", "ankiconnect-old"),
        ("AnkiConnect.notesInfo() got an unexpected keyword argument 'query'", "ankiconnect-old"),
        ("collection is not available", "anki-no-collection"),
        ("'NoneType' object has no attribute 'find_notes'", "anki-no-collection"),
        ("Anki already open, or media currently syncing: database is locked", "anki-busy"),
        (f"something with {KEY}", "anki-refused"),
    ],
)
def test_errors_of_the_add_on_are_explained(text, code):
    with answering(200, json.dumps({"result": None, "error": text}).encode()) as (url, _):
        assert problem(url, KEY).code == code


def test_the_key_is_sent_to_no_other_address():
    with answering(200, b"{}") as (other, seen), answering(307, b"", {"Location": other}) as (url, asked):
        assert problem(url, KEY).code == "ankiconnect-other"
    assert asked[0]["key"] == KEY and not seen, "a redirect is not followed"


def test_no_proxy_is_used(monkeypatch, tmp_path):
    with answering(200, b"{}") as (proxy, seen), ankiconnect_server(tmp_path / "collection", KEY) as url:
        monkeypatch.setenv("http_proxy", proxy)
        assert Client(Connection(url, KEY)).require("User 1") == "User 1"
    assert not seen


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8765", "file:///etc/passwd", "http://", "http://[::1", "http://127.0.0.1:port", ""]
)
def test_an_address_without_http_is_refused(url):
    assert problem(url).code == "ankiconnect-url"


def test_a_key_is_not_sent_to_another_machine_without_encryption():
    found = problem("http://192.0.2.1:8765", KEY)
    assert found.code == "ankiconnect-url" and "without encryption" in found.message
    for url in ("http://localhost:8765", "http://[::1]:8765", "http://127.1.2.3:8765", "https://192.0.2.1"):
        Connection(url, KEY)


def test_an_answer_without_what_the_protocol_promises_is_an_error(tmp_path):
    for result in ({"noteId": 1}, 7, [{"noteId": 1, "modelName": "A", "tags": [], "fields": {"Front": "text"}}]):
        with answering(200, json.dumps({"result": result, "error": None}).encode()) as (url, _):
            client = Client(Connection(url))
            for ask in (client.find_notes, client.notes):
                with pytest.raises(DeckError) as error:
                    ask([1] if ask == client.notes else "deck:*")
                assert error.value.problems[0].code == "ankiconnect-other"


def test_notes_that_do_not_exist_are_left_out(tmp_path):
    with ankiconnect_server(tmp_path / "collection") as url:
        assert Client(Connection(url)).notes([1, 2]) == {}


def test_a_package_that_anki_cannot_read_is_an_error(tmp_path: Path):
    with ankiconnect_server(tmp_path / "collection") as url, pytest.raises(DeckError) as error:
        Client(Connection(url)).import_package(tmp_path / "missing.apkg")
    (found,) = error.value.problems
    assert found.code == "anki-refused" and found.message.startswith("Anki refuses importPackage: ")
