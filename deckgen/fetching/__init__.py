"""Downloads the remote media of a deck, once and on request. A build never uses the network."""

from deckgen.fetching.store import FetchResult, fetch_media

__all__ = ["FetchResult", "fetch_media"]
