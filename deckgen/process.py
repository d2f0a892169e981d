"""What makes a process of deckgen start and run faster: its commands, and the processes that read note files."""

import gc

from deckgen.lazy_imports import RARELY_USED, import_lazily

_NEW_OBJECTS = 100_000  # after so many new objects, Python looks for cycles; its default is 700


def prepare_process() -> None:
    """Load some modules only when they are used, and look for cycles of objects rarely. Call this before other modules are imported."""
    import_lazily(RARELY_USED)
    # A deck has many objects that live until the end. By default they are searched for cycles again and again.
    gc.set_threshold(_NEW_OBJECTS)
