"""deckgen fetch-media against a server of this machine: what is stored, what is refused, and that builds need no network."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from decks import PIXEL, build, run, write_deck

from deckgen.fetching import Limits
from deckgen.fetching.download import FetchError, download
from deckgen.fetching.kinds import suffix_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>'
NOW = 1_700_000_000


class _Handler(BaseHTTPRequestHandler):
    requests: list[str]

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        body = {"/a.png": PIXEL, "/b%20c.png": PIXEL + b"1", "/page.png": b"<html>not here</html>", "/d": SVG}.get(
            self.path
        )
        if self.path == "/large.png":
            body = PIXEL + bytes(2 * 1024 * 1024)
        if self.path == "/slow.png":
            self._send_slowly()
            return
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(body or b"")

    def _send_slowly(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(40):
            self.wfile.write(PIXEL[:1])
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.requests = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def site(server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def deck(folder: Path, *addresses: str) -> Path:
    notes = "".join(f"## What is shown in {n}?\n\n![a picture]({each})\n\n" for n, each in enumerate(addresses, 1))
    return write_deck(folder, {"notes.md": notes})


def fetched(folder: Path) -> list[dict[str, str]]:
    manifest = folder / "fetched" / "manifest.jsonl"
    return [json.loads(line) for line in manifest.read_text().splitlines()] if manifest.exists() else []


def test_pictures_are_stored_with_their_addresses_and_packed(tmp_path, server, site):
    folder = deck(tmp_path / "deck", f"{site}/b%20c.png", f"{site}/a.png", f"{site}/d")
    result = run("fetch-media", folder, "--private")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("3 files downloaded, 0 there before\n")
    rows = fetched(folder)
    assert [row["address"] for row in rows] == [f"{site}/a.png", f"{site}/b%20c.png", f"{site}/d"]
    for row in rows:
        data = (folder / "fetched" / row["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        assert row["sha256"][:16] in row["file"]
    assert [row["file"].rpartition("-")[0] for row in rows] == ["a", "b-c", "d"]
    assert rows[2]["file"].endswith(".svg")
    server.requests.clear()
    summary = build(folder, tmp_path / "out", NOW, "--strict")
    assert server.requests == []
    assert summary["media"] == 3


def test_what_is_there_is_not_downloaded_again_unless_it_is_damaged(tmp_path, server, site):
    folder = deck(tmp_path / "deck", f"{site}/a.png")
    run("fetch-media", folder, "--private")
    before = {path.name: path.read_bytes() for path in (folder / "fetched").iterdir()}
    server.requests.clear()
    assert run("fetch-media", folder, "--private").stdout == "0 files downloaded, 1 there before\n"
    assert server.requests == []
    picture = next((folder / "fetched").glob("*.png"))
    picture.write_bytes(b"other")
    checked = run("check", folder)
    assert checked.returncode == 1
    assert "[fetched-damaged]" in checked.stderr
    assert run("fetch-media", folder, "--private").returncode == 0
    assert {path.name: path.read_bytes() for path in (folder / "fetched").iterdir()} == before


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/none.png", "the server answers 404 Not Found"),
        ("/page.png", "no picture, sound or film that Anki shows, by its bytes"),
        ("/large.png", "larger than 1 MiB"),
        ("/to/ftp://example.org/a.png", "not a web address"),
    ],
)
def test_what_is_refused_is_told_at_its_note_and_nothing_is_stored(tmp_path, site, path, message):
    folder = deck(tmp_path / "deck", f"{site}{path}")
    result = run("fetch-media", folder, "--private", "--max-size", 1)
    assert result.returncode == 1
    assert result.stderr == f"{folder}/notes.md:1:1: error: {site}{path}: {message} [fetch-failed]\n"
    assert fetched(folder) == []
    assert not [*folder.glob("fetched/*")]


def test_one_that_fails_keeps_the_others(tmp_path, site):
    folder = deck(tmp_path / "deck", f"{site}/none.png", f"{site}/a.png")
    result = run("fetch-media", folder, "--private")
    assert (result.returncode, len(fetched(folder))) == (1, 1)


def test_addresses_of_this_machine_are_refused_unless_allowed(tmp_path, server, site):
    folder = deck(tmp_path / "deck", f"{site}/a.png")
    result = run("fetch-media", folder)
    assert result.returncode == 1
    assert "the host 127.0.0.1 is of this machine or a private network (--private allows it)" in result.stderr
    assert server.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/a.png",
        "http://[::1]/a.png",
        "http://169.254.169.254/latest",
        "http://localhost/a",
        "http://0/a",
    ],
)
def test_private_addresses_are_not_asked(address):
    with pytest.raises(FetchError, match="of this machine or a private network"):
        download(address, Limits())


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://example.org/a.png", "http://", "data:image/png,x"])
def test_other_schemes_are_not_opened(address):
    with pytest.raises(FetchError, match="not a web address"):
        download(address, Limits(private=True))


def test_a_server_that_sends_slowly_is_given_up(site):
    with pytest.raises(FetchError, match="not downloaded in 0.5 seconds"):
        download(f"{site}/slow.png", Limits(seconds=0.5, private=True))


def test_a_manifest_that_is_damaged_stops_with_its_line(tmp_path):
    folder = write_deck(deck(tmp_path / "deck", "https://example.org/a.png"), {"fetched/manifest.jsonl": "\n{]\n"})
    for command in ("check", "fetch-media"):
        result = run(command, folder)
        assert result.returncode == 1
        assert "manifest.jsonl:2:1: error: is not an entry of the manifest" in result.stderr


def test_a_manifest_cannot_name_a_file_outside_of_its_folder(tmp_path):
    row = {"address": "https://example.org/a.png", "file": "../a.png", "sha256": hashlib.sha256(PIXEL).hexdigest()}
    files = {"a.png": PIXEL, "fetched/manifest.jsonl": json.dumps(row)}
    result = run("check", write_deck(deck(tmp_path / "deck", row["address"]), files))
    assert "[fetched-manifest]" in result.stderr


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (PIXEL, "png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (b"\0\0\0\x20ftypisom", "mp4"),
        (b"ID3\x04", "mp3"),
        (SVG, "svg"),
        (b'<?xml version="1.0"?>\n<!-- made -->\n' + SVG, "svg"),
        (SVG.replace(b"<rect", b"<script>alert(1)</script><rect"), None),
        (SVG.replace(b"<rect", b'<rect onload="x()"'), None),
        (SVG.replace(b"<rect", b'<image href="https://example.org/a.png"/><rect'), None),
        (b"<html>", None),
        (b"", None),
        (b"MZ", None),
    ],
)
def test_the_kind_of_a_file_is_seen_in_its_bytes(data, suffix):
    assert suffix_of(data) == suffix
