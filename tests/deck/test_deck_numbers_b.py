"""What the notes 20 and up state in numbers is what comes out when it is computed, and the models behind them agree with other formulations."""

import math
import re
from fractions import Fraction
from heapq import heapreplace
from itertools import permutations, product

import numpy as np
import pytest
from models import (
    batching,
    bpe,
    collectives,
    decoding,
    dedup,
    distillation,
    evaluation,
    lora,
    pipelines,
    policy_gradient,
    preference,
    quantization,
    retrieval,
    sampling,
    scaling_laws,
    schedules,
    speculative,
    subwords,
    training_memory,
)
from stated import TEXTS, numbers, row, states, writes

# A100 80 GB SXM: NVIDIA's data sheet. Bytes a second; FLOP/s at 16 bits; integer operations a second at 8.
BANDWIDTH, PEAK, PEAK8 = 2.039e12, 312e12, 624e12
GIB, KIB = 2**30, 2**10


# What the computations below start from, as the notes say it.
STARTS = [
    ("wordpiece-vs-bpe", (10, 5, 12, 4, 5)),
    ("bpe-training", (5, 2, 6, 3)),
    ("weight-tying", (50257, 768), (4096, 32, 32000)),
    ("mlm-masking", 0.15, 0.8, 0.1),
    ("span-corruption", (500, 0.15, 3)),
    ("greedy-vs-beam", (0.5, 0.4, 0.4, 0.9), (0.5, 0.4), (0.4, 0.9)),
    ("inference-speedup", (7e9, 2.04), (0.8, 4)),
    ("bandwidth-bound", (7e9, 2.04)),
    ("speculative-speedup", (0.8, 0.05), (2, 4, 7, 12)),
    ("quantization-basics", 127),
    ("quantization-outliers", (64, 60)),
    ("kv-quantization", (32, 4096), 32768),
    ("qlora", (64, 8, 256), 6.5e10, 48),
    ("gradient-accumulation", (100, 2, 900, 3), (2, 3), (100, 2, 900, 3)),
    ("activation-checkpointing", (96, 2048, 12288), (34, 5)),
    ("six-nd", (1.75e11, 3e11), (1000, 312, 0.4)),
    ("kaplan-vs-chinchilla", (7e10, 1.4e12), (2.8e11, 3e11)),
    ("overtraining", (6.7e9, 1e12)),
    ("emergence", (0.9, 0.99, 30)),
    ("ppo-clip", 0.2, (0, 1.5), (0, 1.5)),
    ("pass-at-k", (20, 2, 10), 0.05, 10),
    ("hallucination", 0.75),
    ("self-consistency", 0.6, 5),
    ("chunking", (10000, 512, 64)),
    ("bm25-saturation", (1.2, 0.75), (1, 10)),
    ("reciprocal-rank-fusion", 60, 5),
    ("agent-long-tasks", 0.95, 20),
    ("perplexity", 2),
    ("bits-per-byte", 1000),
    ("temperature-limits", 2),
    ("repetition-penalty", 1.2),
    ("paged-attention", (2, 5120, 40, 2), 2048, 16, 15),
    ("bytes-per-parameter", (7e9, 112)),
    ("pipeline-bubble", (4, 8)),
    ("extend-vocabulary", 50257, -30),
    ("minhash-dedup", (14, 8), (0.5, 0.7, 0.75, 0.8, 0.85)),
    ("min-p", (0.5, 1, 2)),
    ("constrained-decoding", (0.9, 0.1, 0.1), (0.9, 0.1)),
    ("draft-sources", (2, 3)),
    ("prefix-caching", (2000, 100)),
    ("chunked-prefill", (512, 64), 4096),
    ("straight-through", (0.1, 0.125, 0.01, 0.1, 0.2)),
    ("group-bits", 128, 4, 32),
    ("weight-only-vs-w8a8", (7e9, 312, 624)),
    ("peft-compare", (32, 4096), 8, 64, 20),
    ("sft-loss-mask", (900, 100)),
    ("mfu", (5.4e11, 6144, 275, 238300)),
    ("ring-all-reduce", (14, 8)),
    ("data-repetition", 15.4),
    ("test-time-compute", 0.05),
    ("dapo", (0.2, 0.28), 0.01, 0.9, 1000),
    ("bleu", (9, 10)),
    ("multiple-choice-scoring", (2, -1.5, 5, -0.8, 2 * -1.5, 5 * -0.8, -1.5, -0.8)),
    ("wsd-schedule", 0.1, (1, 2, 3, 4, 5)),
    ("critical-batch", (1, 4, 0.25, 1, 4)),
    ("gae", (1, 0.5, 0.6, 0.8, 1, 0.95)),
    ("kl-estimators", (0, 1, 0.1, 1)),
    ("prm-vs-orm", 0.95),
    ("eval-error-bars", (1000, 0.8), 0.7),
    ("calibration", (60, 0.9, 48, 40, 0.6, 24)),
    ("retrieval-metrics", (0, 2, 0, 1, 0)),
    ("ann-index", (1e7, 4096, 16)),
    ("product-quantization", (768, 1e7, 96)),
]


def test_the_notes_start_from_what_is_computed_here():
    for note, *values in STARTS:
        states(note, *values)
    writes("kaplan-vs-chinchilla", "C^{0.73}")
    writes("bleu", "the cat is on the mat")


# Tokenizers


def test_bpe_by_an_encoder_of_another_kind():
    """Algorithm 1 as the paper prints it: strings, and a regular expression that joins the pair."""
    vocabulary = {" ".join(bpe.letters(word)): count for word, count in bpe.CORPUS.items()}
    merges = []
    for _ in range(10):
        pairs: dict = {}
        for word, count in vocabulary.items():
            symbols = word.split()
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] = pairs.get(pair, 0) + count
        best = max(pairs, key=pairs.get)
        merges.append((best, pairs[best]))
        joint = re.compile(r"(?<!\S)" + re.escape(" ".join(best)) + r"(?!\S)")
        vocabulary = {joint.sub("".join(best), word): count for word, count in vocabulary.items()}
    assert bpe.learn(bpe.CORPUS, 10) == merges
    assert [bpe.encode(word, [pair for pair, _ in merges]) for word in bpe.CORPUS] == [
        tuple(word.split()) for word in vocabulary
    ]

    shown = [f"{a}+{b}".replace("</w>", "词尾") for (a, b), _ in merges[:5]]
    writes("bpe-training", *shown)
    states("bpe-training", tuple(count for _, count in merges[:5]))
    assert [count for _, count in merges[:5]] == [9, 9, 9, 7, 7]
    assert bpe.encode("lowest", [pair for pair, _ in merges[:5]]) == ("low", "est</w>")
    writes("bpe-training", "low", "est†")
    symbols = {symbol for word in bpe.CORPUS for symbol in bpe.letters(word)}
    assert len(symbols | {"".join(pair) for pair, _ in merges}) == len(symbols) + 10


