"""Just enough of protocol buffers to read Anki's: a message as its fields' numbers and raw values.

The wire format: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}


def message_fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields in the order of the message: number and value. Raises ValueError where the message is cut or is none."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == _BYTES:
            size, at = _varint(message, at)
        elif wire in _FIXED:
            size = _FIXED[wire]
        else:
            raise ValueError(f"wire type {wire} in a message")
        if at + size > len(message):
            raise ValueError("a message is cut")
        yield number, message[at : at + size]
        at += size


class Message:
    """A message read for single fields: the last value of a number counts, as the format has it."""

    def __init__(self, message: bytes):
        self._values = dict(message_fields(message))

    def integer(self, number: int) -> int:
        value = self._values.get(number, 0)
        if not isinstance(value, int):
            raise ValueError(f"field {number} is no integer")
        return value

    def data(self, number: int) -> bytes:
        value = self._values.get(number, b"")
        if not isinstance(value, bytes):
            raise ValueError(f"field {number} is no text")
        return value

    def text(self, number: int) -> str:
        return self.data(number).decode()


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("a message is cut")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number in a message is too long")
