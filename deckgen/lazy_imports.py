"""Libraries that other libraries import at their start, and rarely use. They are loaded when they are first used.

`importlib.util.LazyLoader` does the same, but up to Python 3.11 it loads a module already when it is imported a second time.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

RARELY_USED = ("charset_normalizer", "chevron", "soupsieve")
"""Beautiful Soup uses soupsieve for CSS selectors, and charset_normalizer for files of an unknown encoding. genanki uses chevron
for note types without a list of required fields. To load them takes a fifth of the time in which a build starts."""


def import_lazily(*names: str) -> None:
    """Let the next `import` of these modules give a module that is loaded when something of it is used.

    Modules that are missing stay missing, and modules that are loaded stay as they are. Name no package whose modules are imported by
    themselves (`import asyncio.queues`): they would be loaded twice.
    """
    for name in names:
        if name not in sys.modules and (spec := find_spec(name)):
            sys.modules[name] = _LazyModule(name)
            sys.modules[name].__spec__ = spec


@contextmanager
def imported_lazily(*names: str) -> Iterator[None]:
    """Let the libraries that are imported in the block get these modules lazily, and nothing else."""
    new = [name for name in names if name not in sys.modules]
    import_lazily(*new)
    try:
        yield
    finally:
        for name in new:
            if isinstance(sys.modules.get(name), _LazyModule):
                del sys.modules[name]


class _LazyModule(ModuleType):
    """A module that is not loaded yet. Then it has all that the module has."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        loaded = import_module(self.__name__)
        self.__dict__.update(loaded.__dict__)
        return getattr(loaded, name)
