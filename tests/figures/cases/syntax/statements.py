from __future__ import annotations

import os.path as p, sys
from . import sibling
from .. import parent as up
from collections.abc import *


@up.decorated
@sibling.with_arguments(1, *[2], key=3, **{"k": 4})
async def coroutine(a, /, b: int = 1, *args: int, c, d: str = "d", **kwargs: float) -> None:
    """A docstring."""
    async with a as one, b as (two, three):
        await one
    async for item in two:
        yield item
    else:
        return
    x = [y async for y in a if await y]


class Thing(Base, metaclass=Meta):
    """Another."""

    field: int
    other: list[int] = []
    __slots__ = ()

    @property
    def value(self): return self._value

    @value.setter
    def value(self, new): self._value = new


def control(*, a=None, b):
    global G
    for i, (j, *rest) in enumerate(b): continue
    while a: break
    else: pass
    try:
        raise ValueError from a
    except (TypeError, KeyError) as error:
        nonlocal_ = error
    except Exception:
        raise
    else:
        assert a, "message"
    finally:
        del a
    try: pass
    except* OSError as group: pass
    with (open(a) as one, open(b) as two): pass
    with open(a), open(b): pass

    def inner():
        nonlocal a
        a = 1
    return


match command:
    case [1, 2.5, -3, *rest] if rest: pass
    case {"k": value, **others}: pass
    case Point(x=0, y=0) | Point(0, 1): pass
    case None | True | "text" | b"bytes" | 1 + 2j: pass
    case [Thing(field=int(n)), *_] as whole: pass
    case up.constant: pass
    case _: pass
