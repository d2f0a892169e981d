"""Downloads one file over HTTP: with a time limit and a size limit, and from public addresses only."""

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from typing import IO
from urllib.parse import quote, urlsplit

from msgspec import Struct

from deckgen import __version__

_CHUNK = 64 * 1024
_SCHEMES = ("http", "https")


class FetchError(Exception):
    """Why a file was not downloaded."""


class Limits(Struct, frozen=True):
    """`seconds` for a whole download, `bytes` of a file. With `private`, addresses of this machine and of private networks are allowed."""

    seconds: float = 30
    bytes: int = 10 * 1024 * 1024
    private: bool = False


def download(address: str, limits: Limits) -> bytes:
    """The bytes at a web address. Raises FetchError."""
    url = _url(address)
    _require_allowed(url, limits)
    opener = urllib.request.OpenerDirector()
    handlers = (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(limits),
    )
    for handler in handlers:
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers={"User-Agent": f"deckgen/{__version__}"})
    end = time.monotonic() + limits.seconds
    try:
        with opener.open(request, timeout=limits.seconds) as response:
            return _read(response, limits, end)
    except urllib.error.HTTPError as error:
        raise FetchError(f"the server answers {error.code} {error.reason}") from error
    except TimeoutError as error:
        raise FetchError(f"not downloaded in {limits.seconds:g} seconds") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise FetchError(f"not downloaded in {limits.seconds:g} seconds") from error
        raise FetchError(f"the server is not reached: {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"the server is not reached: {error}") from error


def _read(response: IO[bytes], limits: Limits, end: float) -> bytes:
    """The body of a response. The time limit of the socket holds for each piece alone, so the sum is counted."""
    data = bytearray()
    while piece := response.read1(_CHUNK) if hasattr(response, "read1") else response.read(_CHUNK):
        data += piece
        if len(data) > limits.bytes:
            raise FetchError(f"larger than {limits.bytes / 1024 / 1024:g} MiB")
        if time.monotonic() > end:
            raise TimeoutError
    return bytes(data)


def _url(address: str) -> str:
    """The address as it is sent: `//host/a b.png` has a scheme and no spaces."""
    url = f"https:{address}" if address.startswith("//") else address
    return quote(url.partition("#")[0], safe="%/:=&?~+!$,;'@()*[]")


def _require_allowed(url: str, limits: Limits) -> None:
    """Raise FetchError if an address is not of the web, or if its host is this machine or in a private network."""
    parts = urlsplit(url)
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname:
        raise FetchError("not a web address")
    if limits.private:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise FetchError(f"the host {parts.hostname} is not found") from error
    if not all(ipaddress.ip_address(str(host[4][0]).partition("%")[0]).is_global for host in found):
        raise FetchError(f"the host {parts.hostname} is of this machine or a private network (--private allows it)")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to allowed addresses only."""

    max_redirections = 5

    def __init__(self, limits: Limits):
        self._limits = limits

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The request of the next address. Raises FetchError if it is not allowed."""
        _require_allowed(newurl, self._limits)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
