"""The page on 127.0.0.1: the list and the cards as JSON, media and MathJax as files, and an event for each change."""

import asyncio
import contextlib
import json
import mimetypes
import os
import socket
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from watchfiles import Change, awatch

from deckgen.preview.live import LiveDeck, Snapshot
from deckgen.preview.page import FILES, PAGE, mathjax_folder
from deckgen.preview.payload import cards_payload, deck_payload
from deckgen.problems import DeckError

_HOST = "127.0.0.1"
_REMEMBERED = 8
"""How many snapshots are kept that a page may have: it asks for what changed since."""
_IDLE = 0.5
"""Seconds without a change after which the lints run."""
_BEAT = 15.0
"""Seconds between two signs of life to a page, so that a closed tab is noticed."""
# A picture that holds a script must not run it when it is opened by itself.
_INERT = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def listen(port: int) -> socket.socket:
    """Open a port on 127.0.0.1. Raises DeckError if another program uses it, or if this user may not open it."""
    try:
        return socket.create_server((_HOST, port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise DeckError.at(
            f"http://{_HOST}:{port}/",
            f"the port cannot be opened: {reason}",
            code="port-taken",
            hint="choose another --port",
        ) from error


def serve(root: Path, port: socket.socket, *, execute: bool = True) -> None:
    """Show the deck in `root` on a port that `listen` opened, until the process is interrupted."""
    with TemporaryDirectory(prefix="deckgen-preview-") as pictures:
        preview = Preview(root, Path(pictures), execute=execute)
        config = uvicorn.Config(preview.app(), log_level="warning", timeout_graceful_shutdown=1)
        _Server(config, preview).run([port])


class _Server(uvicorn.Server):
    """Ends the streams of events first: uvicorn waits until all answers are complete."""

    def __init__(self, config: uvicorn.Config, preview: "Preview"):
        super().__init__(config)
        self._preview = preview

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._preview.stop()
        await super().shutdown(sockets)


class Preview:
    """The web application. It reads the deck at its start and whenever a file below `root` changes."""

    def __init__(self, root: Path, pictures: Path, *, execute: bool = True):
        self._deck = LiveDeck(root, pictures, self._on_picture, execute=execute)
        self._changed = asyncio.Condition()
        self._again = asyncio.Event()
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._media = True
        self._pictures = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._completing = asyncio.Lock()
        self._shown: dict[str, Snapshot] = {}

    def app(self) -> Starlette:
        """The application for an ASGI server."""
        routes = [
            Route("/", lambda _: FileResponse(FILES["index.html"])),
            Route("/card/index.html", lambda _: FileResponse(PAGE / "card.html")),
            Route("/api/deck", self._list),
            Route("/api/cards/{key:path}", self._cards),
            Route("/api/events", self._events),
            Route("/card/{name}", self._file),
            Mount("/mathjax", StaticFiles(directory=mathjax_folder())),
            Route("/source.js", lambda _: FileResponse(PAGE / "source.js")),
            Route("/{name}", self._own_file),
        ]
        # Other sites must not read the notes through a name that leads to this address.
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[_HOST, "localhost"])
        return Starlette(routes=routes, middleware=[hosts], lifespan=self._lifespan)

    async def stop(self) -> None:
        """End the streams of events."""
        self._stop.set()
        await self._tell()

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._work())]
        self._again.set()
        yield
        self._stop.set()
        for task in tasks:
            task.cancel()
        self._deck.close()

    async def _watch(self) -> None:
        async for changes in awatch(self._deck.root, stop_event=self._stop, debounce=50, step=10):
            self._media = self._media or any(_beyond_notes(change, path) for change, path in changes)
            self._again.set()

    async def _work(self) -> None:
        """Show what changed first, and what takes longer when nothing more changes."""
        while True:
            await self._again.wait()
            self._again.clear()
            media, self._media = self._media, False
            pictures, self._pictures = self._pictures, False
            await to_thread.run_sync(partial(self._deck.refresh, media=media, pictures=pictures))
            await self._tell()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._again.wait(), _IDLE)
                continue
            completing = asyncio.create_task(self._complete())
            self._tasks.add(completing)
            completing.add_done_callback(self._tasks.discard)

    async def _complete(self) -> None:
        async with self._completing:
            await to_thread.run_sync(self._deck.complete)
        await self._tell()

    def _on_picture(self) -> None:
        self._pictures = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._again.set)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _list(self, request: Request) -> Response:
        snapshot = self._deck.snapshot
        since = self._shown.get(request.query_params.get("since", ""))
        self._shown[str(snapshot.number)] = snapshot
        for old in list(self._shown)[:-_REMEMBERED]:
            del self._shown[old]
        return Response(deck_payload(snapshot, since), media_type="application/json")

    async def _cards(self, request: Request) -> Response:
        snapshot = self._deck.snapshot
        key = request.path_params["key"]
        if key not in snapshot.notes:
            return JSONResponse({"error": "no note has this address"}, 404)
        return JSONResponse(cards_payload(snapshot.cards(key)))

    async def _own_file(self, request: Request) -> Response:
        path = FILES.get(request.path_params["name"])
        return FileResponse(path) if path else Response(status_code=404)

    async def _file(self, request: Request) -> Response:
        media = self._deck.snapshot.media.get(request.path_params["name"])
        if media is None or not media.path.is_file():
            return Response(status_code=404)
        kind = mimetypes.guess_type(media.path.name)[0] or "application/octet-stream"
        return FileResponse(media.path, media_type=kind, headers=_INERT)

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._numbers(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _numbers(self) -> AsyncIterator[str]:
        """The number of each snapshot, as server-sent events."""
        sent = -1
        while not self._stop.is_set():
            number = self._deck.snapshot.number
            if number != sent:
                sent = number
                yield f"data: {json.dumps(number)}\n\n"
                continue
            try:
                async with self._changed:
                    await asyncio.wait_for(self._changed.wait(), _BEAT)
            except TimeoutError:
                yield ": here\n\n"


def _beyond_notes(change: Change, path: str) -> bool:
    """Whether a change can concern more than notes, their look and settings: media, figures."""
    return not path.endswith((".md", ".lock", ".css", ".toml"))