def test_wordpiece():
    both, single = subwords.pairs(subwords.CORPUS)
    best = max(both, key=lambda pair: subwords.score(pair, both, single))
    assert best == ("##g", "##s") and both[best] == 5 and both["##u", "##g"] == max(both.values())
    states(
        "wordpiece-vs-bpe",
        (10, 5, 12, 4, 5, both["##u", "##g"], both[best]),
        (both["##u", "##g"], subwords.score(best, both, single)),
    )
    states("wordpiece-vs-bpe", subwords.score(("h", "##u"), both, single))

    # The likelihood itself, on the corpus written out before and after each merge.
    def likelihood(text: list[tuple[str, ...]]) -> float:
        pieces = [piece for word in text for piece in word]
        return sum(math.log(pieces.count(piece) / len(pieces)) for piece in pieces)

    text = [subwords.wordpieces(word) for word, count in subwords.CORPUS.items() for _ in range(count)]
    gains = {pair: likelihood([bpe.merge(word, pair) for word in text]) - likelihood(text) for pair in both}
    for pair, gain in gains.items():
        assert subwords.gain(pair, both, single) == pytest.approx(gain)
    assert max(gains, key=gains.get) == ("##u", "##g")


def test_unigram():
    best, log = subwords.viterbi("unity", subwords.PIECES)
    ways = {
        tuple(way): math.prod(map(subwords.PIECES.get, way)) for way in subwords.segmentations("unity", subwords.PIECES)
    }
    assert tuple(best) == max(ways, key=ways.get) and math.exp(log) == pytest.approx(max(ways.values()))
    longest, rest = [], "unity"
    while rest:
        longest.append(next(rest[:n] for n in range(len(rest), 0, -1) if rest[:n] in subwords.PIECES))
        rest = rest[len(longest[-1]) :]
    states("unigram-viterbi", ways[tuple(longest)], math.exp(log), math.exp(log))
    writes("unigram-viterbi", "|".join(longest), "|".join(best))


def test_segmentations_and_the_work_of_viterbi():
    # Every way to cut n letters, each a subset of the n − 1 places between them.
    everything = {text: 1.0 for n in range(1, 6) for text in ("unity"[k : k + n] for k in range(6 - n))}
    assert len(list(subwords.segmentations("unity", everything))) == 2**4
    writes("unigram-viterbi", "2^{n-1}")


def test_a_new_row_of_the_embedding():
    """The mean never gets more than 1/(n + 1) of the probability, and the others lose no more than ln(1 + 1/n)."""
    random = np.random.default_rng(2021)
    for size, spread in ((5, 3.0), (40, 1.0), (200, 8.0)):
        rows, state = spread * random.standard_normal((size, 6)), random.standard_normal(6)
        old = sampling.softmax(rows @ state)
        new = sampling.softmax(np.vstack([rows, rows.mean(axis=0)]) @ state)
        assert new[-1] <= 1 / (size + 1) + 1e-12
        assert float((old * np.log(old / new[:-1])).sum()) <= math.log(1 + 1 / size) + 1e-12
    states("extend-vocabulary", 1 / 50258)
    writes("extend-vocabulary", r"\frac{1}{|\mathcal V|+1}", r"\ln\big(1+\frac1{|\mathcal V|}\big)")
    logits = np.full(50258, -30.0)
    logits[-1] = 0
    assert sampling.softmax(logits)[-1] > 0.9999
    states("extend-vocabulary", 0.9999)


def test_vocabularies():
    assert 256 + 50000 + 1 == 50257
    states("tokenizer-problems", len(bytes(range(256))))
    states("byte-level-bpe", len(bytes(range(256))), 50000, len("中".encode()))
    with pytest.raises(UnicodeDecodeError):
        "中".encode()[:2].decode()

    for size in (32000, 128000):
        states("vocabulary-size", (size, size * 4096))
    states("vocabulary-size", 1 - 3.17 / 3.94)

    # GPT-2 small, tensor by tensor.
    d, layers, vocabulary, positions = 768, 12, 50257, 1024
    layer = [(d, 3 * d), (3 * d,), (d, d), (d,), (d, 4 * d), (4 * d,), (4 * d, d), (d,), (d,), (d,), (d,), (d,)]
    total = vocabulary * d + positions * d + layers * sum(math.prod(shape) for shape in layer) + 2 * d
    assert total == 124_439_808
    states("weight-tying", round(vocabulary * d, -4), (total, vocabulary * d / total))
    large = 32000 * 4096 / (32000 * 4096 + 32 * 12 * 4096**2)
    states("weight-tying", large)


# Pretraining, decoding


def test_pretraining():
    hidden = round(500 * 0.15)
    spans = hidden // 3
    states(
        "span-corruption",
        (500, 0.15, 3, hidden, spans, 500, hidden, spans, 500 - hidden + spans, hidden, spans, 1, hidden + spans + 1),
    )
    # The note's own example, with the rule: one sentinel a span, one more at the end of the target.
    source, target = ("Thank you <X> me to your party <Y> week".split(), "<X> for inviting <Y> last <Z>".split())
    original = TEXTS["span-corruption"].split("原句：")[1].split("\n")[0].split()
    filled, n = [], 0
    for token in source:
        if token.startswith("<"):
            end = next(k for k in range(n + 1, len(target)) if target[k].startswith("<"))
            filled += target[n + 1 : end]
            n = end
        else:
            filled.append(token)
    assert filled == original


def test_deduplication():
    random = np.random.default_rng(2107)
    a, b = set(range(30)), set(range(10, 40))
    assert dedup.jaccard(a, b) == 20 / 40
    # The same orders for both sets: two generators of one seed.
    left, right = (dedup.signature(each, 4000, 50, np.random.default_rng(7)) for each in (a, b))
    assert (left == right).mean() == pytest.approx(0.5, abs=5 * 0.5 / 4000**0.5)
    row = []
    for similarity in (0.5, 0.7, 0.75, 0.8, 0.85):
        agree = random.random((20000, 14, 8)) < similarity
        drawn = agree.all(axis=2).any(axis=1).mean()
        assert drawn == pytest.approx(dedup.caught(similarity), abs=5 * 0.5 / 20000**0.5)
        row.append(dedup.caught(similarity))
    states("minhash-dedup", 14 ** (-1 / 8), (0.5, row[0], 0.7, row[1], 0.85, row[4]))
    states("minhash-dedup", tuple(row))


def test_a_draft_of_one_token():
    random = np.random.default_rng(2412)
    shown = []
    for accepted in (0.85, 0.9):
        assert 1 + (random.random(40000) < accepted).mean() == pytest.approx(
            speculative.expected_tokens(accepted, 1), abs=0.01
        )
        shown.append(speculative.expected_tokens(accepted, 1))
    states("multi-token-prediction", (0.85, 0.9), tuple(shown))


def test_tokens_sent_to_experts():
    sent = np.broadcast_to(np.float16(0), (4096, 8, 7168)).size * np.dtype(np.float16).itemsize
    states("expert-parallel", (4096, 8, 7168), (sent / 1e9, 2 * sent / 1e9))


def test_the_longest_chain_of_layers():
    """Each layer of a token needs the layer below it of all tokens up to it; a token that is written needs the last layer of the one before."""
    layers, tokens = 32, 100

    def longest(written: bool) -> int:
        done: dict[int, list[int]] = {}
        for t in range(tokens):
            last = 0 if t == 0 or not written else done[t - 1][-1]
            done[t] = [last]
            for layer in range(layers):
                done[t].append(1 + max(done[s][layer] for s in range(t + 1)))
        return done[tokens - 1][-1]

    assert longest(written=False) == layers
    states("chain-of-thought", (32, 100, longest(written=True)))


