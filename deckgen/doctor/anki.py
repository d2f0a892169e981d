"""Checks of Anki on this machine, and of the add-on AnkiConnect."""

import json
import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

from deckgen.doctor.check import Check, State, shown_path

ADDRESS = "http://127.0.0.1:8765"
"""The address at which AnkiConnect answers if its configuration was not changed."""
_SECONDS = 2
_REMEDY = "start Anki; Tools → Add-ons → Get Add-ons, code 2055492159, installs AnkiConnect"


def anki_checks(address: str = ADDRESS) -> Iterator[Check]:
    """Yield the checks of the program Anki and of AnkiConnect at an address."""
    yield _anki()
    yield anki_connect(address)


def _anki() -> Check:
    purpose = "to study; packages are imported with File → Import"
    found = next((path for path in _places() if path.exists()), None)
    if found:
        return Check("Anki", State.OK, shown_path(found), purpose)
    return Check(
        "Anki", State.MISSING, "not found in the usual places", purpose, "install it from https://apps.ankiweb.net"
    )


def _places() -> Iterator[Path]:
    """The places where Anki's installers put it."""
    on_path = shutil.which("anki")
    if on_path:
        yield Path(on_path)
    if sys.platform == "darwin":
        yield from (Path("/Applications/Anki.app"), Path.home() / "Applications" / "Anki.app")
    if sys.platform == "win32":
        for variable in ("LOCALAPPDATA", "PROGRAMFILES"):
            yield Path(os.environ.get(variable, ""), "Programs", "Anki", "anki.exe")
            yield Path(os.environ.get(variable, ""), "Anki", "anki.exe")


def anki_connect(address: str) -> Check:
    """Check whether AnkiConnect answers at an address, and with which version of its protocol."""
    purpose = "to put cards into the running Anki"
    request = urllib.request.Request(address, json.dumps({"action": "version", "version": 6}).encode())
    # The address is on this machine: a proxy cannot know it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS) as response:
            answer = json.load(response)
    except (OSError, HTTPException) as error:
        return Check("AnkiConnect", State.MISSING, f"no answer from {address}: {_reason(error)}", purpose, _REMEDY)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "result" not in answer:
        found = f"another program answers at {address}"
        return Check("AnkiConnect", State.MISSING, found, purpose, "end that program, then start Anki")
    if answer.get("error"):
        return Check("AnkiConnect", State.OK, f"{address} answers: {answer['error']}", purpose)
    return Check("AnkiConnect", State.OK, f"version {answer['result']} at {address}", purpose)


def _reason(error: Exception) -> str:
    """The reason of a failed connection, in a few words."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(getattr(cause, "strerror", None) or cause or type(cause).__name__)
