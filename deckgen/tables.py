"""Tables whose rows are in modules of their own: a new row is a new file."""

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from typing import TypeVar

Row = TypeVar("Row")


def rows_of(package: str, path: Sequence[str], kind: type[Row]) -> tuple[Row, ...]:
    """All values of type `kind` that the modules of a package define, by the modules' names.

    `package` and `path` are the package's `__name__` and `__path__`.
    """
    modules = [import_module(f"{package}.{name}") for name in sorted(each.name for each in pkgutil.iter_modules(path))]
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, kind))
