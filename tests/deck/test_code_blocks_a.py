"""Code in the notes on architecture, tokens and decoding, run and compared with computations of another kind."""

import math
import re
from collections import Counter

import numpy as np
import pytest
from note_text import FOLDERS, blocks, run, texts

# Lines that fit a phone of 390 px without scrolling.
WIDEST = 41

FILES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "20", "24", "25")
CODE = ["code-causal-mha", "code-rmsnorm", "code-gqa-cache", "code-rope", "code-bpe", "code-top-p"]


@pytest.fixture
def random():
    return np.random.default_rng(1706)


@pytest.fixture(params=FOLDERS)
def language(request):
    """The language of the notes whose code a test runs."""
    return request.param


def softmax(scores: list[float]) -> list[float]:
    """In plain Python, without the maximum taken off."""
    powers = [math.exp(s) for s in scores]
    return [power / sum(powers) for power in powers]


def attend(q, keys, values) -> np.ndarray:
    """One query of plain Python against some keys and values."""
    weights = softmax([sum(float(a) * float(b) for a, b in zip(q, k, strict=True)) / math.sqrt(len(q)) for k in keys])
    return sum(w * v for w, v in zip(weights, values, strict=True))


@pytest.mark.parametrize("note", CODE)
def test_the_code_is_short_and_runs(note, language):
    assert len(blocks(note, language)) == 1
    assert max(map(len, blocks(note, language)[0].splitlines())) <= WIDEST
    run(note, language)


def test_all_code_of_these_files_is_tested_here(language):
    files = "".join(path.read_text("utf-8") for path in FOLDERS[language].glob("*.md") if path.name.startswith(FILES))
    with_code = {name for name in texts(language) if blocks(name, language) and f"{{#{name}}}" in files}
    assert with_code == {*CODE, "padding-mask"}  # whose own test stands with the numbers of its note


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_causal_attention(random, heads, language):
    n, d = 5, 8
    x = random.standard_normal((n, d))
    w_q, w_k, w_v, w_o = random.standard_normal((4, d, d))
    size = d // heads
    expected = np.zeros((n, d))
    for i in range(n):  # one position and one head at a time
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            out = attend(
                (x[i] @ w_q)[part],
                [(x[j] @ w_k)[part] for j in range(i + 1)],
                [(x[j] @ w_v)[part] for j in range(i + 1)],
            )
            expected[i] += out @ w_o[part]
    assert np.allclose(run("code-causal-mha", language)["causal_mha"](x, w_q, w_k, w_v, w_o, heads), expected)


def test_reshaping_at_once_mixes_words(random):
    """What the note calls the usual mistake is one: the shape is right and the content is not."""
    y = random.standard_normal((6, 8))
    right, wrong = y.reshape(6, 2, 4).swapaxes(0, 1), y.reshape(2, 6, 4)
    assert right.shape == wrong.shape and not np.allclose(right, wrong)
    assert np.allclose(right[1], y[:, 4:])


@pytest.mark.parametrize(("h", "g"), [(4, 4), (4, 2), (6, 1)])
def test_a_step_with_a_cache(random, h, g, language):
    step, d, n = run("code-gqa-cache", language)["gqa_step"], 3, 5
    q, k, v = random.standard_normal((n, h, d)), *random.standard_normal((2, n, g, d))
    cache = (np.zeros((g, 0, d)), np.zeros((g, 0, d)))
    for t in range(n):
        out, cache = step(q[t], k[t], v[t], cache)
        for head in range(h):
            group = head * g // h
            assert np.allclose(out[head], attend(q[t, head], k[: t + 1, group], v[: t + 1, group]))
    assert (
        cache[0].shape == (g, n, d)
        and np.allclose(cache[0], k.swapaxes(0, 1))
        and np.allclose(cache[1], v.swapaxes(0, 1))
    )


def test_rotary_positions(random, capsys, language):
    rope = run("code-rope", language)["rope"]
    assert (
        capsys.readouterr().out.split()
        == re.findall(r"# (\S+)$", blocks("code-rope", language)[0], re.M)[-1:]
        == ["True"]
    )
    x, places = random.standard_normal((7, 10)), np.array([0, 1, 2, 5, 17, 1000, 54321])
    z = x[:, 0::2] + 1j * x[:, 1::2]
    for row, place in enumerate(places):
        for i in range(5):
            turned = z[row, i] * np.exp(1j * place * 10000 ** (-2 * i / 10))
            assert np.allclose(rope(x, places)[row, 2 * i : 2 * i + 2], [turned.real, turned.imag])


