"""Build a deck and push it into a running Anki, once or again after each change."""

import hashlib
from pathlib import Path

from msgspec import Struct

from deckgen.ankiconnect import Client, Guids
from deckgen.identity.lock import Lock
from deckgen.last_build import LastBuild, options_of
from deckgen.pictures import FigureOptions, Progress
from deckgen.pipeline import BuildResult, build
from deckgen.push.push import PushResult, push_package
from deckgen.push.retired import Retire
from deckgen.sources import read_lock, read_project


class PushOptions(Struct, frozen=True):
    """The deck's folder, the folder for packages, and how to build and push.

    If `profile` is not "", another profile of Anki is refused. If `execute` is false, no code of the deck runs.
    """

    root: Path
    out: Path
    retire: Retire = Retire.NONE
    profile: str = ""
    strict: bool = False
    execute: bool = True


class Push(Struct, frozen=True):
    """A build that was pushed. `lock` is the deck's lock after the build. `profile` is "" if the add-on does not say it."""

    built: BuildResult
    lock: Lock
    profile: str
    done: PushResult


class Pusher:
    """Pushes a deck. It remembers what it pushed, so that a build that changes nothing is not pushed again."""

    def __init__(self, client: Client, options: PushOptions):
        self._client, self._options = client, options
        self._guids = Guids(client)
        self._profile = options.profile
        self._pushed = ""

    def push(self, now: int, progress: Progress) -> Push | None:
        """Build and push. None if the package is the one of the last push. `now` is the time of the build in seconds (Unix time).

        All pushes go into the same profile. Raises DeckError if Anki does not answer or refuses, or if the deck has errors. Nothing is
        built if Anki does not answer.
        """
        root = self._options.root
        self._profile = self._client.require(self._profile)
        built = self._build(now, progress)
        digest = hashlib.sha256(built.package.read_bytes()).hexdigest()
        if digest == self._pushed:
            return None
        project, lock = read_project(root), read_lock(root)[1]
        progress("pushing", 0, 1)
        done = push_package(self._client, built, project, lock, self._guids, self._options.retire)
        progress("pushing", 1, 1)
        self._pushed = digest
        return Push(built, lock, self._profile, done)

    def _build(self, now: int, progress: Progress) -> BuildResult:
        """Build the deck, unless nothing changed since the last build."""
        options = self._options
        last = LastBuild(options.root, options.out, options_of(options.strict, options.execute))
        return last.unchanged() or build(
            options.root,
            options.out,
            now,
            strict=options.strict,
            locked=False,
            progress=progress,
            options=FigureOptions(execute=options.execute),
            last=last,
        )
