"""Turns frozen data into MessagePack and back, by its type hints. Long data are compressed."""

import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

Value = TypeVar("Value")
# MessagePack uses all first bytes but this one. JSON comes after it.
_JSON = b"\xc1"
_ZLIB = b"\x78"  # the first byte of data that zlib compressed; MessagePack of a struct never begins with it
_LONG = 2**14  # bytes; to compress fewer takes longer than to write them


def packed(value: Any) -> bytes:
    """Return frozen data as bytes."""
    try:
        data = _encoder.encode(value)
    except UnicodeEncodeError:  # a path that is not UTF-8 contains surrogates, which only the escapes of JSON can hold
        data = _JSON + json.dumps(msgspec.to_builtins(value, enc_hook=_encode)).encode()
    return zlib.compress(data, 1) if len(data) >= _LONG else data


def unpacked(kind: type[Value], stored: bytes) -> Value:
    """Return the data of a type that `packed` wrote. Raises ValueError if there is none in the bytes."""
    data = zlib.decompress(stored) if stored.startswith(_ZLIB) else stored
    if data.startswith(_JSON):
        return msgspec.convert(json.loads(data[1:]), kind, dec_hook=_decode)
    hint: Any = kind
    value: Value = _decoder(hint).decode(data)
    return value


def key_text(value: Any) -> str:
    """Return frozen data as JSON: the same text for the same data."""
    return json.dumps(msgspec.to_builtins(value, enc_hook=_encode, order="deterministic"))


def _encode(value: Any) -> Any:
    if isinstance(value, Path | str):  # a path, or a string of a library's own class
        return str(value)
    raise NotImplementedError(type(value))


def _decode(kind: Any, value: Any) -> Any:
    if issubclass(kind, Path):
        return Path(value)
    raise NotImplementedError(kind)


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode)


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind, dec_hook=_decode)
