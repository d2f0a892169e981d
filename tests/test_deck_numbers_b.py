"""What the notes 20 and up state in numbers is what comes out when it is computed, and the models behind them agree with other formulations."""

import math
import re
import sys
from fractions import Fraction
from heapq import heapreplace
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

NOTES = Path(__file__).parents[1] / "notes"
sys.path.insert(0, str(NOTES / "figures"))

from models import (  # noqa: E402
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

# A100 80 GB SXM: NVIDIA's data sheet. Bytes a second; FLOP/s at 16 bits; integer operations a second at 8.
BANDWIDTH, PEAK, PEAK8 = 2.039e12, 312e12, 624e12
GIB, KIB = 2**30, 2**10


def texts() -> dict[str, str]:
    """Each note's question and answer by its id, clozes opened."""
    found = {}
    for path in sorted(NOTES.glob("*.md")):
        for part in re.split(r"^### ", path.read_text(), flags=re.M)[1:]:
            if match := re.search(r"\{#([\w-]+)", part.split("\n")[0]):
                found[match[1]] = re.sub(r"\{\{c\d+::((?:\$[^$]*\$|(?!\}\}).)*?)(?:::[^{}$]*)?\}\}", r"\1", part)
    return found


TEXTS = texts()


def states(note: str, *parts: str) -> None:
    for part in parts:
        assert part in TEXTS[note], f"{note} does not say {part!r}"


def yi(number: float, digits: int) -> str:
    """In units of 亿, 10^8."""
    return f"{number / 1e8:.{digits}f} 亿"


# What the computations below start from, as the notes say it.
STARTS = [
    ("wordpiece-vs-bpe", "hug 10、pug 5、pun 12、bun 4、hugs 5"),
    ("bpe-training", "low 5 次、lower 2 次、newest 6 次、widest 3 次"),
    ("weight-tying", "$50257\\times768", "若 $d=4096$、32 层、词表 32000"),
    ("mlm-masking", "选 15%", "80% 换成", "10% 换成随机"),
    ("span-corruption", "500 个 token、遮 15%、平均长度 3"),
    ("greedy-vs-beam", "第一步 A 0.5、B 0.4；A 之后最好的 token 只有 0.4，B 之后有 0.9"),
    ("inference-speedup", "70 亿参数、A100 80GB SXM（2.04 TB/s）", "接受率 0.8、草稿 4 个"),
    ("bandwidth-bound", "70 亿参数", "A100 80GB SXM 是 2.04 TB/s"),
    ("speculative-speedup", "$\\alpha=0.8$、$c=0.05$", "| $\\gamma$ | 2 | 4 | 7 | 12 |"),
    ("quantization-basics", "int8 的分母是 127"),
    ("quantization-outliers", "把 64 列里的一列放大 60 倍"),
    ("kv-quantization", "32 层、宽 4096、不用 GQA", "32768 个 token"),
    ("qlora", "每 64 个权重一个 fp32 的 scale", "量化成 8 位、每 256 个一组", "650 亿参数的权重", "48 GB"),
    ("gradient-accumulation", "100 个 token、平均损失 2.0，另一个 900 个 token、平均 3.0"),
    ("activation-checkpointing", "$a=96$，$s=2048$，$h=12288$", "34+5"),
    ("six-nd", "1750 亿参数、3000 亿 token", "1000 张 A100（312 TFLOP/s）、40% 利用率"),
    ("kaplan-vs-chinchilla", "700 亿参数、1.4 万亿 token", "2800 亿参数、3000 亿 token", "C^{0.73}"),
    ("overtraining", "67 亿参数、1 万亿 token"),
    ("emergence", "从 0.90 平稳升到 0.99，$L=30$"),
    ("ppo-clip", "$\\epsilon=0.2$", "$A>0$、$\\rho=1.5$", "$A<0$、$\\rho=1.5$"),
    ("pass-at-k", "$n=20$、$c=2$、$k=10$", "单次通过率 0.05", "图中 $n=10$ 时"),
    ("hallucination", "$t=0.75$"),
    ("self-consistency", "以 0.6 的概率答对", "5 条投票"),
    ("chunking", "10000 个 token、块长 512、重叠 64"),
    ("bm25-saturation", "$k_1=1.2$，$b=0.75$", "词频从 1 涨到 10"),
    ("reciprocal-rank-fusion", "通常取 60", "都排第 5"),
    ("agent-long-tasks", "成功率 0.95", "20 步全对"),
    ("perplexity", "损失 2.0 nats"),
    ("bits-per-byte", "同一段 1000 字节的文本"),
    ("temperature-limits", "两个 token 的 logit 差 2"),
    ("repetition-penalty", "一律除以 1.2"),
    ("paged-attention", "2\\times5120\\times40\\times2", "按 2048 个 token 预留", "每块 16 个 token", "15 个位置"),
    ("bytes-per-parameter", "70 亿参数光是这些就要 112 GB"),
    ("pipeline-bubble", "$p=4$、$m=8$"),
    ("extend-vocabulary", "词表 50257 时", "都在 −30 附近"),
    ("minhash-dedup", "$b=14$、$r=8$", "| $s$ | 0.5 | 0.7 | 0.75 | 0.8 | 0.85 |"),
    ("min-p", "| $T$ | 0.5 | 1 | 2 |"),
    ("constrained-decoding", "第一步 A 0.9、B 0.1；A 之后只有 0.1 能合法收尾，B 之后总能"),
    ("draft-sources", "第一个头取前 2、第二个头取前 3"),
    ("prefix-caching", "系统提示 2000 个 token、问题 100 个"),
    ("chunked-prefill", "每次迭代最多 512 个 token，批里有 64 个请求在解码", "4096 个 token 的提示"),
    ("straight-through", "步长 $s=0.1$，$w=0.125$，每步加 0.01"),
    ("group-bits", "每组 128 个，fp16 的 scale", "再加 4 位的零点", "每组 32 个，只有 fp16 的 scale"),
    ("weight-only-vs-w8a8", "70 亿参数、A100 80 GB SXM（2.04 TB/s，fp16 312、int8 624 T/s；40 GB 版只有 1.56 TB/s）"),
    ("peft-compare", "32 层、$d=4096$", "$r=8$", "宽 $m=64$", "$l=20$ 个位置"),
    ("sft-loss-mask", "提示 900 个 token、回答 100 个"),
    ("mfu", "5400 亿参数、6144 块 TPU v4（每块 275 TFLOP/s）、每秒 23.83 万 token"),
    ("ring-all-reduce", "14 GB，8 张卡"),
    ("data-repetition", "R^*\\approx15.4"),
    ("test-time-compute", "单次只有 5% 的题"),
    ("dapo", "\\epsilon_\\text{low}=0.2,\\ \\epsilon_\\text{high}=0.28", "概率 0.01 的 token", "概率 0.9 的上界", "1000 个 token 的回答"),
    ("bleu", "译文是七个 the，参考是 the cat is on the mat", "译文 9 个词，参考 10 个词"),
    ("multiple-choice-scoring", "选项甲 2 个 token，各 −1.5；选项乙 5 个，各 −0.8"),
    ("wsd-schedule", "约 10% 的 token", "1、2、3、4、5 份数据"),
    ("critical-batch", "| $B/B_\\text{noise}$ | 1/4 | 1 | 4 |"),
    ("gae", "只在最后给奖励 1，三步的 $V$ 是 0.5、0.6、0.8，$\\gamma=1$，$\\lambda=0.95$"),
    ("kl-estimators", "\\pi=\\mathcal N(0,1)$，$\\pi_\\text{ref}=\\mathcal N(0.1,1)$"),
    ("prm-vs-orm", "十步各 0.95"),
    ("eval-error-bars", "1000 道题、正确率 80%", "$\\rho=0.7$"),
    ("calibration", "60 道题把握 0.9、对了 48 道，40 道题把握 0.6、对了 24 道"),
    ("retrieval-metrics", "依次是 0、2、0、1、0"),
    ("ann-index", "1000 万个向量、4096 簇、搜 16 簇"),
    ("product-quantization", "768 维、fp32、1000 万个向量，$m=96$"),
]


def test_the_notes_start_from_what_is_computed_here():
    for note, *parts in STARTS:
        states(note, *parts)


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
    assert [bpe.encode(word, [pair for pair, _ in merges]) for word in bpe.CORPUS] == [tuple(word.split()) for word in vocabulary]

    shown = [f"{a}+{b}（{count} 次）".replace("</w>", "词尾") for (a, b), count in merges[:5]]
    states("bpe-training", "、".join(shown))
    assert [count for _, count in merges[:5]] == [9, 9, 9, 7, 7]
    assert bpe.encode("lowest", [pair for pair, _ in merges[:5]]) == ("low", "est</w>")
    states("bpe-training", "low 与 est†")
    symbols = {symbol for word in bpe.CORPUS for symbol in bpe.letters(word)}
    assert len(symbols | {"".join(pair) for pair, _ in merges}) == len(symbols) + 10
    states("bpe-training", "词表大小 = 初始符号数 + 合并次数")


def test_wordpiece():
    both, single = subwords.pairs(subwords.CORPUS)
    best = max(both, key=lambda pair: subwords.score(pair, both, single))
    assert best == ("##g", "##s") and both[best] == 5 and both["##u", "##g"] == max(both.values())
    states("wordpiece-vs-bpe", "BPE 先合并 u+g（20 次）", "先合并 g+s：只有 5 次", f"g+s 最高为 {subwords.score(best, both, single):.3f}")
    states("wordpiece-vs-bpe", f"u+g 最高为 {both['##u', '##g']}")
    states("wordpiece-vs-bpe", f"其余都是 {subwords.score(('h', '##u'), both, single):.3f}")

    # The likelihood itself, on the corpus written out before and after each merge.
    def likelihood(text: list[tuple[str, ...]]) -> float:
        pieces = [piece for word in text for piece in word]
        return sum(math.log(pieces.count(piece) / len(pieces)) for piece in pieces)

    text = [subwords.wordpieces(word) for word, count in subwords.CORPUS.items() for _ in range(count)]
    gains = {pair: likelihood([bpe.merge(word, pair) for word in text]) - likelihood(text) for pair in both}
    for pair, gain in gains.items():
        assert subwords.gain(pair, both, single) == pytest.approx(gain)
    assert max(gains, key=gains.get) == ("##u", "##g")
    states("wordpiece-vs-bpe", "增益最大的是 u+g，不是 g+s")


def test_unigram():
    best, log = subwords.viterbi("unity", subwords.PIECES)
    ways = {tuple(way): math.prod(map(subwords.PIECES.get, way)) for way in subwords.segmentations("unity", subwords.PIECES)}
    assert tuple(best) == max(ways, key=ways.get) and math.exp(log) == pytest.approx(max(ways.values()))
    longest, rest = [], "unity"
    while rest:
        longest.append(next(rest[:n] for n in range(len(rest), 0, -1) if rest[:n] in subwords.PIECES))
        rest = rest[len(longest[-1]) :]
    states("unigram-viterbi", f"{'|'.join(longest)}，积是 {ways[tuple(longest)]:.5f}", f"{'|'.join(best)}，积是 {math.exp(log):.3f}", f"概率之积 {math.exp(log):.3f}")


def test_segmentations_and_the_work_of_viterbi():
    # Every way to cut n letters, each a subset of the n − 1 places between them.
    everything = {text: 1.0 for n in range(1, 6) for text in ("unity"[k : k + n] for k in range(6 - n))}
    assert len(list(subwords.segmentations("unity", everything))) == 2**4
    states("unigram-viterbi", "$2^{n-1}$ 种放法")


def test_a_new_row_of_the_embedding():
    """The mean never gets more than 1/(n + 1) of the probability, and the others lose no more than ln(1 + 1/n)."""
    random = np.random.default_rng(2021)
    for size, spread in ((5, 3.0), (40, 1.0), (200, 8.0)):
        rows, state = spread * random.standard_normal((size, 6)), random.standard_normal(6)
        old = sampling.softmax(rows @ state)
        new = sampling.softmax(np.vstack([rows, rows.mean(axis=0)]) @ state)
        assert new[-1] <= 1 / (size + 1) + 1e-12
        assert float((old * np.log(old / new[:-1])).sum()) <= math.log(1 + 1 / size) + 1e-12
    states("extend-vocabulary", "\\frac{1}{|\\mathcal V|+1}", f"上界是 {100 / 50258:.3f}%", "\\ln\\big(1+\\frac1{|\\mathcal V|}\\big)")
    logits = np.full(50258, -30.0)
    logits[-1] = 0
    assert sampling.softmax(logits)[-1] > 0.9999
    states("extend-vocabulary", "独占 99.99% 以上")


def test_vocabularies():
    assert 256 + 50000 + 1 == 50257
    states("tokenizer-problems", f"放全 {len(bytes(range(256)))} 个字节")
    states("byte-level-bpe", f"全部 {len(bytes(range(256)))} 个字节", "50000 次合并", f"要 {len('中'.encode())} 个 token")
    with pytest.raises(UnicodeDecodeError):
        "中".encode()[:2].decode()

    for size in (32000, 128000):
        states("vocabulary-size", f"{size}（", yi(size * 4096, 2))
    states("vocabulary-size", f"少用 {100 * (1 - 3.17 / 3.94):.1f}% 的 token")

    # GPT-2 small, tensor by tensor.
    d, layers, vocabulary, positions = 768, 12, 50257, 1024
    layer = [(d, 3 * d), (3 * d,), (d, d), (d,), (d, 4 * d), (4 * d,), (4 * d, d), (d,), (d,), (d,), (d,), (d,)]
    total = vocabulary * d + positions * d + layers * sum(math.prod(shape) for shape in layer) + 2 * d
    assert total == 124_439_808
    states("weight-tying", f"={round(vocabulary * d / 1e4)}$ 万", f"总参数 {total / 1e8:.3f} 亿的 {100 * vocabulary * d / total:.0f}%")
    large = 32000 * 4096 / (32000 * 4096 + 32 * 12 * 4096**2)
    states("weight-tying", f"只占约 {100 * large:.0f}%")


# Pretraining, decoding


def test_pretraining():
    hidden = round(500 * 0.15)
    spans = hidden // 3
    states("span-corruption", f"遮掉 {hidden} 个，共 {spans} 段", f"500-{hidden}+{spans}={500 - hidden + spans}", f"{hidden}+{spans}+1={hidden + spans + 1}")
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
    a, b = set(range(0, 30)), set(range(10, 40))
    assert dedup.jaccard(a, b) == 20 / 40
    # The same orders for both sets: two generators of one seed.
    left, right = (dedup.signature(each, 4000, 50, np.random.default_rng(7)) for each in (a, b))
    assert (left == right).mean() == pytest.approx(0.5, abs=5 * 0.5 / 4000**0.5)
    row = []
    for similarity in (0.5, 0.7, 0.75, 0.8, 0.85):
        agree = random.random((20000, 14, 8)) < similarity
        drawn = agree.all(axis=2).any(axis=1).mean()
        assert drawn == pytest.approx(dedup.caught(similarity), abs=5 * 0.5 / 20000**0.5)
        row.append(f"{100 * dedup.caught(similarity):.0f}%")
    states("minhash-dedup", f"在 {14 ** (-1 / 8):.2f} 附近陡升", f"0.5 时 {row[0]}，0.7 时 {row[1]}，0.85 时 {row[4]}")
    states("minhash-dedup", f"| 抓到 | {' | '.join(row)} |")


def test_a_draft_of_one_token():
    random = np.random.default_rng(2412)
    shown = []
    for accepted in (0.85, 0.9):
        assert 1 + (random.random(40000) < accepted).mean() == pytest.approx(speculative.expected_tokens(accepted, 1), abs=0.01)
        shown.append(f"{speculative.expected_tokens(accepted, 1):.2f}")
    states("multi-token-prediction", "85%–90%", f"$1+\\alpha$ 即 {'–'.join(shown)} 个 token")


def test_tokens_sent_to_experts():
    sent = np.broadcast_to(np.float16(0), (4096, 8, 7168)).size * np.dtype(np.float16).itemsize
    states("expert-parallel", "4096 个 token、$k=8$、$d=7168$、bf16", f"：{sent / 1e9:.2f} GB，来回 {2 * sent / 1e9:.2f} GB")


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
    states("chain-of-thought", f"32 层的模型写 100 个 token，是 {longest(written=True)} 层")


def test_the_first_loss():
    for size in (50257, 32000):
        uniform = np.full(size, 1 / size)
        loss = -(uniform * np.log(sampling.softmax(np.zeros(size)))).sum()
        states("initial-loss", f"词表 {size}：{loss:.2f} nats")
    # Labels that are the input itself: a model that never trained does not copy them, unless input and output share their rows.
    random, size, width = np.random.default_rng(2019), 2000, 64
    rows, others = random.standard_normal((2, size, width)) / width**0.5
    shared, apart = (float(np.mean([-math.log(sampling.softmax(out @ row)[n]) for n, row in enumerate(rows)])) for out in (rows, others))
    assert apart == pytest.approx(math.log(size), abs=0.05) and shared < math.log(size) - 0.8
    states("initial-loss", "没训练过的模型不会照抄", "输入、输出共用嵌入时例外，一开始就偏低")


def test_perplexity():
    uniform = np.full(1000, 1e-3)
    assert math.exp(-(uniform * np.log(uniform)).sum()) == pytest.approx(1000)
    states("perplexity", "均匀乱猜，困惑度等于 词表大小")
    states("perplexity", f"困惑度约 {math.exp(2):.2f}")
    p = [0.5, 0.1, 0.4]
    assert math.exp(-sum(map(math.log, p)) / 3) == pytest.approx(1 / math.prod(p) ** (1 / 3))
    for tokens, loss in ((300, 2.2), (250, 2.5)):
        bits = math.log2(math.exp(tokens * loss)) / 1000
        states("bits-per-byte", f"| {tokens} | {loss} | {math.exp(loss):.1f} | {bits:.3f} |")


def test_decoding():
    # A short sentence and a longer one of less probability: the longer wins from some α on, and keeps winning.
    won = [-9 / sampling.length_penalty(12, alpha) > -6 / sampling.length_penalty(6, alpha) for alpha in np.linspace(0, 2, 41)]
    assert won == sorted(won) and won[-1] and not won[0] and sampling.length_penalty(30, 0.0) == 1
    assert math.log(sampling.length_penalty(19, 0.6)) == pytest.approx(0.6 * math.log(4))
    states("length-normalization", "$\\alpha=0$ 等于没有这一项")
    states("greedy-vs-beam", f"={0.5 * 0.4:.2f}", f"={0.4 * 0.9:.2f}")
    drawn = {t: sampling.softmax(sampling.LOGITS, t) for t in (0.5, 1.0, 2.0)}
    first = {t: p.max() for t, p in drawn.items()}
    last = {t: int((np.cumsum(np.sort(p)[::-1]) < 0.9).sum()) + 1 for t, p in drawn.items()}
    assert last == {t: sampling.top_p(p, 0.9).sum() for t, p in drawn.items()}
    states("temperature-top-k-top-p", f"第一名占 {first[0.5]:.2f}", f"$T=2$ 时只占 {first[2.0]:.2f}")
    states("temperature-top-k-top-p", f"分别留下 {last[0.5]} 个和 {last[2.0]} 个", f"分别为 {last[0.5]}、{last[1.0]}、{last[2.0]} 个")
    states("temperature-limits", f"概率之比是 {math.exp(2):.2f}", f"$T=2$ 时是 {math.exp(1):.2f}")

    logits, seen = np.array([2.0, -2.0]), np.array([True, True])
    paper, library = sampling.penalized(logits, seen, 1.2), sampling.penalized_by_sign(logits, seen, 1.2)
    states("repetition-penalty", f"| 2.0 | {paper[0]:.2f} | {library[0]:.2f} |")
    states("repetition-penalty", f"| −2.0 | **−{-paper[1]:.2f}** | −{-library[1]:.2f} |")
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
        states("min-p", f"| {name} | {' | '.join(str(counts[t][n]) for t in counts)} |")


def test_constraints_token_by_token_change_the_distribution():
    texts = {"Ax": 0.9 * 0.1, "Ay": 0.9 * 0.9, "Bx": 0.1}
    legal = {text: p for text, p in texts.items() if text.endswith("x")}
    conditional = legal["Ax"] / sum(legal.values())
    first = sampling.renormalized(np.array([0.9, 0.1]), np.array([True, True]))  # both can still become legal
    states("constrained-decoding", f"={100 * conditional:.0f}\\%", f"A 只占 {100 * conditional:.0f}%，逐步屏蔽却照旧有 {100 * first[0]:.0f}% 走 A")


# Inference


def test_bandwidth():
    for bits, size in ((16, "14 GB"), (4, "3.5 GB")):
        weights = 7e9 * bits / 8
        assert f"{weights / 1e9:g} GB" == size
        states("inference-speedup", f"{size}，{'每步' if bits == 16 else ''}至少 {1e3 * weights / BANDWIDTH:.1f} ms")
    states("bandwidth-bound", "14 GB", f"{1e3 * 14e9 / BANDWIDTH:.1f} ms", f"最多约 {BANDWIDTH / 14e9:.0f} 个")
    # Two bytes a weight, one multiplication and one addition for each token that meets it.
    for tokens in (1, 1000):
        assert (2 * tokens / 2 > PEAK / BANDWIDTH) == (tokens == 1000)
    states("prefill-decode", "每个权重 2 字节，参与 2 次浮点运算", "1000 个 token 的提示远在它之上；单个请求的 decode 强度是 1")
    states("prefill-decode", f"{PEAK / 1e12:.0f}", f"{BANDWIDTH / 1e12:.2f}", f"\\approx{PEAK / BANDWIDTH:.0f}")


def test_speculative_decoding():
    alpha, gamma = Fraction(4, 5), 4
    # Σ over the number of drafts kept: k of them and then a rejection, or all.
    mean = sum((k + 1) * alpha**k * (1 - alpha) for k in range(gamma)) + (gamma + 1) * alpha**gamma
    assert float(mean) == pytest.approx(speculative.expected_tokens(0.8, 4))
    states("inference-speedup", f"平均一次得到 {float(mean):.2f} 个")
    row = [f"{speculative.speedup(0.8, n, 0.05):.2f}" for n in (2, 4, 7, 12)]
    states("speculative-speedup", f"| 加速比 | {' | '.join(row)} |")
    for n, value in zip((2, 4, 7, 12), row, strict=True):
        tokens = sum(0.8**k for k in range(n + 1))
        assert f"{tokens / (1 + 0.05 * n):.2f}" == value
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
    states("draft-sources", f"$2+2\\times3={len(nodes)}$ 个 token、{len(paths)} 条路径")


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
    states("prefix-caching", f"少 {100 * 2000 / 2100:.0f}%")

    left, steps = 4096, 0
    while left > 0:
        left, steps = left - (512 - 64), steps + 1
    states("chunked-prefill", f"留给提示的是 {512 - 64} 个", f"\\lceil4096/{512 - 64}\\rceil={steps}\\")


def test_batching():
    lengths = [3, 9, 4, 2, 8, 3, 5, 2, 6, 4, 2, 7]
    slow, fast = batching.static(lengths, 4), batching.continuous(lengths, 4)
    steps = [sum(max(lengths[k : k + 4]) for k in range(0, 12, 4)), batching.makespan(fast)]
    assert steps[0] == batching.makespan(slow)
    free = [0] * 4
    for length in lengths:
        heapreplace(free, free[0] + length)
    assert steps[1] == max(free)
    used = [100 * sum(lengths) / (4 * n) for n in steps]
    states("continuous-batching", f"步数从 {steps[0]} 降到 {steps[1]}，槽位利用率从 {used[0]:.0f}% 升到 {used[1]:.0f}%")
    states("continuous-batching", *(f"{n} 步，利用率 {u:.0f}%" for n, u in zip(steps, used, strict=True)))


def test_paged_attention():
    token = 2 * 5120 * 40 * 2
    states("paged-attention", f"={token}\\ \\text{{B}}={token // KIB}\\ \\text{{KiB}}", f"就是 {2048 * token / GIB:.1f} GiB", f"约 {15 * token / 2**20:.1f} MiB")


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
    states("quantization-outliers", f"从 {found[0]:.1f} dB 掉到 {found[1]:.1f} dB", f"回到 {found[2]:.1f} dB")
    codes, _ = quantization.absmax(spoiled, 8)
    states("quantization-outliers", f"只剩 {len(np.unique(codes[:, others]))} 个不同的取值")
    states("six-db-per-bit", f"变为原来的 1/{2**1}", f"变为 1/{2**2}")
    states("six-db-per-bit", f"{20 * math.log10(2):.2f} dB")


def test_zero_point():
    x = np.random.default_rng(1712).gamma(2.0, size=500) - 0.5
    codes, scale, zero = quantization.affine(x, 8)
    assert scale == pytest.approx((x.max() - min(0, x.min())) / 255)
    assert np.abs(quantization.restored(codes, scale, zero) - x).max() <= scale * (0.5 + 0.5)  # the zero point is rounded too
    assert quantization.restored(np.array([zero]), scale, zero)[0] == 0
    positive = np.maximum(x, 0)
    codes, _ = quantization.absmax(positive, 8)
    assert codes.min() == 0 and len(range(-127, 0)) == 127  # the negative half is never used
    states("zero-point", "8 位对称量化浪费 一半的编码")


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
    states("straight-through", "前两步 $\\hat w$ 都是 0.1，第三步跳到 0.2")


def test_bits_of_groups():
    # Counted over a whole matrix: codes, scales, zero points.
    for group, zero, named in ((128, 0, "4.125"), (128, 4, "4.156"), (32, 0, "4.5")):
        weights = 1024 * 1024
        total = weights * 4 + weights // group * (16 + zero)
        assert quantization.bits_per_weight(4, group, 16, zero) == total / weights == pytest.approx(float(named), abs=5e-4)
        states("group-bits", f"{named} 位")


def test_eight_bit_floats():
    # E5M2 is the upper half of float16; E4M3's bits, moved to float16's exponent, are 2^(15 − 7) times too small.
    codes = np.arange(128, dtype=np.uint16)
    e5m2 = (codes << 8).view(np.float16).astype(float)
    assert quantization.float8(5, 2, True) == pytest.approx(e5m2[np.isfinite(e5m2)])
    e4m3 = (codes << 7).view(np.float16).astype(float) * 2**8
    assert quantization.float8(4, 3, False) == pytest.approx(e4m3[:-1])
    states("fp8-formats", f"E4M3 的最大数：{e4m3[-2]:.0f}", f"E5M2 的最大数：{e5m2[np.isfinite(e5m2)].max():.0f}")
    states("fp8-formats", f"最大只到 {e4m3[:-8].max():.0f}")
    assert (e4m3[1], e5m2[1]) == (2**-9, 2**-16)
    states("fp8-formats", "E4M3 是 $2^{-9}$，E5M2 是 $2^{-16}$")


def test_what_eight_and_four_bits_speed_up():
    for name, size, peak in (("fp16", 2, PEAK), ("W8A8", 1, PEAK8), ("W4A16", 0.5, PEAK)):
        times = [1e3 * max(7e9 * size / BANDWIDTH, 2 * 7e9 * batch / peak) for batch in (1, 512)]
        states("weight-only-vs-w8a8", f"| {name} | {times[0]:.1f} ms | {times[1]:.1f} ms |")


def test_kv_bytes():
    for name, size in (("fp16", 2), ("int8", 1), ("int4", 0.5)):
        token = 2 * 32 * 4096 * size
        states("kv-quantization", f"| {name} | {token / KIB:.0f} KiB | {32768 * token / GIB:.0f} GiB |")


# Fine-tuning


def test_lora():
    b, a = lora.pair(4096, 4096, 8, np.random.default_rng(0))
    assert a.size + b.size == lora.parameters(4096, 4096, 8)
    states("lora", f"只要 {a.size + b.size} 个参数，占 {100 * (a.size + b.size) / 4096**2:.2f}%", f"秩 64 占 {100 * 2 * 64 / 4096:.1f}%")
    states("lora-memory", f"约 {sum(training_memory.shares(1, 1, 0)):.0f} 字节/参数，冻结的权重只要 {training_memory.WEIGHTS} 字节")
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
        row = next(line for line in TEXTS["peft-compare"].splitlines() if line.startswith(f"| {name}（"))
        assert row.endswith(f"| {wan[name] / 1e4:.0f} 万 |"), row
    assert wan["LoRA"] == 32 * 2 * lora.parameters(4096, 4096, 8)
    states("sft-loss-mask", f"{100 * 900 // (900 + 100)}% 的损失项")


def test_qlora():
    extra = Fraction(8, 64) + Fraction(32, 64 * 256)
    states("qlora", f"平摊 {32 / 64} 位", f"={float(extra):.3f}", f"fp16 {65 * 2} GB，4 位加 scale 是 {65 * (4 + float(extra)) / 8:.1f} GB")
    assert 65 * (4 + float(extra)) / 8 < 48
    states("qlora", f"{2**4} 个编码")


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
        assert float(schedules.noam(t)) == pytest.approx(t / (4000 * math.sqrt(512 * 4000)) if t < 4000 else 1 / math.sqrt(512 * t))
    assert peak == pytest.approx(float(schedules.noam(4000)))
    states("warmup", f"峰值 ${1e4 * peak:.1f}\\times10^{{-4}}$", "第 4000 步")
    states("adam-update", "$\\beta_1=0.9$，$\\beta_2=0.999$", "第一步的大小约为 $\\eta$，与梯度大小无关")
    states("adam-bias-correction", f"$m_1={1 - 0.9:.1f}\\,g$，$v_1={1 - 0.999:.3f}\\,g^2$")
    ratio = float(schedules.adam_updates([7.0], corrected=False)[0])
    assert ratio == pytest.approx(math.sqrt(10))
    states("adam-bias-correction", f"={ratio:.2f}", f"{ratio:.2f} 倍")
    assert schedules.adam_updates([-1e-9, -1e-9, -1e-9]) == pytest.approx(-np.ones(3))
    means = ((100, 2.0), (900, 3.0))
    losses = np.concatenate([np.full(n, mean) for n, mean in means])
    states("gradient-accumulation", f"{{2}}={np.mean([mean for _, mean in means])}", f"{{1000}}={losses.mean():.1f}")


def bfloat16(x: float) -> float:
    """Rounded to 8 significant bits, ties to even."""
    mantissa, exponent = math.frexp(x)
    return math.ldexp(round(mantissa * 256), exponent - 8)


def test_schedules_that_share_their_plateau():
    shares = [1, 2, 3, 4, 5]
    branches = sum(0.1 * share for share in shares)
    states("wsd-schedule", f"共 {sum(shares)} 份", f"${0.9 * max(shares)}+{branches:g}={0.9 * max(shares) + branches:g}$ 份")


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
        rows["步数"].append(f"{steps:.3g} 倍")
        rows["样本"].append(f"{samples:.2f}".rstrip("0").rstrip(".") + " 倍")
    states("critical-batch", *(f"| {name} | {' | '.join(row)} |" for name, row in rows.items()))


def test_formats():
    for name, exponent, mantissa in (("fp32", 8, 23), ("bf16", 8, 7), ("fp16", 5, 10)):
        top = (2 - 2.0**-mantissa) * 2.0 ** (2 ** (exponent - 1) - 1)
        shown = [f"{top:.0f}" if top < 1e6 else f"{top:.1e}".replace("e+", "e"), f"{2.0 ** (2 - 2 ** (exponent - 1)):.1e}".replace("e-0", "e-")]
        states("mixed-precision", f"| {name} | {exponent} | {mantissa} | {' | '.join(shown)} |")
    states("mixed-precision", f"bf16 的尾数少 {10 - 7} 位")
    half = np.finfo(np.float16)
    states("mixed-precision", f"{float(half.max):.0f}", "6.1e-5", "3.4e38", "1.2e-38")
    assert f"{float(half.tiny):.1e}" == "6.1e-05" and f"{np.finfo(np.float32).max:.1e}" == "3.4e+38" and f"{np.finfo(np.float32).tiny:.1e}" == "1.2e-38"
    assert (2 - 2**-7) * 2.0**127 == pytest.approx(3.39e38, rel=1e-3)  # bf16
    assert bfloat16(1 - 0.001) == 1 and np.float32(1) - np.float32(0.001) < 1
    # The same by cutting a float32: the two neighbours of 0.999 among numbers of 16 bits, and the nearer of them.
    low = np.array([np.float32(0.999)]).view(np.uint32) & 0xFFFF0000
    below, above = (float((low + step).view(np.float32)[0]) for step in (np.uint32(0), np.uint32(0x10000)))
    assert above == 1 and above - below == 2**-8 and above - 0.999 < 0.999 - below
    states("mixed-precision", f"2^{{-8}}\\approx{2**-8:.4f}")
    assert float(np.nextafter(np.float16(0), np.float16(1))) == 2**-24
    states("loss-scaling", f"2^{{-24}}\\approx{2**-24 * 1e8:.1f}\\times10^{{-8}}", f"{float(half.max):.0f}")


def test_memory():
    parts = (training_memory.WEIGHTS, training_memory.GRADIENTS, 4, 8)
    assert sum(parts) == 16 and sum(parts[2:]) == training_memory.OPTIMIZER
    for name, size in zip(("fp16 参数", "fp16 梯度", "fp32 主权重", "fp32 动量与方差"), parts, strict=True):
        states("bytes-per-parameter", f"| {name} | {size} |")
    states("bytes-per-parameter", "16 字节", f"{7 * 16} GB", f"{7 * 2} GB")
    # One half of a ring all-reduce sends the tensor once: gradients take both halves, stage 3 gathers the weights twice.
    halves = collectives.sent_by_each(10**9, 1.0) / 2
    sends = [2 * halves, 2 * halves, 2 * halves, halves + 2 * halves]
    for stage, (name, sent) in enumerate(zip(training_memory.STAGES, sends, strict=True)):
        row = next(line for line in TEXTS["zero"].splitlines() if line.startswith(f"| {name} |"))
        terms = (re.findall(r"(\d+)\\Psi(/N)?", cell) for cell in row.split("|")[2:4])
        held, moved = (sum(int(times) * 7.5 / (64 if cut else 1) for times, cut in cell) for cell in terms)
        assert held == pytest.approx(sum(training_memory.shares(7.5, 64, stage))), row
        assert moved == pytest.approx(7.5 * sent), row
    whole = (7.5 * 16, 7.5 * (4 + 12 / 64), 7.5 * (2 + 14 / 64), 7.5 * 16 / 64)
    for stage, total in enumerate(whole):
        assert sum(training_memory.shares(7.5, 64, stage)) == pytest.approx(total)
    states("zero", "通信量是 1.5 倍", "75 亿参数、64 张卡", *(f"{total:.1f} GB".replace("120.0", "120") for total in whole))

    outside, inside = training_memory.activation_bytes(2048, 1, 12288, 96)
    assert inside / outside == pytest.approx(80 / 34)
    # In the n×n part, of each head: the softmax and the weights after dropout, 2 bytes each, and the mask, 1.
    assert inside == 96 * 2048**2 * (2 + 2 + 1)
    states("activation-checkpointing", "第二项是 80", f"80/{34 + 80}，约 {100 * inside / (inside + outside):.0f}%", f"约 {100 / 3:.0f}%")


def test_activations_cut_along_the_sequence():
    # Bytes of one layer by where they are kept (sbh each): what tensor parallelism cuts, and what it leaves whole.
    cut = {"Q, K, V": 6, "input of the projection": 2, "input of the second matrix": 8, "input of GeLU": 8}
    whole = {"input of attention": 2, "mask after the projection": 1, "input of the first matrix": 2, "mask after the MLP": 1, "two LayerNorms": 4}
    assert sum(cut.values()) + sum(whole.values()) == 34 and sum(whole.values()) == 10
    rows = (("不切", 1, False), ("张量并行", 8, False), ("再加序列并行", 8, True))
    for name, devices, along in rows:
        kept = sum(cut.values()) / devices + sum(whole.values()) / (devices if along else 1)
        assert kept == training_memory.sliced_activations(devices, along)
        row = next(line for line in TEXTS["sequence-parallel"].splitlines() if line.startswith(f"| {name} |"))
        assert row.endswith(f"| {kept:g} |"), row


def test_ring():
    for devices in (2, 3, 8):
        parts = np.random.default_rng(devices).standard_normal((devices, devices, 4))
        held, sent = collectives.ring_all_reduce(parts)
        assert held == pytest.approx(np.broadcast_to(parts.sum(axis=0), parts.shape))
        assert sent == pytest.approx(collectives.sent_by_each(devices, parts[0].size))
    states("ring-all-reduce", f"发 {collectives.sent_by_each(8, 14):.1f} GB", "\\frac{2(N-1)}{N}S", "每个半程要 $N-1$ 步")


def test_utilization():
    share = scaling_laws.utilization(540e9, 238.3e3, 6144, 275e12)
    per_device = 238.3e3 / 6144  # tokens a second
    assert share == pytest.approx(per_device / (275e12 / (6 * 540e9)))
    # 118 layers of 48 heads of 256, 2048 tokens: scores and weighted sum, 2 FLOP a multiply-add, forward once and backward twice.
    attention = 118 * 48 * 2 * (256 * 2048) * 2 * 3
    assert scaling_laws.attention_flops(118, 48 * 256, 2048) == attention
    whole = scaling_laws.utilization(540e9, 238.3e3, 6144, 275e12, attention)
    states("mfu", f"={100 * share:.1f}\\%", f"计入注意力是 {100 * whole:.1f}%")


def test_flops():
    # One linear layer, counted: n·d·m multiply-adds forward, the same for dX = dY·Wᵀ and for dW = Xᵀ·dY.
    n, d, m = 5, 7, 11
    forward, to_inputs, to_weights = n * d * m, n * m * d, d * n * m
    assert 2 * (forward + to_inputs + to_weights) == scaling_laws.flops(d * m, n)
    total = scaling_laws.flops(175e9, 300e9)
    states("six-nd", f"前向：一次乘加，${2 * forward // (n * d * m)}ND$", f"各一次乘加，${2 * (to_inputs + to_weights) // (n * d * m)}ND$")
    states("six-nd", f"前向多做一遍，是 ${2 * (2 * forward + to_inputs + to_weights) // (n * d * m)}ND$")
    states("six-nd", f"{total / 1e23:.2f}\\times10^{{23}}", f"约 {total / (1000 * PEAK * 0.4) / 86400:.0f} 天")


def test_pipeline():
    for stages, batches in ((4, 1), (4, 8), (3, 5)):
        tasks = pipelines.schedule(stages, batches)
        end = 1 + max(start for *_, start in tasks)
        assert 1 - len(tasks) / (stages * end) == pytest.approx(pipelines.bubble(stages, batches))
    states("pipeline-bubble", f"$m=1$ 时空闲 {100 * pipelines.bubble(4, 1):.0f}%，$m=8$ 时 {100 * pipelines.bubble(4, 8):.0f}%", f"{100 * 3 / 8:.1f}%，对应总时间里的 {100 * 3 / 11:.0f}%")
    states("pipeline-bubble", f"1 个微批时空闲 {100 * 3 / 4:.0f}%，8 个微批时空闲 {100 * 3 / 11:.0f}%")


def test_tensor_parallel():
    random = np.random.default_rng(1909)
    x, a, b = random.standard_normal((3, 4)), random.standard_normal((4, 8)), random.standard_normal((8, 4))
    gelu = np.vectorize(lambda value: value * (1 + math.erf(value / math.sqrt(2))) / 2)
    parts = sum(gelu(x @ a[:, cut]) @ b[cut] for cut in (slice(0, 4), slice(4, 8)))
    assert parts == pytest.approx(gelu(x @ a) @ b)


# Scaling laws


def test_scaling():
    states("kaplan-vs-chinchilla", f"模型 {10**0.73:.1f} 倍、数据 {10**0.27:.1f} 倍", f"各 {10**0.5:.1f} 倍")
    chinchilla, gopher = ((70e9, 1.4e12), (280e9, 300e9))
    states("kaplan-vs-chinchilla", f"{6 * math.prod(chinchilla) / 1e23:.1f}e23 对 {6 * math.prod(gopher) / 1e23:.1f}e23")
    states("chinchilla-ratio", f"每个参数约 {chinchilla[1] / chinchilla[0]:.0f} 个 token", "700 亿参数，1.4 万亿 token")
    for fit in (scaling_laws.HOFFMANN, scaling_laws.BESIROGLU):
        sizes = np.geomspace(1e9, 1e12, 200001)
        n = sizes[np.argmin(scaling_laws.loss(sizes, 5.76e23 / (6 * sizes), fit))]
        assert n == pytest.approx(float(scaling_laws.optimum(5.76e23, fit)[0]), rel=1e-3)
    ratios = [float(d / n) for n, d in (scaling_laws.optimum(c, scaling_laws.BESIROGLU) for c in (1e20, 1e22, 1e24))]
    assert min(ratios) < 20 < max(ratios) and max(abs(ratio - 20) for ratio in ratios) < 4
    states("kaplan-vs-chinchilla", "每参数约 20 个 token")
    states("overtraining", f"每参数 {1e12 / 6.7e9:.0f} 个", f"的 {6 // 2} 倍时")


def test_repeated_data():
    # What the next token repeated is worth falls as exp(−R/R*): the integral over all repeats.
    row = []
    for epochs in (4, 16, 40, 1e6):
        worth = float(scaling_laws.worth(epochs))
        steps = np.linspace(0, min(epochs, 400) - 1, 400001)
        middle = (steps[1:] + steps[:-1]) / 2
        assert worth == pytest.approx(1 + float((np.exp(-middle / 15.39) * np.diff(steps)).sum()), rel=1e-6)
        row.append(f"{worth:.1f} 倍")
    states("data-repetition", f"| 抵得上 | {' | '.join(row)} |", "约 16 倍")
    for n in (14, 45):
        none = math.prod([0.95] * n)
        assert 1 - none == pytest.approx(evaluation.at_least_one(0.05, n))
        states("test-time-compute", f"{n} 次有 {100 * (1 - none):.0f}%")


def test_emergence():
    states("emergence", f"从 {100 * 0.9**30:.1f}% 跳到 {100 * 0.99**30:.0f}%")
    assert evaluation.exact_match(0.9, 30) == pytest.approx(math.exp(30 * math.log(0.9)))


# Alignment


def test_preferences():
    states("reward-model-loss", f"共有 {math.comb(9, 2)} 对")
    for advantage, value, slope in ((1.0, 1.2, "为 0"), (-1.0, -1.5, "还在")):
        assert float(policy_gradient.clipped(1.5, advantage)) == pytest.approx(value)
        change = policy_gradient.clipped(1.5 + 1e-6, advantage) - policy_gradient.clipped(1.5 - 1e-6, advantage)
        assert (change == 0) == (slope == "为 0")
        states("ppo-clip", f"目标值 ${abs(value)}A$，梯度 {slope}")
    kl = {}
    for n in (4, 16, 256, 512):
        # The best of n has density n·u^(n−1) over the quantile u of the reward.
        u = (np.arange(400000) + 0.5) / 400000
        kl[n] = float((n * u ** (n - 1) * (math.log(n) + (n - 1) * np.log(u))).mean())
        assert kl[n] == pytest.approx(math.log(n) - (n - 1) / n, abs=1e-4)
    states("best-of-n-kl", *(f"$n={n}$：至多 {kl[n]:.2f} nats" for n in (4, 16)), f"约 {kl[512] - kl[256]:.2f} nats")
    states("dpo-derivation", f"\\ln2\\approx{float(preference.dpo_loss(0.0)):.3f}", f"在 0 处为 {float(preference.weight(0.0))}")
    assert float(preference.dpo_loss(0.0)) == pytest.approx(math.log(2))
    assert preference.weight(np.array([-40.0, 40.0])) == pytest.approx([1, 0])
    states("dpo-derivation", "梯度权重从 1 降到 0")
    states("dpo-gradient", "$w$ 越接近 1", f"训练刚开始时 $w=$ {float(preference.weight(0.0))}")
    rewards = [1, 0, 0, 0]
    mean = sum(rewards) / 4
    deviation = math.sqrt(sum((r - mean) ** 2 for r in rewards) / 4)
    expected = [(r - mean) / deviation for r in rewards]
    assert preference.group_advantages(rewards) == pytest.approx(expected)
    for same in (0.0, 1.0):
        assert not preference.group_advantages([same] * 4).any()
    states("grpo", "全对或全错时，减去均值后都是 0", f"优势是 {expected[0]:.2f}、" + "、".join([f"−{-expected[1]:.2f}"] * 3))


def test_wider_clipping():
    # How far a token of a good answer can be pushed: to where the objective stops rising.
    ratios = np.linspace(0.5, 2, 150001)
    reach = {high: float(ratios[np.argmax(policy_gradient.clipped(ratios, 1.0, 0.2, high) - 1e-9 * ratios)]) for high in (0.2, 0.28)}
    states("dapo", f"最多涨到 {0.01 * reach[0.2]:.3f}", f"上界却是 {0.9 * reach[0.2]:.2f}", f"可到 {0.01 * reach[0.28]:.4f}")
    per_answer = [1 / 2 / length for length in (1000, 100)]
    states("dapo", f"只有 100 个 token 的回答里的 1/{per_answer[1] / per_answer[0]:.0f}")


def test_advantages():
    rewards, values, gamma, lam = [0, 0, 1], [0.5, 0.6, 0.8], 1.0, 0.95
    errors = [r + gamma * after - v for r, v, after in zip(rewards, values, [*values[1:], 0], strict=True)]
    expected = [sum((gamma * lam) ** k * errors[t + k] for k in range(3 - t)) for t in range(3)]
    found = policy_gradient.advantages(rewards, values, gamma, lam)
    assert found == pytest.approx(expected)
    states("gae", f"$A_3={found[2]:.1f}$，$A_2={found[1]:.2f}$，$A_1=$ {found[0]:.2f}")
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
    states("kl-estimators", f"真值 {true:g}", f"| 偏差/真值 | 0 | {biases[1]:.2f}% | 0 |")
    states("kl-estimators", f"| 标准差/真值 | {spreads[0]:.0f} | {spreads[1]:.2f} | {spreads[2]:.2f} |")

    # What comes out when the estimates themselves are differentiated, samples fixed: on four tokens, by differences.
    random = np.random.default_rng(2506)
    z, reference = random.standard_normal(4), random.dirichlet(np.ones(4))
    policy = sampling.softmax(z)

    def slope(value) -> np.ndarray:
        return np.array([(value(z + h) - value(z - h)) / 2e-5 for h in 1e-5 * np.eye(4)])

    def kl(p: np.ndarray, q: np.ndarray) -> float:
        return float((p * np.log(p / q)).sum())

    drawn = [slope(lambda z, n=n: policy @ policy_gradient.kl_estimates(np.log(reference / sampling.softmax(z)))[n]) for n in range(3)]
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
    states("pass-at-k", f"：{float(exact):.3f}；", f"={1 - 0.9**10:.3f}$")
    truth = 1 - 0.95**10
    chances = [math.comb(10, c) * 0.05**c * 0.95 ** (10 - c) for c in range(11)]
    mean = sum(chance * (1 - (1 - c / 10) ** 10) for c, chance in enumerate(chances))
    assert mean == pytest.approx(evaluation.expected(evaluation.naive, 10, 10, 0.05))
    states("pass-at-k", f"期望是 {mean:.3f}，真值是 {truth:.3f}", f"真值 {truth:.3f}；", f"n=10 时只有 {mean:.3f}")
    assert evaluation.pass_at_k(10, 4, 7) == 1 and evaluation.pass_at_k(10, 4, 1) == pytest.approx(0.4)
    states("pass-at-k", "$k=1$ 时就是 $c/n$", "$n-c<k$ 时是 1")

    # To answer with confidence p gains p − (1 − p)·t/(1 − t), positive exactly above t.
    t = Fraction(3, 4)
    states("hallucination", f"要扣 {t / (1 - t)} 分")
    for p in (Fraction(n, 100) for n in range(101)):
        assert (p - (1 - p) * t / (1 - t) > 0) == (p > t)

    votes = sum(math.prod(0.6 if right else 0.4 for right in run) for run in product((0, 1), repeat=5) if sum(run) > 2)
    states("self-consistency", f"={votes:.3f}")


def test_bleu():
    words, reference = ["the"] * 7, "the cat is on the mat".split()
    left, found = list(reference), 0
    for word in words:  # each word of the reference can be used once
        if word in left:
            left.remove(word)
            found += 1
    assert evaluation.clipped_precision(words, reference, 1) == found / 7
    assert evaluation.clipped_precision("the cat on the mat".split(), reference, 2) == 3 / 4
    states("bleu", f"$p_1=$ {found}/7", f"长度惩罚是 {math.exp(-1 / 9):.3f}")
    assert evaluation.brevity(9, 10) == pytest.approx(math.exp(-1 / 9)) and evaluation.brevity(11, 10) == 1


def test_two_ways_to_choose():
    options = {"甲": [-1.5] * 2, "乙": [-0.8] * 5}
    for score, shown in ((sum, "总和是 −{:.1f} 对 −{:.1f}，选{}"), (np.mean, "平均是 −{:.1f} 对 −{:.1f}，选{}")):
        values = {name: float(score(logs)) for name, logs in options.items()}
        states("multiple-choice-scoring", shown.format(*(-value for value in values.values()), max(values, key=values.get)))


def test_errors_of_scores():
    random = np.random.default_rng(2411)
    one = evaluation.standard_error(0.8, 1000)
    assert one == pytest.approx((random.random((20000, 1000)) < 0.8).mean(axis=1).std(), rel=0.03)
    two = evaluation.paired_error(one, one, 0.0)
    states("eval-error-bars", f"标准误是 {100 * one:.1f} 个百分点", f"差的标准误 {100 * two:.1f}")
    # Two models that agree on a question with the probability that makes their results correlate by 0.7.
    same, first = random.random((4000, 1000)) < 0.7, random.random((4000, 1000)) < 0.8
    second = np.where(same, first, random.random((4000, 1000)) < 0.8)
    paired = evaluation.paired_error(one, one, 0.7)
    assert paired == pytest.approx((first.mean(axis=1) - second.mean(axis=1)).std(), rel=0.06)
    states("eval-error-bars", f"只有 {100 * paired:.2f}")
    assert 2 < 1.96 * 100 * two and 2 > 1.96 * 100 * paired

    for lead in (100, 400):
        odds = 10 ** (lead / 400)
        assert evaluation.elo_win(lead) == pytest.approx(odds / (1 + odds))
        states("arena-elo", f"领先 {lead} 分，胜率约 {100 * odds / (1 + odds):.0f}%")
    # Question by question, instead of by groups.
    stated = np.array([0.9] * 60 + [0.6] * 40)
    right = np.array([1] * 48 + [0] * 12 + [1] * 24 + [0] * 16)
    error = sum(abs(right[stated == c].sum() - stated[stated == c].sum()) for c in (0.9, 0.6)) / 100
    assert evaluation.calibration_error([(60, 0.9, 48 / 60), (40, 0.6, 24 / 40)]) == pytest.approx(error)
    states("calibration", f"={error:.2f}$")
    states("prm-vs-orm", f"只有 {math.prod([0.95] * 10):.2f}")


def test_measures_of_a_ranking():
    grades = [0, 2, 0, 1, 0]
    best = max(retrieval.dcg(order) for order in permutations(grades))
    assert retrieval.ndcg(grades) == pytest.approx(retrieval.dcg(grades) / best)
    assert retrieval.dcg(grades) == pytest.approx(3 / math.log2(3) + 1 / math.log2(5))
    states("retrieval-metrics", f"| recall@3 | {retrieval.recall(grades, 3, 2)} |", f"| 倒数排名 | {retrieval.reciprocal_rank(grades)} |")
    states("retrieval-metrics", f"| nDCG | {retrieval.ndcg(grades):.3f} |")
    assert (retrieval.recall(grades, 3, 2), retrieval.reciprocal_rank(grades)) == (1 / 2, 1 / 2)


def test_searching_and_squeezing_vectors():
    # An inverted file in small: every vector in the list of its nearest centroid.
    random = np.random.default_rng(1702)
    sizes = np.bincount(random.integers(0, 50, 100000), minlength=50)
    assert 50 + sizes[:5].sum() == pytest.approx(retrieval.scanned(100000, 50, 5), rel=0.03)
    work = retrieval.scanned(10**7, 4096, 16)
    states("ann-index", f"约 {work / 1e4:.1f} 万次，是逐个比较的 {100 * work / 1e7:.2f}%")

    flat, coded = np.zeros(768, np.float32).nbytes, np.zeros(96, np.uint8).nbytes
    assert coded == retrieval.product_code_bytes(96)
    states("product-quantization", f"原来每个向量 {flat}，一共 {flat * 1e7 / 1e9:.1f} GB".replace("，", " 字节，"))
    states("product-quantization", f"压缩后一共 {coded * 1e7 / 1e9:.2f} GB，是原来的 1/{flat // coded}")
    # Sums of looked-up distances are the distances to the decoded vectors.
    codebook, codes, query = random.standard_normal((4, 8, 3)), random.integers(0, 8, (20, 4)), random.standard_normal((4, 3))
    table = ((query[:, None] - codebook) ** 2).sum(axis=2)
    decoded = np.array([[codebook[part, code] for part, code in enumerate(row)] for row in codes])
    assert table[np.arange(4), codes].sum(axis=1) == pytest.approx(((query - decoded) ** 2).sum(axis=(1, 2)))


def test_retrieval():
    starts = range(0, 10000, 512 - 64)
    needed = next(n for n, start in enumerate(starts, 1) if start + 512 >= 10000)
    states("chunking", f"{needed} 块", f"约多 {100 * (512 / (512 - 64) - 1):.0f}%")
    tenth = 1 / (1 / 2.2 + 1.2 / (2.2 * 10))
    assert tenth == pytest.approx(retrieval.saturation(10))
    states("bm25-saturation", f"只从 1 涨到 {tenth:.2f}", f"不超过 {1.2 + 1:.1f}")
    assert retrieval.saturation(1) == pytest.approx(1) and retrieval.saturation(10**9) == pytest.approx(2.2)
    states("bm25-saturation", "词频 1 次得 1")
    states("bi-vs-cross-encoder", f"要 {sum(range(10000))} 次")
    states("reciprocal-rank-fusion", f"得 {retrieval.fused([5, 5]):.4f}", f"得 {float(Fraction(1, 61)):.4f}")
    assert retrieval.fused([5, 5]) == pytest.approx(float(Fraction(2, 65)))
    assert retrieval.idf(1000, 999) > 0
    states("agent-long-tasks", f"={0.95**20:.3f}")