def test_the_first_loss():
    for size in (50257, 32000):
        uniform = np.full(size, 1 / size)
        loss = -(uniform * np.log(sampling.softmax(np.zeros(size)))).sum()
        states("initial-loss", (size, loss))
    # Labels that are the input itself: a model that never trained does not copy them, unless input and output share their rows.
    random, size, width = np.random.default_rng(2019), 2000, 64
    rows, others = random.standard_normal((2, size, width)) / width**0.5
    shared, apart = (
        float(np.mean([-math.log(sampling.softmax(out @ row)[n]) for n, row in enumerate(rows)]))
        for out in (rows, others)
    )
    assert apart == pytest.approx(math.log(size), abs=0.05) and shared < math.log(size) - 0.8


def test_perplexity():
    uniform = np.full(1000, 1e-3)
    assert math.exp(-(uniform * np.log(uniform)).sum()) == pytest.approx(1000)
    states("perplexity", math.exp(2))
    p = [0.5, 0.1, 0.4]
    assert math.exp(-sum(map(math.log, p)) / 3) == pytest.approx(1 / math.prod(p) ** (1 / 3))
    for tokens, loss in ((300, 2.2), (250, 2.5)):
        bits = math.log2(math.exp(tokens * loss)) / 1000
        states("bits-per-byte", (tokens, loss, math.exp(loss), bits))


def test_decoding():
    # A short sentence and a longer one of less probability: the longer wins from some α on, and keeps winning.
    won = [
        -9 / sampling.length_penalty(12, alpha) > -6 / sampling.length_penalty(6, alpha)
        for alpha in np.linspace(0, 2, 41)
    ]
    assert won == sorted(won) and won[-1] and not won[0] and sampling.length_penalty(30, 0.0) == 1
    assert math.log(sampling.length_penalty(19, 0.6)) == pytest.approx(0.6 * math.log(4))
    writes("length-normalization", r"\alpha=0")
    states("greedy-vs-beam", 0.5 * 0.4, 0.4 * 0.9)
    drawn = {t: sampling.softmax(sampling.LOGITS, t) for t in (0.5, 1.0, 2.0)}
    first = {t: p.max() for t, p in drawn.items()}
    last = {t: int((np.cumsum(np.sort(p)[::-1]) < 0.9).sum()) + 1 for t, p in drawn.items()}
    assert last == {t: sampling.top_p(p, 0.9).sum() for t, p in drawn.items()}
    states("temperature-top-k-top-p", first[0.5], (2, first[2.0]))
    states("temperature-top-k-top-p", (last[0.5], last[2.0]), (last[0.5], last[1.0], last[2.0]))
    states("temperature-limits", math.exp(2), (2, math.exp(1)))

    logits, seen = np.array([2.0, -2.0]), np.array([True, True])
    paper, library = sampling.penalized(logits, seen, 1.2), sampling.penalized_by_sign(logits, seen, 1.2)
    states("repetition-penalty", (2.0, paper[0], library[0]))
    states("repetition-penalty", (-2.0, paper[1], library[1]))
    # The penalty depends on the zero of the logits, which softmax does not.
    moved = sampling.softmax(sampling.penalized(logits + 5, np.array([True, False]), 1.2))
    assert not np.allclose(moved, sampling.softmax(sampling.penalized(logits, np.array([True, False]), 1.2)))
    # Top-k by sorting, top-p by going through all sets in the figure's check.
    p = sampling.softmax(sampling.LOGITS[::-1].copy())
    assert set(np.flatnonzero(sampling.top_k(p, 3))) == set(np.argsort(p)[-3:])


def test_min_p():
    counts = {}
    for t in (0.5, 1.0, 2.0):
        p = sampling.softmax(sampling.LOGITS, t)
        kept = sampling.min_p(p, 0.2)
        # On the logits: at most T·ln(1/p) below the first.
        assert (kept == (sampling.LOGITS >= sampling.LOGITS.max() - t * math.log(1 / 0.2))).all()
        counts[t] = (int(kept.sum()), int((np.cumsum(np.sort(p)[::-1]) < 0.9).sum()) + 1)
    for n, name in enumerate(("min-p = 0.2", "top-p = 0.9")):
        states("min-p", ((0.2, 0.9)[n], *(counts[t][n] for t in counts)))


def test_constraints_token_by_token_change_the_distribution():
    texts = {"Ax": 0.9 * 0.1, "Ay": 0.9 * 0.9, "Bx": 0.1}
    legal = {text: p for text, p in texts.items() if text.endswith("x")}
    conditional = legal["Ax"] / sum(legal.values())
    first = sampling.renormalized(np.array([0.9, 0.1]), np.array([True, True]))  # both can still become legal
    states("constrained-decoding", conditional, (conditional, first[0]))


# Inference


def test_bandwidth():
    for bits, size in ((16, "14 GB"), (4, "3.5 GB")):
        weights = 7e9 * bits / 8
        assert f"{weights / 1e9:g} GB" == size
        states("inference-speedup", (weights / 1e9, 1e3 * weights / BANDWIDTH))
    states("bandwidth-bound", 14, 1e3 * 14e9 / BANDWIDTH, BANDWIDTH / 14e9)
    # Two bytes a weight, one multiplication and one addition for each token that meets it.
    for tokens in (1, 1000):
        assert (2 * tokens / 2 > PEAK / BANDWIDTH) == (tokens == 1000)
    states("prefill-decode", (2, 2), (1000, 1))
    states("prefill-decode", (PEAK / 1e12, BANDWIDTH / 1e12, PEAK / BANDWIDTH))


def test_speculative_decoding():
    alpha, gamma = Fraction(4, 5), 4
    # Σ over the number of drafts kept: k of them and then a rejection, or all.
    mean = sum((k + 1) * alpha**k * (1 - alpha) for k in range(gamma)) + (gamma + 1) * alpha**gamma
    assert float(mean) == pytest.approx(speculative.expected_tokens(0.8, 4))
    states("inference-speedup", mean)
    row = [speculative.speedup(0.8, n, 0.05) for n in (2, 4, 7, 12)]
    states("speculative-speedup", tuple(row))
    for n, value in zip((2, 4, 7, 12), row, strict=True):
        tokens = sum(0.8**k for k in range(n + 1))
        assert tokens / (1 + 0.05 * n) == pytest.approx(value)
    # α ≤ c: no γ helps. α > c: γ = 1 does.
    for rate, c in product((0.1, 0.3, 0.6, 0.9), (0.05, 0.2, 0.5)):
        best = max(speculative.speedup(rate, n, c) for n in range(1, 40))
        assert (best > 1) == (rate > c)

    # Two drafts, every outcome: the pair of first tokens that come out has the target's distribution.
    p, q = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.5, 0.3])
    keep, rest = speculative.accept(p, q), speculative.residual(p, q)
    joint = np.zeros((3, 3))
    for a, b in product(range(3), repeat=2):
        first = q[a] * keep[a]  # then the second position is drafted, or drawn again
        joint[a, b] = first * (q[b] * keep[b] + (1 - q @ keep) * rest[b])
        joint[a, b] += (1 - q @ keep) * rest[a] * p[b]  # rejected at once: the next run starts afresh
    assert joint == pytest.approx(np.outer(p, p))
    assert speculative.acceptance(p, q) == pytest.approx(1 - np.abs(p - q).sum() / 2)


