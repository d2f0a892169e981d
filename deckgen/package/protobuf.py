"""Read messages in the wire format of protocol buffers, without their schemas: numbers of fields and raw values.

The format: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}


def message_fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the number and the value of each field, in order. Raises ValueError if the data is no complete message."""
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
            raise ValueError(f"a message has the unknown wire type {wire}")
        if at + size > len(message):
            raise ValueError("a message is incomplete")
        yield number, message[at : at + size]
        at += size


class Message:
    """A message whose fields are read by number. If a number occurs several times, the last value counts, as the format says."""

    def __init__(self, message: bytes):
        self._values = dict(message_fields(message))

    def has(self, number: int) -> bool:
        """Whether the message has a field with this number."""
        return number in self._values

    def integer(self, number: int) -> int:
        """The value of an integer field; 0 if the message does not have it. Raises ValueError if it is no integer."""
        value = self._values.get(number, 0)
        if not isinstance(value, int):
            raise ValueError(f"field {number} is not an integer")
        return value

    def data(self, number: int) -> bytes:
        """The value of a bytes field; b"" if the message does not have it. Raises ValueError if it is an integer."""
        value = self._values.get(number, b"")
        if not isinstance(value, bytes):
            raise ValueError(f"field {number} is not a text")
        return value

    def text(self, number: int) -> str:
        """The value of a text field; "" if the message does not have it. Raises ValueError if it is no UTF-8 text."""
        return self.data(number).decode()


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number that begins at a byte, and the index of the byte after it."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("a message is incomplete")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number in a message is too long")
