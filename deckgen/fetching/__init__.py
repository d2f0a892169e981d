"""Downloads the remote media of a deck, once and on request. A build never uses the network."""

from deckgen.fetching.download import Limits
from deckgen.fetching.store import FetchResult, fetch_media

__all__ = ["FetchResult", "Limits", "fetch_media"]
