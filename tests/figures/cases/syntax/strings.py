"""Strings of every kind: a docstring that
    is indented, and
has blank lines.

"""

import math

x, width = 1, 7
a = "plain" 'quotes' """three
lines"""
b = u"unicode" "π" "\N{GREEK SMALL LETTER PI}" "\x41\u0041\U00000041" "\ud800"
c = b"bytes" b"\x00\xff" rb"\d"
d = r"raw \d" "\\d"
e = f"{x}" f"{x!r}" f"{x!s:>{width}}" f"{x:{width}.{2}f}" f"{x=}" f"{ x = !r:^9}"
f = "before" f"{x}" "between" "more" f" and {x:02d} after" "last"
g = f"{{braces}} {x:%H:%M} {'nested'} {math.pi:.3f} {(lambda: 1)()} {x if x else 'none'}"
h = f"" "" f"{x:}" f"{x}{x}" f"{'a' 'b'}"
i = f"""{
    x
} over
lines {x:
}"""
j = rf"\d{x}\w" fr'{x:\d}' f"\n{x}\t\x41"
k = f"{dict(a=1)['a']}{[*range(3)]!a}" f'{x!s}' f"{x:{'>'}{width}}"