def test_few_digits_join_neighbouring_places():
    """bfloat16 keeps the upper half of a float32: 8 significant digits, in which 257 is 256."""

    def bfloat16(value: float) -> float:
        bits = int(np.float32(value).view(np.uint32))
        bits += 0x7FFF + (bits >> 16 & 1)
        return float(np.uint32(bits & 0xFFFF0000).view(np.float32))

    assert [bfloat16(v) for v in (255, 256, 257, 258)] == [255, 256, 256, 258]
    assert (
        "位置 257 会被舍入成 256" in texts()["code-rope"] and "position 257 rounds to 256" in texts("en")["code-rope"]
    )


def test_rms_norm(random, language):
    rms_norm = run("code-rmsnorm", language)["rms_norm"]
    x, gain = random.standard_normal((3, 6)) * 4, random.standard_normal(6)
    for row, out in zip(x, rms_norm(x, gain), strict=True):
        root = math.sqrt(sum(v * v for v in row) / 6)
        assert np.allclose(out, [v / root * g for v, g in zip(row, gain, strict=True)], rtol=1e-5)
    half = np.full((1, 4), 300, np.float16)
    with np.errstate(over="ignore"):
        assert np.isinf(np.float16(256) ** 2) and np.isfinite(np.float16(255) ** 2)
        naive = half / np.sqrt((half * half).mean(-1, keepdims=True))
    assert (
        (naive == 0).all()
        and np.allclose(rms_norm(half, np.ones(4)), 1)
        and rms_norm(half, np.ones(4)).dtype == np.float16
    )


def drawn(language: str, p: float, temperature: float, logits: np.ndarray, draws: int) -> Counter:
    top_p, random = run("code-top-p", language)["top_p"], np.random.default_rng(1904)
    return Counter(int(top_p(logits, p, temperature, random)) for _ in range(draws))


@pytest.mark.parametrize(("p", "temperature"), [(0.9, 1.0), (0.9, 2.0), (0.5, 0.5), (0.05, 1.0), (1.0, 1.0)])
def test_top_p(p, temperature, language):
    logits, draws = np.array([1.0, 3.0, 0.2, 2.5, -1.0]), 4000
    chances = softmax([v / temperature for v in logits])
    # The smallest set of most probable tokens that reaches p, found by adding one at a time.
    kept: list[int] = []
    while sum(chances[i] for i in kept) < p - 1e-12:
        kept.append(max((i for i in range(5) if i not in kept), key=lambda i: chances[i]))
    found = drawn(language, p, temperature, logits, draws)
    assert set(found) <= set(kept) and found[max(kept, key=lambda i: chances[i])]
    for i in kept:
        expected = chances[i] / sum(chances[j] for j in kept)
        assert abs(found[i] / draws - expected) < 4 * math.sqrt(expected * (1 - expected) / draws) + 1e-9


def test_keeping_what_stays_below_p_loses_tokens():
    chances = np.array([0.7, 0.2, 0.1])
    total = np.cumsum(chances)
    assert (total <= 0.6).sum() == 0 and (total - chances < 0.6).sum() == 1
    assert (total <= 0.8).sum() == 1 and (total - chances < 0.8).sum() == 2


def test_byte_pair_encoding(random, language):
    from models import bpe

    learn, encode = (run("code-bpe", language)[name] for name in ("learn", "encode"))
    # Words as strings, the end of a word its own letter: what the deck's model, which splits by itself, starts from.
    end = "\x00"
    corpus = {word + end: count for word, count in bpe.CORPUS.items()}
    plain = lambda piece: piece.replace(bpe.END, end)
    merges = learn(corpus, 10)
    assert merges == [(plain(a), plain(b)) for (a, b), _ in bpe.learn(bpe.CORPUS, 10)]
    assert encode("lowest" + end, merges[:5]) == ["low", "est" + end]
    # Strings of few letters have runs such as "aaa": joined from the left, and together again the same string.
    for _ in range(50):
        words = {
            "".join(random.choice(list("ab"), size=random.integers(1, 9))): int(random.integers(1, 5)) for _ in range(4)
        }
        merges = learn(words, 6)
        for word in words:
            assert "".join(encode(word, merges)) == word
            by_pattern = re.findall(".", word)
            for a, b in merges:
                joint = f"(?<!\\S){re.escape(a)} {re.escape(b)}(?!\\S)"
                by_pattern = re.sub(joint, lambda match: match[0].replace(" ", ""), " ".join(by_pattern)).split()
            assert encode(word, merges) == by_pattern
    assert learn({"a": 3}, 5) == []
