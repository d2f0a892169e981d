"""Libraries that other libraries import at their start, and rarely use. They are loaded when they are first used.

`importlib.util.LazyLoader` does the same, but up to Python 3.11 it loads a module already when it is imported a second time.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

RARELY_USED = {
    "charset_normalizer": (),
    "chevron": (),
    "soupsieve": (),
    "difflib": (),
    "pickle": (),
    "subprocess": (),
    "urllib.request": ("pathname2url", "url2pathname"),
}
"""Modules, and those of their functions that libraries import by name.

Beautiful Soup uses soupsieve for CSS selectors, and charset_normalizer for files of an unknown encoding. genanki uses chevron
for note types without a list of required fields. pymdown-extensions uses the functions for paths of files, and loads the client of HTTP
for them. To load all this takes a fourth of the time in which a build starts."""


def import_lazily(modules: Mapping[str, Iterable[str]]) -> None:
    """Let the next `import` of these modules give a module that is loaded when something of it is used.

    The values are the functions that are imported by name: they load the module when they are called.

    Modules that are missing stay missing, and modules that are loaded stay as they are. Name no package whose modules are imported by
    themselves (`import asyncio.queues`): they would be loaded twice.
    """
    for name, own in modules.items():
        if name not in sys.modules and (spec := find_spec(name)):
            module = sys.modules[name] = _LazyModule(name)
            module.__spec__ = spec
            module.__dict__.update({each: module.later(each) for each in own})
            package, _, last = name.rpartition(".")
            if package:
                setattr(sys.modules[package], last, module)


@contextmanager
def imported_lazily(*names: str) -> Iterator[None]:
    """Let the libraries that are imported in the block get these modules lazily, and nothing else."""
    new = [name for name in names if name not in sys.modules]
    import_lazily(dict.fromkeys(new, ()))
    try:
        yield
    finally:
        for name in new:
            if isinstance(sys.modules.get(name), _LazyModule):
                del sys.modules[name]


class _LazyModule(ModuleType):
    """A module that is not loaded yet. Then it has all that the module has."""

    def later(self, name: str) -> Callable[..., Any]:
        """Return a function that loads the module and calls its function of this name."""
        return lambda *arguments, **more: self.__getattr__(name)(*arguments, **more)

    def __getattr__(self, name: str) -> Any:
        # `from module import name` first asks whether the module is a package.
        if name == "__path__" and self.__spec__ and self.__spec__.submodule_search_locations is None:
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        loaded = import_module(self.__name__)
        self.__dict__.update(loaded.__dict__)
        return getattr(loaded, name)