def test_a_tree_of_drafts():
    paths = list(product(range(2), range(3)))
    nodes = {path[: n + 1] for path in paths for n in range(2)}
    states("draft-sources", (2, 2, 3, len(nodes), len(paths)))


def test_prefixes():
    """Keys and values of a prefix do not know what follows; one row put in front of it changes all of them."""
    random = np.random.default_rng(2312)
    shared, tail, other = random.standard_normal((5, 8)), random.standard_normal((3, 8)), random.standard_normal((3, 8))
    caches = []
    for x in (np.vstack([shared, tail]), np.vstack([shared, other]), np.vstack([tail[:1], shared])):
        caches.append([])
        decoding.Decoder(2, 8).run(x, caches[-1])
    for (k1, v1), (k2, v2) in zip(*caches[:2], strict=True):
        assert k1[:5] == pytest.approx(k2[:5]) and v1[:5] == pytest.approx(v2[:5])
    assert not np.allclose(caches[0][1][0][:5], caches[2][1][0][1:6])
    states("prefix-caching", 2000 / 2100)

    left, steps = 4096, 0
    while left > 0:
        left, steps = left - (512 - 64), steps + 1
    states("chunked-prefill", 512 - 64, (4096, 512 - 64, steps))


def test_batching():
    lengths = [3, 9, 4, 2, 8, 3, 5, 2, 6, 4, 2, 7]
    slow, fast = batching.static(lengths, 4), batching.continuous(lengths, 4)
    steps = [sum(max(lengths[k : k + 4]) for k in range(0, 12, 4)), batching.makespan(fast)]
    assert steps[0] == batching.makespan(slow)
    free = [0] * 4
    for length in lengths:
        heapreplace(free, free[0] + length)
    assert steps[1] == max(free)
    used = [sum(lengths) / (4 * n) for n in steps]
    states("continuous-batching", (*steps, *used), (*steps, *used))


