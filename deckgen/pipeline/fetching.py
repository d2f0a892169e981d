"""deckgen fetch-media: the remote media that the notes of a deck name."""

from pathlib import Path

from deckgen.fetching import FetchResult, Limits, fetch_media
from deckgen.model import Media
from deckgen.pictures import Progress
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.reading import read_notes
from deckgen.problems import FigureError
from deckgen.render import Renderer
from deckgen.sources import files_of, read_lock, read_project


def fetch_remote_media(root: Path, limits: Limits, progress: Progress) -> FetchResult:
    """Download the media at web addresses that the notes name and the deck does not have. Nothing else is written.

    Raises DeckError if the deck or the list of downloaded files cannot be read.
    """
    project = read_project(root)
    files = files_of(project, read_lock(root)[1])
    with Caches() as caches:
        read = read_notes(files, progress, caches)
        caches.save()
    renderer = Renderer(root, _no_figure, files[0].options, files[0].settings.notetypes)
    addresses: dict[str, tuple[str, int]] = {}
    for note in read.notes:
        for address in renderer.remote_references(note):
            addresses.setdefault(address, (note.file, note.line))
    return fetch_media(root, addresses, limits, progress)


def _no_figure(ref: str) -> Media:
    raise FigureError(f"{ref} is not looked up", code="figure-missing")
