"""Send one request of AnkiConnect's protocol, and read its answer."""

import http.client
import ipaddress
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from deckgen.ankiconnect.errors import no_answer, other_server, refused, unreachable, wrong_url

DEFAULT_URL = "http://127.0.0.1:8765"
KEY_VARIABLE = "ANKICONNECT_API_KEY"
"""The environment variable with the key of the add-on."""
VERSION = 6
"""The version of the protocol."""
_SECONDS = 30.0  # for one answer; Anki answers between two of its own actions
_LARGEST = 512 * 1024 * 1024  # bytes of an answer


class Connection:
    """The address of AnkiConnect and its key. Nothing is sent before the first `call`.

    `seconds` limits the time until an answer begins, and between its parts.

    No proxy is used, and no redirect is followed: the key goes to this address only. Raises DeckError if the address cannot be
    used, or if the key would be sent to another machine without encryption.
    """

    def __init__(self, url: str = DEFAULT_URL, key: str = "", seconds: float = _SECONDS):
        self.url = url
        self._seconds = seconds
        self._key = key
        _require_usable(url, key)
        self._opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
            self._opener.add_handler(handler)

    def call(self, action: str, *, seconds: float | None = None, **params: Any) -> Any:
        """The result of an action. `seconds` is another time limit, for an action that takes long. Raises DeckError, which never has the key."""
        request = {"action": action, "version": VERSION, "params": params} | ({"key": self._key} if self._key else {})
        status, body = self._send(json.dumps(request).encode(), action, seconds or self._seconds)
        answer = self._answer(status, body)
        if answer["error"] is not None:
            message = str(answer["error"])
            raise refused(self.url, action, message.replace(self._key, "…") if self._key else message, KEY_VARIABLE)
        return answer["result"]

    def _send(self, body: bytes, action: str, seconds: float) -> tuple[int, bytes]:
        """The status and the body of the answer to a request."""
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            with self._opener.open(request, timeout=seconds) as response:
                return response.status, response.read(_LARGEST)
        except TimeoutError as error:
            raise no_answer(self.url, action, seconds) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise no_answer(self.url, action, seconds) from error
            reason = error.reason.strerror if isinstance(error.reason, OSError) else None
            raise unreachable(self.url, reason or str(error.reason)) from error
        except (ConnectionError, http.client.RemoteDisconnected) as error:
            raise unreachable(self.url, "it closed the connection; did it quit?") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise other_server(self.url, f"it is not HTTP ({type(error).__name__})") from error

    def _answer(self, status: int, body: bytes) -> dict[str, Any]:
        """The answer as an object with the keys `result` and `error`."""
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise other_server(self.url, f"HTTP status {status}, and no JSON") from error
        if not isinstance(answer, dict) or not {"result", "error"} <= answer.keys():
            raise other_server(self.url, f"HTTP status {status}, without result and error")
        return answer


def _require_usable(url: str, key: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise wrong_url(url, f"is not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise wrong_url(url, "is not an address of HTTP")
    if key and parts.scheme == "http" and not _is_this_machine(host):
        raise wrong_url(url, f"the key in {KEY_VARIABLE} is not sent to another machine without encryption (use https)")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
