"""Ports of this machine for tests."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unused_port() -> Iterator[int]:
    """Yield a port at which no program listens, and which no other program gets by chance. A server that a test starts may open it.

    The port is bound, so the system gives it to nobody who asks for any free port. On Linux a server may open it
    nevertheless, because both sockets may reuse the address. On other systems the port is free during the block.
    """
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        if sys.platform != "linux":
            bound.close()
        yield port
