"""Imports the code of a figure from its source text instead of from a file."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, spec_from_loader
from types import ModuleType

from deckgen.figures.guard import IMPORT_HINT, refuse
from deckgen.figures.sources import Module


class CodeFinder(MetaPathFinder, Loader):
    """Imports `modules` from their source text and refuses to import `others`. Does not read bytecode on disk."""

    def __init__(self, modules: Iterable[Module], others: frozenset[str] = frozenset()):
        self.modules = {module.name: module for module in modules}
        self.others = others

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return the spec of a module of the figure. None for modules of libraries."""
        if name in self.others:
            refuse(f"it imports {name} of this deck by a computed name", IMPORT_HINT)
        if name not in self.modules:
            return None
        module = self.modules[name]
        return spec_from_loader(name, self, origin=module.path, is_package=module.is_package)

    def exec_module(self, module: ModuleType) -> None:
        """Run the code of the module."""
        code = self.modules[module.__name__]
        module.__file__ = code.path
        # Without `optimize=0`, `python -O` would remove the assertions of the checks.
        exec(compile(code.source, code.path, "exec", dont_inherit=True, optimize=0), module.__dict__)

    def get_source(self, name: str) -> str:
        """Return the source text. Tracebacks show it, also on a machine that does not have the file."""
        return decode_source(self.modules[name].source)


@contextmanager
def importable(modules: tuple[Module, ...], others: frozenset[str] = frozenset()) -> Iterator[None]:
    """Make the modules importable by name inside the block, and restore `sys.modules` after it."""
    finder = CodeFinder(modules, others)
    before = {name: sys.modules.pop(name) for name in finder.modules if name in sys.modules}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.modules:
            sys.modules.pop(name, None)
        sys.modules.update(before)
