"""Turns dataclasses into JSON values and back, by their type hints. A dataclass becomes a list of the values of its fields.

The two directions are only for values that the same code wrote: nothing is validated.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Converter = Callable[[Any], Any]
Value = TypeVar("Value")
# Values of these types are JSON values.
_PLAIN = (str, int, float, bool, NoneType, Any, object)
# Type → the functions that turn its values into JSON values and back.
_SPECIAL: dict[Any, tuple[Converter, Converter]] = {Path: (str, Path)}
# Paths that are not UTF-8 contain surrogates.
_ENCODING = ("utf-8", "surrogatepass")


def packed(value: Any) -> bytes:
    """Return a dataclass as compressed JSON."""
    text = json.dumps(stored(value), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(*_ENCODING), 1)


def unpacked(kind: type[Value], data: bytes) -> Value:
    """Return the dataclass of a type that `packed` wrote."""
    return restored(kind, json.loads(zlib.decompress(data).decode(*_ENCODING)))


def stored(value: Any) -> Any:
    """Return a dataclass as a JSON value."""
    kind: Any = type(value)
    return _encoder(kind)(value)


def restored(kind: type[Value], value: Any) -> Value:
    """Return the dataclass of a type that `stored` turned into a JSON value."""
    hint: Any = kind
    result: Value = _decoder(hint)(value)
    return result


def store_as(kind: type[Value], encode: Callable[[Value], Any], decode: Callable[[Any], Value]) -> None:
    """Store the values of a type in a way of their own. Call this before values of the type are stored."""
    _SPECIAL[kind] = (encode, decode)


@cache
def _encoder(hint: Any) -> Converter:
    """The function that turns values of a type into JSON values."""
    if hint in _SPECIAL:
        return _SPECIAL[hint][0]
    if _is_plain(hint):
        return _same
    if is_dataclass(hint):
        return _dataclass_encoder(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        encode = _encoder(_optional(arguments))
        return lambda value: None if value is None else encode(value)
    if origin is tuple and arguments[-1] is not Ellipsis:
        encoders = [_encoder(each) for each in arguments]
        return lambda value: [encode(each) for encode, each in zip(encoders, value)]
    encode = _encoder(arguments[-1] if origin is Mapping else arguments[0])
    if origin is Mapping:
        return lambda value: {key: encode(each) for key, each in value.items()}
    return lambda value: [encode(each) for each in (sorted(value) if origin is frozenset else value)]


@cache
def _decoder(hint: Any) -> Converter:
    """The function that turns JSON values back into values of a type."""
    if hint in _SPECIAL:
        return _SPECIAL[hint][1]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if _is_plain(hint):
        return _same
    if is_dataclass(hint):
        return _dataclass_decoder(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        decode = _decoder(_optional(arguments))
        return lambda value: None if value is None else decode(value)
    if origin is tuple and arguments[-1] is not Ellipsis:
        decoders = [_decoder(each) for each in arguments]
        return lambda value: tuple([decode(each) for decode, each in zip(decoders, value)])
    decode = _decoder(arguments[-1] if origin is Mapping else arguments[0])
    if origin is Mapping:
        return lambda value: {key: decode(each) for key, each in value.items()}
    if decode is _same:
        return frozenset if origin is frozenset else tuple
    return lambda value: origin([decode(each) for each in value])


def _dataclass_encoder(kind: Any) -> Converter:
    names = [name for name, _ in _parts(kind)]
    encoders = [(n, _encoder(part)) for n, (_, part) in enumerate(_parts(kind))]
    others = [(n, encode) for n, encode in encoders if encode is not _same]
    values_of = attrgetter(*names)

    def encoded(value: Any) -> list[Any]:
        row = [*values_of(value)] if len(names) > 1 else [values_of(value)]
        for n, encode in others:
            row[n] = encode(row[n])
        return row

    return encoded


def _dataclass_decoder(kind: Any) -> Converter:
    decoders = [_decoder(part) for _, part in _parts(kind)]
    others = [(n, decode) for n, decode in enumerate(decoders) if decode is not _same]

    def decoded(row: list[Any]) -> Any:
        # Nothing else uses the row, and most values stay as they are.
        for n, decode in others:
            row[n] = decode(row[n])
        return kind(*row)

    return decoded


def _parts(kind: Any) -> list[tuple[str, Any]]:
    """The names and types of the fields of a dataclass."""
    hints = get_type_hints(kind)
    return [(each.name, hints[each.name]) for each in fields(kind)]


def _is_plain(hint: Any) -> bool:
    return hint in _PLAIN or (isinstance(hint, type) and issubclass(hint, StrEnum))


def _optional(arguments: tuple[Any, ...]) -> Any:
    """The type T of `T | None`."""
    (kind,) = (each for each in arguments if each is not NoneType)
    return kind


def _same(value: Any) -> Any:
    return value
