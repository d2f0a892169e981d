n = 1, 1.0, True, 1j, 0x1F, 1_000_000, 1e400, -1, +1, ~1, 1e-7, 0.1, 0b1, 0o7, None, ..., 12345678901234567890123456789012345678901234567890
big = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
f = lambda a, b=1, /, c=2, *args, d, e=lambda: 0, **kw: (a, b)
g = lambda: (yield)
if (walrus := n[0]) and [last := x for x in n]: ...
s = n[1:2, ::3, ...], n[:], n[*n, 1], n[-1]
d = {**{}, "a": 1, **{"b": 2}, (lambda: 0): {1, 2, *n}}
c = [x for x in n if x if not x for y in x], {x: y for x, y in n}, {x for x in n}, (x for x in n)
t = (1,), (), (*n, *n), [*n]
b = 1 + 2 * 3 ** -4 // 5 % 6 @ 7 - 8 << 9 >> 10 & 11 | 12 ^ 13
o = 1 < 2 <= 3 != 4 == 5 > 6 >= 7 is None is not n in n not in n and 1 or not 2
i = 1 if 2 else 3 if 4 else 5
call = f(*n, 1, *n, k=2, **d, **{}), f(x for x in n), n.real.imag[0](1)(2)
x, *y = *z, w = n
x += 1; x @= 2; x //= 3
(annotated): int = 1
obj.field: int
print(*n, sep="")