def test_paged_attention():
    token = 2 * 5120 * 40 * 2
    states("paged-attention", (token, token // KIB), 2048 * token / GIB, 15 * token / 2**20)


# Quantization


def test_quantization_error():
    outlier, columns = 60.0, 64
    clean, spoiled = (quantization.activations(512, columns, size) for size in (1.0, outlier))
    others = np.arange(columns) != columns // 3
    found = []
    for x, axis in ((clean, None), (spoiled, None), (spoiled, 0)):
        # By nearest of the 255 levels, instead of by division and rounding.
        scale = np.broadcast_to(np.abs(x).max(axis=axis, keepdims=True) / 127, x.shape)
        y = np.empty_like(x)
        for column in range(columns):
            levels = scale[0, column] * np.arange(-127, 128)
            y[:, column] = levels[np.abs(x[:, column, None] - levels).argmin(axis=1)]
        assert np.allclose(y, quantization.restored(*quantization.absmax(x, 8, axis)))
        error = ((x - y)[:, others] ** 2).mean()
        found.append(10 * math.log10((x[:, others] ** 2).mean() / error))
        codes, _ = quantization.absmax(spoiled, 8)
    states("quantization-outliers", (*found, len(np.unique(codes[:, others]))))
    states("six-db-per-bit", 1 / 2, 1 / 4)
    states("six-db-per-bit", 20 * math.log10(2))


def test_zero_point():
    x = np.random.default_rng(1712).gamma(2.0, size=500) - 0.5
    codes, scale, zero = quantization.affine(x, 8)
    assert scale == pytest.approx((x.max() - min(0, x.min())) / 255)
    assert np.abs(quantization.restored(codes, scale, zero) - x).max() <= scale * (
        0.5 + 0.5
    )  # the zero point is rounded too
    assert quantization.restored(np.array([zero]), scale, zero)[0] == 0
    positive = np.maximum(x, 0)
    codes, _ = quantization.absmax(positive, 8)
    assert codes.min() == 0 and len(range(-127, 0)) == 127  # the negative half is never used


def test_outliers_moved_and_compensated():
    random = np.random.default_rng(2211)
    x, w = random.standard_normal((40, 12)), random.standard_normal((12, 5))
    x[:, 3] *= 50
    s = np.abs(x).max(axis=0) ** 0.5 / np.abs(w).max(axis=1) ** 0.5
    assert (x / s) @ (s[:, None] * w) == pytest.approx(x @ w)
    # With α = 0.5 both sides reach equally far in every channel.
    assert np.abs(x / s).max(axis=0) == pytest.approx(np.abs(s[:, None] * w).max(axis=1))

    # GPTQ's compensation against least squares with one weight held at its rounded value.
    inputs, weights = x.T, w[:, 0]
    inverse, held = np.linalg.inv(2 * inputs @ inputs.T), 4
    rounded = round(weights[held])
    delta = -(weights[held] - rounded) / inverse[held, held] * inverse[:, held]
    free = np.arange(12) != held
    target = weights @ inputs - rounded * inputs[held]
    best, *_ = np.linalg.lstsq(inputs[free].T, target, rcond=None)
    assert (weights + delta)[free] == pytest.approx(best) and (weights + delta)[held] == pytest.approx(rounded)


def test_straight_through():
    values = quantization.straight_through(0.125, 0.01, 3, 0.1)
    nearest = [min((0.1, 0.2), key=lambda level: abs(level - (0.125 + 0.01 * n))) for n in (1, 2, 3)]
    assert values == pytest.approx(nearest) and nearest == [0.1, 0.1, 0.2]
    states("straight-through", (values[0], values[2]))


def test_bits_of_groups():
    # Counted over a whole matrix: codes, scales, zero points.
    for group, zero, named in ((128, 0, "4.125"), (128, 4, "4.156"), (32, 0, "4.5")):
        weights = 1024 * 1024
        total = weights * 4 + weights // group * (16 + zero)
        assert (
            quantization.bits_per_weight(4, group, 16, zero) == total / weights == pytest.approx(float(named), abs=5e-4)
        )
        states("group-bits", total / weights)


def test_eight_bit_floats():
    # E5M2 is the upper half of float16; E4M3's bits, moved to float16's exponent, are 2^(15 − 7) times too small.
    codes = np.arange(128, dtype=np.uint16)
    e5m2 = (codes << 8).view(np.float16).astype(float)
    assert quantization.float8(5, 2, True) == pytest.approx(e5m2[np.isfinite(e5m2)])
    e4m3 = (codes << 7).view(np.float16).astype(float) * 2**8
    assert quantization.float8(4, 3, False) == pytest.approx(e4m3[:-1])
    states("fp8-formats", e4m3[-2], e5m2[np.isfinite(e5m2)].max())
    states("fp8-formats", e4m3[:-8].max())
    assert (e4m3[1], e5m2[1]) == (2**-9, 2**-16)
    states("fp8-formats", (2**-9, 2**-16))


def test_what_eight_and_four_bits_speed_up():
    for name, size, peak in (("fp16", 2, PEAK), ("W8A8", 1, PEAK8), ("W4A16", 0.5, PEAK)):
        times = [1e3 * max(7e9 * size / BANDWIDTH, 2 * 7e9 * batch / peak) for batch in (1, 512)]
        states("weight-only-vs-w8a8", tuple(times))


def test_kv_bytes():
    for name, size in (("fp16", 2), ("int8", 1), ("int4", 0.5)):
        token = 2 * 32 * 4096 * size
        states("kv-quantization", (token / KIB, 32768 * token / GIB))


# Fine-tuning


def test_lora():
    b, a = lora.pair(4096, 4096, 8, np.random.default_rng(0))
    assert a.size + b.size == lora.parameters(4096, 4096, 8)
    states("lora", (a.size + b.size, (a.size + b.size) / 4096**2), (64, 2 * 64 / 4096))
    states("lora-memory", (sum(training_memory.shares(1, 1, 0)), training_memory.WEIGHTS))
    # Linear in each factor: a step of size t along a matrix changes the loss by t times its gradient's square, at first.
    random = np.random.default_rng(2106)
    upstream, x, a, b = (random.standard_normal(shape) for shape in ((3, 6), (4, 6), (2, 4), (3, 2)))
    grad_a, grad_b = lora.gradients(upstream, x, a, b, 2.0)
    for da, db in ((grad_a, 0 * b), (0 * a, grad_b)):
        change = 2.0 * (upstream * ((b @ da + db @ a) @ x)).sum()
        assert change == pytest.approx((da**2).sum() + (db**2).sum())
    assert not lora.pair(3, 4, 2, random)[0].any()
    # Both zero: no gradient at all.
    grad_a, grad_b = lora.gradients(np.ones((3, 2)), np.ones((4, 2)), np.zeros((2, 4)), np.zeros((3, 2)), 1.0)
    assert not grad_a.any() and not grad_b.any()


def test_other_small_trainings():
    wan = {}
    shapes = {
        "LoRA": [(8, 4096), (4096, 8)] * 2,
        "Adapter": [(4096, 64), (64, 4096)] * 2,
        "前缀": [(20, 4096)] * 2,
    }
    for name, matrices in shapes.items():
        wan[name] = 32 * sum(math.prod(shape) for shape in matrices)
        [stated] = numbers(row("peft-compare", name).split("|")[-2])
        assert stated.states(wan[name])
    assert wan["LoRA"] == 32 * 2 * lora.parameters(4096, 4096, 8)
    states("sft-loss-mask", 900 / (900 + 100))


def test_qlora():
    extra = Fraction(8, 64) + Fraction(32, 64 * 256)
    states("qlora", 32 / 64, extra, (65 * 2, 65 * (4 + float(extra)) / 8))
    assert 65 * (4 + float(extra)) / 8 < 48
    states("qlora", 2**4)


def test_distillation():
    z, v = np.array([2.0, -1.0, 0.5, -1.5]), np.array([0.5, 1.0, -2.0, 0.5])
    for t in (1.0, 3.0):
        p, q = (np.exp(x / t) / np.exp(x / t).sum() for x in (v, z))
        assert distillation.gradient(z, v, t) == pytest.approx((q - p) / t)
    assert 1e8 * distillation.gradient(z, v, 1e4) == pytest.approx((z - v) / 4, rel=1e-3)


# Training


def test_schedule_and_adam():
    peak = max(512**-0.5 * min(t**-0.5, t * 4000**-1.5) for t in range(1, 20001))
    for t in (1, 100, 4000, 20000):
        assert float(schedules.noam(t)) == pytest.approx(
            t / (4000 * math.sqrt(512 * 4000)) if t < 4000 else 1 / math.sqrt(512 * t)
        )
    assert peak == pytest.approx(float(schedules.noam(4000)))
    states("warmup", peak, 4000)
    states("adam-update", (0.9, 0.999))
    states("adam-bias-correction", (1 - 0.9, 1 - 0.999))
    ratio = float(schedules.adam_updates([7.0], corrected=False)[0])
    assert ratio == pytest.approx(math.sqrt(10))
    states("adam-bias-correction", ratio, ratio)
    assert schedules.adam_updates([-1e-9, -1e-9, -1e-9]) == pytest.approx(-np.ones(3))
    means = ((100, 2.0), (900, 3.0))
    losses = np.concatenate([np.full(n, mean) for n, mean in means])
    states("gradient-accumulation", np.mean([mean for _, mean in means]), losses.mean())


def bfloat16(x: float) -> float:
    """Rounded to 8 significant bits, ties to even."""
    mantissa, exponent = math.frexp(x)
    return math.ldexp(round(mantissa * 256), exponent - 8)


def test_schedules_that_share_their_plateau():
    shares = [1, 2, 3, 4, 5]
    branches = sum(0.1 * share for share in shares)
    states("wsd-schedule", sum(shares), (0.9 * max(shares), branches, 0.9 * max(shares) + branches))


def test_the_noise_scale():
    # One step of length ε on |θ|²/2 gains ε·G² − ε²·(G² + tr Σ/B)/2 on the mean; the best ε by search. Steps are as 1/gain.
    gradient, noise = 0.7, 3.0
    scale = noise / gradient
    epsilon = np.linspace(0, 1, 200001)

    def gain(batch: float) -> float:
        return float((epsilon * gradient - epsilon**2 * (gradient + noise / batch) / 2).max())

    rows = {"步数": [], "样本": []}
    for ratio in (0.25, 1, 4):
        steps = gain(1e12) / gain(ratio * scale)
        samples = ratio * steps / (1e-3 * gain(1e12) / gain(1e-3 * scale))
        assert schedules.needed(ratio) == pytest.approx((steps, samples), rel=2e-3)
        rows["步数"].append(steps)
        rows["样本"].append(samples)
    states("critical-batch", *map(tuple, rows.values()))


def test_formats():
    for name, exponent, mantissa in (("fp32", 8, 23), ("bf16", 8, 7), ("fp16", 5, 10)):
        top = (2 - 2.0**-mantissa) * 2.0 ** (2 ** (exponent - 1) - 1)
        top_and_least = (top, 2.0 ** (2 - 2 ** (exponent - 1)))
        states("mixed-precision", (exponent, mantissa, *top_and_least))
    states("mixed-precision", 10 - 7)
    half = np.finfo(np.float16)
    states(
        "mixed-precision",
        float(half.max),
        float(half.tiny),
        float(np.finfo(np.float32).max),
        float(np.finfo(np.float32).tiny),
    )
    assert (
        f"{float(half.tiny):.1e}" == "6.1e-05"
        and f"{np.finfo(np.float32).max:.1e}" == "3.4e+38"
        and f"{np.finfo(np.float32).tiny:.1e}" == "1.2e-38"
    )
    assert (2 - 2**-7) * 2.0**127 == pytest.approx(3.39e38, rel=1e-3)  # bf16
    assert bfloat16(1 - 0.001) == 1 and np.float32(1) - np.float32(0.001) < 1
    # The same by cutting a float32: the two neighbours of 0.999 among numbers of 16 bits, and the nearer of them.
    low = np.array([np.float32(0.999)]).view(np.uint32) & 0xFFFF0000
    below, above = (float((low + step).view(np.float32)[0]) for step in (np.uint32(0), np.uint32(0x10000)))
    assert above == 1 and above - below == 2**-8 and above - 0.999 < 0.999 - below
    states("mixed-precision", (2**-8, 0.00391))
    assert float(np.nextafter(np.float16(0), np.float16(1))) == 2**-24
    states("loss-scaling", (2**-24, 5.96e-8), float(half.max))


def test_memory():
    parts = (training_memory.WEIGHTS, training_memory.GRADIENTS, 4, 8)
    assert sum(parts) == 16 and sum(parts[2:]) == training_memory.OPTIMIZER
    for name, size in zip(("fp16 参数", "fp16 梯度", "fp32 主权重", "fp32 动量与方差"), parts, strict=True):
        states("bytes-per-parameter", size)
    states("bytes-per-parameter", 16, 7 * 16, 7 * 2)
    # One half of a ring all-reduce sends the tensor once: gradients take both halves, stage 3 gathers the weights twice.
    halves = collectives.sent_by_each(10**9, 1.0) / 2
    sends = [2 * halves, 2 * halves, 2 * halves, halves + 2 * halves]
    for stage, (name, sent) in enumerate(zip(training_memory.STAGES, sends, strict=True)):
        cells = row("zero", name + " |")
        terms = (re.findall(r"(\d+)\\Psi(/N)?", cell) for cell in cells.split("|")[2:4])
        held, moved = (sum(int(times) * 7.5 / (64 if cut else 1) for times, cut in cell) for cell in terms)
        assert held == pytest.approx(sum(training_memory.shares(7.5, 64, stage))), cells
        assert moved == pytest.approx(7.5 * sent), cells
    whole = (7.5 * 16, 7.5 * (4 + 12 / 64), 7.5 * (2 + 14 / 64), 7.5 * 16 / 64)
    for stage, total in enumerate(whole):
        assert sum(training_memory.shares(7.5, 64, stage)) == pytest.approx(total)
    states("zero", 1.5, (75e8, 64), *whole)

    outside, inside = training_memory.activation_bytes(2048, 1, 12288, 96)
    assert inside / outside == pytest.approx(80 / 34)
    # In the n×n part, of each head: the softmax and the weights after dropout, 2 bytes each, and the mask, 1.
    assert inside == 96 * 2048**2 * (2 + 2 + 1)
    states("activation-checkpointing", 80, (80 / (34 + 80), inside / (inside + outside)), 1 / 3)


def test_activations_cut_along_the_sequence():
    # Bytes of one layer by where they are kept (sbh each): what tensor parallelism cuts, and what it leaves whole.
    cut = {"Q, K, V": 6, "input of the projection": 2, "input of the second matrix": 8, "input of GeLU": 8}
    whole = {
        "input of attention": 2,
        "mask after the projection": 1,
        "input of the first matrix": 2,
        "mask after the MLP": 1,
        "two LayerNorms": 4,
    }
    assert sum(cut.values()) + sum(whole.values()) == 34 and sum(whole.values()) == 10
    rows = (("不切", 1, False), ("张量并行", 8, False), ("再加序列并行", 8, True))
    for name, devices, along in rows:
        kept = sum(cut.values()) / devices + sum(whole.values()) / (devices if along else 1)
        assert kept == training_memory.sliced_activations(devices, along)
        [stated] = numbers(row("sequence-parallel", name + " |").split("|")[-2])
        assert stated.states(kept)


def test_ring():
    for devices in (2, 3, 8):
        parts = np.random.default_rng(devices).standard_normal((devices, devices, 4))
        held, sent = collectives.ring_all_reduce(parts)
        assert held == pytest.approx(np.broadcast_to(parts.sum(axis=0), parts.shape))
        assert sent == pytest.approx(collectives.sent_by_each(devices, parts[0].size))
    states("ring-all-reduce", collectives.sent_by_each(8, 14))
    writes("ring-all-reduce", r"\frac{2(N-1)}{N}S", "N-1")


def test_utilization():
    share = scaling_laws.utilization(540e9, 238.3e3, 6144, 275e12)
    per_device = 238.3e3 / 6144  # tokens a second
    assert share == pytest.approx(per_device / (275e12 / (6 * 540e9)))
    # 118 layers of 48 heads of 256, 2048 tokens: scores and weighted sum, 2 FLOP a multiply-add, forward once and backward twice.
    attention = 118 * 48 * 2 * (256 * 2048) * 2 * 3
    assert scaling_laws.attention_flops(118, 48 * 256, 2048) == attention
    whole = scaling_laws.utilization(540e9, 238.3e3, 6144, 275e12, attention)
    states("mfu", share, whole)


def test_flops():
    # One linear layer, counted: n·d·m multiply-adds forward, the same for dX = dY·Wᵀ and for dW = Xᵀ·dY.
    n, d, m = 5, 7, 11
    forward, to_inputs, to_weights = n * d * m, n * m * d, d * n * m
    assert 2 * (forward + to_inputs + to_weights) == scaling_laws.flops(d * m, n)
    total = scaling_laws.flops(175e9, 300e9)
    writes("six-nd", f"${2 * forward // (n * d * m)}ND$", f"${2 * (to_inputs + to_weights) // (n * d * m)}ND$")
    writes("six-nd", f"${2 * (2 * forward + to_inputs + to_weights) // (n * d * m)}ND$")
    states("six-nd", total, total / (1000 * PEAK * 0.4) / 86400)


def test_pipeline():
    for stages, batches in ((4, 1), (4, 8), (3, 5)):
        tasks = pipelines.schedule(stages, batches)
        end = 1 + max(start for *_, start in tasks)
        assert 1 - len(tasks) / (stages * end) == pytest.approx(pipelines.bubble(stages, batches))
    idle = (pipelines.bubble(4, 1), pipelines.bubble(4, 8))
    assert idle == pytest.approx((3 / 4, 3 / 11))
    states("pipeline-bubble", (1, idle[0], 8, idle[1]), (1, idle[0], 8, idle[1]), (4, 8, 3 / 8, idle[1]))


def test_tensor_parallel():
    random = np.random.default_rng(1909)
    x, a, b = random.standard_normal((3, 4)), random.standard_normal((4, 8)), random.standard_normal((8, 4))
    gelu = np.vectorize(lambda value: value * (1 + math.erf(value / math.sqrt(2))) / 2)
    parts = sum(gelu(x @ a[:, cut]) @ b[cut] for cut in (slice(0, 4), slice(4, 8)))
    assert parts == pytest.approx(gelu(x @ a) @ b)


# Scaling laws


def test_scaling():
    states("kaplan-vs-chinchilla", (10**0.73, 10**0.27), 10**0.5)
    chinchilla, gopher = ((70e9, 1.4e12), (280e9, 300e9))
    states("kaplan-vs-chinchilla", (6 * math.prod(chinchilla), 6 * math.prod(gopher)))
    states("chinchilla-ratio", chinchilla[1] / chinchilla[0], chinchilla)
    for fit in (scaling_laws.HOFFMANN, scaling_laws.BESIROGLU):
        sizes = np.geomspace(1e9, 1e12, 200001)
        n = sizes[np.argmin(scaling_laws.loss(sizes, 5.76e23 / (6 * sizes), fit))]
        assert n == pytest.approx(float(scaling_laws.optimum(5.76e23, fit)[0]), rel=1e-3)
    ratios = [float(d / n) for n, d in (scaling_laws.optimum(c, scaling_laws.BESIROGLU) for c in (1e20, 1e22, 1e24))]
    assert min(ratios) < 20 < max(ratios) and max(abs(ratio - 20) for ratio in ratios) < 4
    states("kaplan-vs-chinchilla", 20)
    states("overtraining", 1e12 / 6.7e9, 6 // 2)


def test_repeated_data():
    # What the next token repeated is worth falls as exp(−R/R*): the integral over all repeats.
    row = []
    for epochs in (4, 16, 40, 1e6):
        worth = float(scaling_laws.worth(epochs))
        steps = np.linspace(0, min(epochs, 400) - 1, 400001)
        middle = (steps[1:] + steps[:-1]) / 2
        assert worth == pytest.approx(1 + float((np.exp(-middle / 15.39) * np.diff(steps)).sum()), rel=1e-6)
        row.append(worth)
    states("data-repetition", tuple(row), 1 + 15)
    for n in (14, 45):
        none = math.prod([0.95] * n)
        assert 1 - none == pytest.approx(evaluation.at_least_one(0.05, n))
        states("test-time-compute", (n, 1 - none))


def test_emergence():
    states("emergence", (0.9**30, 0.99**30))
    assert evaluation.exact_match(0.9, 30) == pytest.approx(math.exp(30 * math.log(0.9)))


# Alignment


def test_preferences():
    states("reward-model-loss", math.comb(9, 2))
    for advantage, value, slope in ((1.0, 1.2, "为 0"), (-1.0, -1.5, "还在")):
        assert float(policy_gradient.clipped(1.5, advantage)) == pytest.approx(value)
        change = policy_gradient.clipped(1.5 + 1e-6, advantage) - policy_gradient.clipped(1.5 - 1e-6, advantage)
        assert (change == 0) == (slope == "为 0")
        states("ppo-clip", (1.5, abs(value), 0))
    kl = {}
    for n in (4, 16, 256, 512):
        # The best of n has density n·u^(n−1) over the quantile u of the reward.
        u = (np.arange(400000) + 0.5) / 400000
        kl[n] = float((n * u ** (n - 1) * (math.log(n) + (n - 1) * np.log(u))).mean())
        assert kl[n] == pytest.approx(math.log(n) - (n - 1) / n, abs=1e-4)
    states("best-of-n-kl", *((n, kl[n]) for n in (4, 16)), kl[512] - kl[256])
    states("dpo-derivation", float(preference.dpo_loss(0.0)), (0, float(preference.weight(0.0))))
    assert float(preference.dpo_loss(0.0)) == pytest.approx(math.log(2))
    assert preference.weight(np.array([-40.0, 40.0])) == pytest.approx([1, 0])
    states("dpo-derivation", (1, 0))
    states("dpo-gradient", 1, float(preference.weight(0.0)))
    rewards = [1, 0, 0, 0]
    mean = sum(rewards) / 4
    deviation = math.sqrt(sum((r - mean) ** 2 for r in rewards) / 4)
    expected = [(r - mean) / deviation for r in rewards]
    assert preference.group_advantages(rewards) == pytest.approx(expected)
    for same in (0.0, 1.0):
        assert not preference.group_advantages([same] * 4).any()
    states("grpo", 0, (expected[0], *[expected[1]] * 3))


def test_wider_clipping():
    # How far a token of a good answer can be pushed: to where the objective stops rising.
    ratios = np.linspace(0.5, 2, 150001)
    reach = {
        high: float(ratios[np.argmax(policy_gradient.clipped(ratios, 1.0, 0.2, high) - 1e-9 * ratios)])
        for high in (0.2, 0.28)
    }
    states("dapo", (0.01, 0.01 * reach[0.2], 0.9, 0.9 * reach[0.2], 0.01 * reach[0.28]))
    per_answer = [1 / 2 / length for length in (1000, 100)]
    states("dapo", (100, per_answer[0] / per_answer[1]))


def test_advantages():
    rewards, values, gamma, lam = [0, 0, 1], [0.5, 0.6, 0.8], 1.0, 0.95
    errors = [r + gamma * after - v for r, v, after in zip(rewards, values, [*values[1:], 0], strict=True)]
    expected = [sum((gamma * lam) ** k * errors[t + k] for k in range(3 - t)) for t in range(3)]
    found = policy_gradient.advantages(rewards, values, gamma, lam)
    assert found == pytest.approx(expected)
    states("gae", tuple(found))
    assert policy_gradient.advantages(rewards, values, gamma, 0.0) == pytest.approx(errors)
    assert policy_gradient.advantages(rewards, values, gamma, 1.0) == pytest.approx([1 - v for v in values])


def test_estimates_of_kl():
    x = np.linspace(-12, 12, 200001)
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    true = 0.1**2 / 2
    found = policy_gradient.kl_estimates(0.1 * x - true)
    means = [float(density @ k) for k in found]
    spreads = [math.sqrt(density @ k**2 - mean**2) / true for k, mean in zip(found, means, strict=True)]
    biases = [100 * (mean / true - 1) for mean in means]
    assert biases == pytest.approx([0, 0.25, 0], abs=1e-4) and found[2].min() >= 0 > found[0].min()
    states("kl-estimators", true, (0, biases[1] / 100, 0))
    states("kl-estimators", tuple(spreads))

    # What comes out when the estimates themselves are differentiated, samples fixed: on four tokens, by differences.
    random = np.random.default_rng(2506)
    z, reference = random.standard_normal(4), random.dirichlet(np.ones(4))
    policy = sampling.softmax(z)

    def slope(value) -> np.ndarray:
        return np.array([(value(z + h) - value(z - h)) / 2e-5 for h in 1e-5 * np.eye(4)])

    def kl(p: np.ndarray, q: np.ndarray) -> float:
        return float((p * np.log(p / q)).sum())

    drawn = [
        slope(lambda z, n=n: policy @ policy_gradient.kl_estimates(np.log(reference / sampling.softmax(z)))[n])
        for n in range(3)
    ]
    assert drawn[0] == pytest.approx(np.zeros(4), abs=1e-8)
    assert drawn[1] == pytest.approx(slope(lambda z: kl(sampling.softmax(z), reference)), abs=1e-8)
    assert drawn[2] == pytest.approx(slope(lambda z: kl(reference, sampling.softmax(z))), abs=1e-8)


def test_the_gradient_of_dpo():
    """On a softmax policy over four answers, by differences."""
    random = np.random.default_rng(2305)
    z, reference, beta = random.standard_normal(4), random.dirichlet(np.ones(4)), 0.3

    def implied(z: np.ndarray) -> np.ndarray:
        return beta * (z - np.log(np.exp(z).sum()) - np.log(reference))

    def loss(z: np.ndarray) -> float:
        return float(preference.dpo_loss(implied(z)[0] - implied(z)[1]))

    weight = 1 / (1 + math.exp(implied(z)[0] - implied(z)[1]))
    assert float(preference.weight(implied(z)[0] - implied(z)[1])) == pytest.approx(weight)
    policy = np.exp(z) / np.exp(z).sum()
    gradient = -beta * weight * ((np.eye(4)[0] - policy) - (np.eye(4)[1] - policy))
    for i in range(4):
        h = 1e-5 * np.eye(4)[i]
        assert (loss(z + h) - loss(z - h)) / 2e-5 == pytest.approx(gradient[i], abs=1e-8)


def test_the_optimum_under_a_kl_penalty():
    """Found by going uphill, instead of by the formula."""
    random = np.random.default_rng(2009)
    reference, reward, beta = random.dirichlet(np.ones(5)), random.standard_normal(5), 0.7
    z = np.zeros(5)
    for _ in range(20000):
        policy = np.exp(z) / np.exp(z).sum()
        value = reward - beta * np.log(policy / reference)
        z += policy * (value - policy @ value)
    assert policy == pytest.approx(preference.tilted(reference, reward, beta), abs=1e-6)


# Evaluation, retrieval


def test_evaluation():
    exact = 1 - Fraction(math.comb(18, 10), math.comb(20, 10))
    assert evaluation.pass_at_k(20, 2, 10) == pytest.approx(float(exact))
    states("pass-at-k", exact, 1 - 0.9**10)
    truth = 1 - 0.95**10
    chances = [math.comb(10, c) * 0.05**c * 0.95 ** (10 - c) for c in range(11)]
    mean = sum(chance * (1 - (1 - c / 10) ** 10) for c, chance in enumerate(chances))
    assert mean == pytest.approx(evaluation.expected(evaluation.naive, 10, 10, 0.05))
    states("pass-at-k", (10, mean, truth), (10, mean, truth))
    assert evaluation.pass_at_k(10, 4, 7) == 1 and evaluation.pass_at_k(10, 4, 1) == pytest.approx(0.4)
    writes("pass-at-k", "k=1", "c/n", "n-c<k")

    # To answer with confidence p gains p − (1 − p)·t/(1 − t), positive exactly above t.
    t = Fraction(3, 4)
    states("hallucination", t / (1 - t))
    for p in (Fraction(n, 100) for n in range(101)):
        assert (p - (1 - p) * t / (1 - t) > 0) == (p > t)

    votes = sum(math.prod(0.6 if right else 0.4 for right in run) for run in product((0, 1), repeat=5) if sum(run) > 2)
    states("self-consistency", votes)


def test_bleu():
    words, reference = ["the"] * 7, "the cat is on the mat".split()
    left, found = list(reference), 0
    for word in words:  # each word of the reference can be used once
        if word in left:
            left.remove(word)
            found += 1
    assert evaluation.clipped_precision(words, reference, 1) == found / 7
    assert evaluation.clipped_precision("the cat on the mat".split(), reference, 2) == 3 / 4
    states("bleu", found / 7, math.exp(-1 / 9))
    assert evaluation.brevity(9, 10) == pytest.approx(math.exp(-1 / 9)) and evaluation.brevity(11, 10) == 1


def test_two_ways_to_choose():
    options = {"甲": [-1.5] * 2, "乙": [-0.8] * 5}
    for score in (sum, np.mean):
        values = {name: float(score(logs)) for name, logs in options.items()}
        states("multiple-choice-scoring", tuple(values.values()))


def test_errors_of_scores():
    random = np.random.default_rng(2411)
    one = evaluation.standard_error(0.8, 1000)
    assert one == pytest.approx((random.random((20000, 1000)) < 0.8).mean(axis=1).std(), rel=0.03)
    two = evaluation.paired_error(one, one, 0.0)
    states("eval-error-bars", 100 * one, 100 * two)
    # Two models that agree on a question with the probability that makes their results correlate by 0.7.
    same, first = random.random((4000, 1000)) < 0.7, random.random((4000, 1000)) < 0.8
    second = np.where(same, first, random.random((4000, 1000)) < 0.8)
    paired = evaluation.paired_error(one, one, 0.7)
    assert paired == pytest.approx((first.mean(axis=1) - second.mean(axis=1)).std(), rel=0.06)
    states("eval-error-bars", 100 * paired)
    assert 2 < 1.96 * 100 * two and 2 > 1.96 * 100 * paired

    for lead in (100, 400):
        odds = 10 ** (lead / 400)
        assert evaluation.elo_win(lead) == pytest.approx(odds / (1 + odds))
        states("arena-elo", (lead, odds / (1 + odds)))
    # Question by question, instead of by groups.
    stated = np.array([0.9] * 60 + [0.6] * 40)
    right = np.array([1] * 48 + [0] * 12 + [1] * 24 + [0] * 16)
    error = sum(abs(right[stated == c].sum() - stated[stated == c].sum()) for c in (0.9, 0.6)) / 100
    assert evaluation.calibration_error([(60, 0.9, 48 / 60), (40, 0.6, 24 / 40)]) == pytest.approx(error)
    states("calibration", error)
    states("prm-vs-orm", 0.95**10)


def test_measures_of_a_ranking():
    grades = [0, 2, 0, 1, 0]
    best = max(retrieval.dcg(order) for order in permutations(grades))
    assert retrieval.ndcg(grades) == pytest.approx(retrieval.dcg(grades) / best)
    assert retrieval.dcg(grades) == pytest.approx(3 / math.log2(3) + 1 / math.log2(5))
    states(
        "retrieval-metrics",
        (3, retrieval.recall(grades, 3, 2)),
        retrieval.reciprocal_rank(grades),
        retrieval.ndcg(grades),
    )
    assert (retrieval.recall(grades, 3, 2), retrieval.reciprocal_rank(grades)) == (1 / 2, 1 / 2)


def test_searching_and_squeezing_vectors():
    # An inverted file in small: every vector in the list of its nearest centroid.
    random = np.random.default_rng(1702)
    sizes = np.bincount(random.integers(0, 50, 100000), minlength=50)
    assert 50 + sizes[:5].sum() == pytest.approx(retrieval.scanned(100000, 50, 5), rel=0.03)
    work = retrieval.scanned(10**7, 4096, 16)
    states("ann-index", (work, work / 1e7))

    flat, coded = np.zeros(768, np.float32).nbytes, np.zeros(96, np.uint8).nbytes
    assert coded == retrieval.product_code_bytes(96)
    states("product-quantization", (flat, flat * 1e7 / 1e9))
    states("product-quantization", (coded * 1e7 / 1e9, coded / flat))
    # Sums of looked-up distances are the distances to the decoded vectors.
    codebook, codes, query = (
        random.standard_normal((4, 8, 3)),
        random.integers(0, 8, (20, 4)),
        random.standard_normal((4, 3)),
    )
    table = ((query[:, None] - codebook) ** 2).sum(axis=2)
    decoded = np.array([[codebook[part, code] for part, code in enumerate(row)] for row in codes])
    assert table[np.arange(4), codes].sum(axis=1) == pytest.approx(((query - decoded) ** 2).sum(axis=(1, 2)))


def test_retrieval():
    starts = range(0, 10000, 512 - 64)
    needed = next(n for n, start in enumerate(starts, 1) if start + 512 >= 10000)
    states("chunking", needed, 512 / (512 - 64) - 1)
    tenth = 1 / (1 / 2.2 + 1.2 / (2.2 * 10))
    assert tenth == pytest.approx(retrieval.saturation(10))
    states("bm25-saturation", (1, tenth), 1.2 + 1)
    assert retrieval.saturation(1) == pytest.approx(1) and retrieval.saturation(10**9) == pytest.approx(2.2)
    states("bm25-saturation", (1, 1))
    states("bi-vs-cross-encoder", sum(range(10000)))
    states("reciprocal-rank-fusion", retrieval.fused([5, 5]), Fraction(1, 61))
    assert retrieval.fused([5, 5]) == pytest.approx(float(Fraction(2, 65)))
    assert retrieval.idf(1000, 999) > 0
    states("agent-long-tasks", 0.95**20)
