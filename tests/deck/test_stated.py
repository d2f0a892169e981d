"""What counts as a statement of a number: the words around it do not matter, the number does."""

import pytest
import stated
from stated import numbers, states, writes

TEXT = r"""
随机取样，标准差约 22.6；最大权重平均 0.96，迹只有 0.06，占 77%。
| 名字 | 0.41 | 0.26 | 34.4 万 |
训练用了 $5.76\times10^{23}$ 次运算，是 −0.17 倍，另有 $\frac1{16}$；$b_3$ 与 fp16 不是数，2^{24}=16777216。
见 [Someone](https://arxiv.org/abs/1706.03762)。
"""


@pytest.fixture(autouse=True)
def note(monkeypatch):
    monkeypatch.setattr(stated, "TEXTS", {"n": TEXT})
    stated._lines.cache_clear()
    yield
    stated._lines.cache_clear()


@pytest.mark.parametrize(
    "value",
    [22.627, 0.9612, 0.064, 0.7724, 344_201, 5.76e23, -0.1699, 1 / 16, 2**24, (0.06, 0.77), (0.77, 0.06), (0.41, 0.26)],
)
def test_a_value_is_stated_as_it_is_rounded(value):
    states("n", value)


@pytest.mark.parametrize(
    "value", [22.7, 0.36, 0.17, 77.0, 0.78, 34.4, 5.8e23, 3, 17.06, 2017, (22.627, 0.26), (0.26, 0.41), (0.06, 0.06)]
)
def test_a_wrong_value_is_not_stated(value):
    with pytest.raises(AssertionError, match="n does not state"):
        states("n", value)


def test_a_reworded_sentence_states_the_same(monkeypatch):
    monkeypatch.setattr(stated, "TEXTS", {"n": "The trace is only 0.06, and the deviation comes to 22.6."})
    states("n", (22.627, 0.064))


def test_formulas_are_found_whatever_their_spaces():
    writes("n", r"\frac1 {16}", r"5.76 \times 10^{23}")
    with pytest.raises(AssertionError):
        writes("n", r"\frac1{8}")


@pytest.mark.parametrize(
    "text, values",
    [
        ("1-0.001", [1, 0.001]),
        ("$-8$", [-8]),
        ("85%–90%", [0.85, 0.90]),
        ("1.2e-38", [1.2e-38]),
        ("10000^{2i/d}", [10000]),
        ("W4A16", []),
        ("13.0 亿", [1.3e9]),
        ("[a 7](figure:x?d=8)", [7]),
        ('![](figure:x?d=8 "lowest −0.17")', [-0.17]),
        ("x_{12}", []),
        (r"\approx0.5", [0.5]),
        ("3/8", [3, 8, 0.375]),
    ],
)
def test_numbers_as_they_are_written(text, values):
    assert [number.value for number in numbers(text)] == pytest.approx(values)
