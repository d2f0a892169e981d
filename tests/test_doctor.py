"""Tests `deckgen doctor`: what it finds, what it says is missing, and its exit status."""

import json
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from decks import run_process

from deckgen import DISTRIBUTION, __version__
from deckgen.doctor import libraries
from deckgen.doctor.anki import anki_connect
from deckgen.doctor.check import State, shown_path
from deckgen.doctor.install import library_command, program_command
from deckgen.doctor.libraries import extra_command
from deckgen.doctor.uv_tool import uv_command

STATES = {"ok", "missing", "wrong"}


def doctor(**environment: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Run the command. Return its status and its checks by name."""
    result = run_process("doctor", "--json", **environment)
    assert result.stderr == ""
    return result.returncode, {check["name"]: check for check in json.loads(result.stdout)}


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """A server on this machine that answers each request with `body`. Yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def write_distribution(folder: Path, name: str, version: str) -> None:
    """Write the metadata of an installed package."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_the_report_has_all_checks_and_each_missing_thing_has_a_remedy():
    status, checks = doctor()
    assert status == 0
    assert {
        *("system", "Python", "deckgen", "libraries", "extra figures", "extra preview", "extra verify"),
        *("git", "browser", "Graphviz", "Mermaid", "Anki", "AnkiConnect"),
    } <= checks.keys()
    assert {check["state"] for check in checks.values()} <= STATES - {"wrong"}
    assert checks["deckgen"]["found"] == __version__
    assert "genanki " in checks["libraries"]["found"]
    for name, check in checks.items():
        assert check["state"] == "ok" or check["remedy"] or name == "Chinese fonts", name


def test_the_text_shows_the_same_checks():
    result = run_process("doctor")
    _, checks = doctor()
    *shown, verdict = result.stdout.splitlines()
    lines = [line for line in shown if not line.startswith(" ")]
    assert [line[9:].split("  ")[0] for line in lines] == list(checks)
    assert {line.split()[0] for line in lines} <= STATES
    assert verdict.startswith("deckgen works")


def test_programs_that_are_not_on_the_path_are_missing(tmp_path):
    status, checks = doctor(PATH=str(tmp_path))
    assert status == 0
    assert checks["git"] == {
        "name": "git",
        "state": "missing",
        "found": "not found",
        "purpose": "deckgen release, and to share a deck",
        "remedy": "install it from https://git-scm.com",
    }
    assert "git author" not in checks


def test_an_author_that_git_does_not_know_is_reported(tmp_path):
    _, checks = doctor(HOME=str(tmp_path), GIT_CONFIG_NOSYSTEM="1", XDG_CONFIG_HOME=str(tmp_path))
    assert checks["git author"]["found"] == "user.name and user.email not set"
    assert checks["git author"]["remedy"].startswith("git config --global user.name")


def test_a_library_in_a_version_that_is_too_old_is_missing(tmp_path):
    write_distribution(tmp_path, "anki", "2.1.50")
    status, checks = doctor(PYTHONPATH=str(tmp_path))
    assert (status, checks["extra verify"]["state"]) == (0, "missing")
    assert checks["extra verify"]["found"] == "anki 2.1.50 is not >=23.12.1"
    assert checks["extra verify"]["remedy"].endswith("install 'anki>=23.12.1'")


def test_a_required_library_in_a_wrong_version_fails(tmp_path):
    write_distribution(tmp_path, "deflate", "0.1")
    status, checks = doctor(PYTHONPATH=str(tmp_path))
    assert (status, checks["libraries"]["state"]) == (1, "wrong")
    assert checks["libraries"]["found"] == "deflate 0.1 is not ==0.9.0"


def test_another_project_with_the_name_deckgen_fails(tmp_path):
    write_distribution(tmp_path, "deckgen", "0.10.4")
    status, checks = doctor(PYTHONPATH=str(tmp_path))
    assert (status, checks["another deckgen"]["state"]) == (1, "wrong")
    assert DISTRIBUTION in checks["another deckgen"]["remedy"]


def test_anki_connect_that_answers_is_found():
    with answering(b'{"result": 6, "error": null}') as address:
        check = anki_connect(address)
    assert (check.state, check.found, check.remedy) == (State.OK, f"version 6 at {address}", "")


def test_anki_connect_that_wants_a_key_is_found():
    with answering(b'{"result": null, "error": "valid api key must be provided"}') as address:
        check = anki_connect(address)
    assert (check.state, check.found) == (State.OK, f"{address} answers: valid api key must be provided")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"\xff"])
def test_another_program_at_the_address_is_not_anki_connect(body):
    with answering(body) as address:
        check = anki_connect(address)
    assert (check.state, check.found) == (State.MISSING, f"another program answers at {address}")


def test_a_port_without_a_server_is_reported():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        check = anki_connect(address)
    assert check.state is State.MISSING and check.found.startswith(f"no answer from {address}: ")
    assert "2055492159" in check.remedy


def test_a_server_that_speaks_no_http_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            connection, _ = server.accept()
            connection.recv(10)
            connection.sendall(b"220 mail\r\n")
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        check = anki_connect(f"http://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert check.state is State.MISSING


def test_no_path_of_the_report_has_the_name_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "somebody"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "somebody"))
    assert shown_path(tmp_path / "somebody" / "bin" / "anki") == f"~{os.sep}bin{os.sep}anki"
    assert shown_path(tmp_path / "somebody else") == str(tmp_path / "somebody else")


@pytest.mark.parametrize(
    "file, command",
    [
        ("pipx_metadata.json", f"pipx inject {DISTRIBUTION} 'anki>=23.12.1'"),
        ("uv-receipt.toml", f"uv tool install {DISTRIBUTION} --with 'anki>=23.12.1'"),
    ],
)
def test_the_command_installs_into_the_environment_of_this_deckgen(tmp_path, monkeypatch, file, command):
    """pipx and uv write these files into the environments that they make."""
    (tmp_path / file).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert library_command(["anki>=23.12.1"]) == command


@pytest.mark.parametrize(
    "rows, tool, added",
    [
        ('{ name = "deckgen-anki" }', "deckgen-anki", ""),
        (
            '{ name = "deckgen-anki", extras = ["figures"], specifier = ">=0.1" }, { name = "anki" }, { name = "scipy" }',
            "'deckgen-anki[figures]>=0.1'",
            "--with scipy ",
        ),
        ('{ name = "deckgen-anki", path = "HOME/a b.whl" }', "deckgen-anki@HOME_URI/a%20b.whl", ""),
        ('{ name = "deckgen-anki", editable = "HOME" }', "deckgen-anki@HOME_URI", ""),
        ('{ name = "deckgen-anki", url = "https://e.org/d.whl" }', "deckgen-anki@https://e.org/d.whl", ""),
        (
            '{ name = "deckgen-anki", git = "https://e.org/d.git?rev=v1&subdirectory=x" }',
            "'deckgen-anki@git+https://e.org/d.git@v1#subdirectory=x'",
            "",
        ),
        ('{ name = "!" }', "deckgen-anki", ""),
        ("1", "deckgen-anki", ""),
    ],
)
def test_the_command_for_uv_names_all_that_is_installed(tmp_path, rows, tool, added):
    """uv removes what the command does not name, and takes deckgen from the index if it names no other place."""
    receipt = tmp_path / "uv-receipt.toml"
    receipt.write_text(f"[tool]\nrequirements = [{rows.replace('HOME', tmp_path.as_posix())}]\n")
    tool = tool.replace("HOME_URI", tmp_path.as_uri())
    assert uv_command(receipt, ["anki>=23"]) == f"uv tool install {tool} {added}--with 'anki>=23'"


def test_the_first_package_manager_that_is_installed_is_named(tmp_path, monkeypatch):
    (tmp_path / "dnf").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    packages = {"apt-get": "graphviz", "dnf": "graphviz"}
    assert program_command(packages, "install it") == "sudo dnf install graphviz"
    assert program_command({"apt-get": "graphviz"}, "install it") == "install it"


def test_a_missing_extra_names_the_command_of_this_installation(monkeypatch, tmp_path):
    """As `deckgen doctor` does: pip cannot add libraries to an environment of pipx that has no pip on the path."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    (tmp_path / "pipx_metadata.json").touch()
    monkeypatch.setattr(libraries, "_is_installed", lambda wanted: wanted.name != "uvicorn")
    assert re.fullmatch(rf"pipx inject {DISTRIBUTION} 'uvicorn>=[\d.]+'", extra_command("preview"))
    assert extra_command("verify") == f"pipx inject {DISTRIBUTION} '{DISTRIBUTION}[verify]'"
