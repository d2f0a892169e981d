"""A relay between a tool and AnkiConnect: each request has a connection of its own.

AnkiConnect closes a connection right after its answer, and does not say so before. AnkiOps keeps its connection. So its next request fails
if it arrives in the same moment, most often on a busy machine. That is no property of how AnkiOps treats notes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.request import ProxyHandler, Request, build_opener

_SECONDS = 60
_OPENER = build_opener(ProxyHandler({}))


@contextmanager
def relay(port: int, target: int) -> Iterator[None]:
    """Listen at a port of this machine, and pass each request to the port `target`. Responses end their connection, and say so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with _OPENER.open(Request(f"http://127.0.0.1:{target}", body), timeout=_SECONDS) as response:
                answer = response.read()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
