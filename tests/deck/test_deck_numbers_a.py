"""Numbers in the notes on architecture: computed here, compared with the models where these have them, and found in the note."""

import math
import re

import numpy as np
import pytest
from models import attention, block, counts, decoding, efficient, experts, heads, masks, positions, rotary, tiled
from note_text import sources
from stated import TEXTS, states, writes


@pytest.fixture
def random():
    return np.random.default_rng(1706)


# Attention


def test_shapes(random):
    """n queries against m keys of size d_k, values of size d_v: every size differs, so that none can stand for another."""
    n, m, d_k, d_v = 3, 5, 4, 2
    q, k, v = random.standard_normal((n, d_k)), random.standard_normal((m, d_k)), random.standard_normal((m, d_v))
    out, weights = attention.attend(q, k, v)
    assert (weights.shape, out.shape) == ((n, m), (n, d_v)) and np.allclose(weights.sum(axis=1), 1)
    rows = []
    for query in q:
        powers = [math.exp(sum(a * b for a, b in zip(query, key, strict=True)) / math.sqrt(d_k)) for key in k]
        rows.append([power / sum(powers) for power in powers])
    assert np.allclose(weights, rows)
    writes("attention-formula", r"n\times m", r"n\times d_v")
    writes("cross-attention", r"n\times m")


def test_scaling(random):
    d, n = 512, 8
    q, k = random.standard_normal((4000, 1, d)), random.standard_normal((4000, n, d))
    scores = (q * k).sum(axis=2)
    states("scale-sqrt-dk", math.sqrt(d))
    assert abs(scores.std() / math.sqrt(d) - 1) < 0.02
    stated = []
    for factor in (1, math.sqrt(d)):
        powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / factor)
        p = powers / powers.sum(axis=1, keepdims=True)
        # The trace of the Jacobian, diag(p) − p pᵀ, written out.
        trace = np.mean([np.trace(np.diag(row) - np.outer(row, row)) for row in p])
        stated += [p.max(axis=1).mean(), trace]
        assert np.allclose(p, attention.softmax(scores / factor))
    states("scale-sqrt-dk", (stated[0], stated[1]), (stated[2], stated[3]), (64, math.isqrt(64)))


def test_jacobian(random):
    p = np.full(8, 1 / 8)
    jacobian = np.zeros((8, 8))
    for j in range(8):  # by finite differences of the softmax
        step = np.eye(8)[j] * 1e-6
        jacobian[:, j] = (attention.softmax(step) - attention.softmax(-step)) / 2e-6
    assert np.allclose(jacobian, np.diag(p) - np.outer(p, p), atol=1e-9)
    states("softmax-jacobian", np.trace(jacobian))
    traces = [1 - (attention.softmax(random.standard_normal(8) * 3) ** 2).sum() for _ in range(200)]
    assert max(traces) <= 7 / 8


def test_largest_exponents():
    assert float(np.finfo(np.float16).max) == 65504
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(np.float16(12))) and np.isfinite(np.exp(np.float16(11)))
        assert np.isinf(np.exp(np.float32(89))) and np.isfinite(np.exp(np.float32(88)))
    states("softmax-max-shift", 65504, math.exp(12))
    writes("softmax-max-shift", "e^{89}")


def test_correlated_queries_and_keys(random):
    stated = []
    for d in (64, 512):
        q = random.standard_normal((20_000, d))
        products = (q * (0.5 * q + math.sqrt(0.75) * random.standard_normal(q.shape))).sum(axis=1) / math.sqrt(d)
        mean, deviation = 0.5 * math.sqrt(d), math.sqrt(1.25)
        assert abs(products.mean() - mean) < 0.05 and abs(products.std() - deviation) < 0.03
        stated += [mean, deviation]
    states("qk-correlated", (64, stated[0], 512, stated[2], stated[1]))


def test_scores_without_the_root(random):
    d, d_k, draws = 512, 64, 3000
    x, y = random.standard_normal((2, draws, d))
    w_q, w_k = random.standard_normal((2, d, d_k)) / math.sqrt(d)
    spread = [float(((x @ w_q * factor) * (y @ w_k)).sum(axis=1).std()) for factor in (1, d_k**-0.5)]
    assert abs(np.var(w_q / math.sqrt(d_k)) * d * d_k - 1) < 0.05  # the variance of the folded W^Q
    states("scale-alternatives", (spread[0], spread[1]))
    writes("scale-alternatives", r"1/(d\,d_k)")
    # A step of Adam has the same size whatever the weight: both start alike, the folded scores move √d_k times as far.
    step = np.sign(random.standard_normal((d, d_k))) * 1e-3
    scaled = (x @ (w_q + step) * (y @ w_k)).sum(axis=1) / 8 - (x @ w_q * (y @ w_k)).sum(axis=1) / 8
    folded = (x @ (w_q / 8 + step) * (y @ w_k)).sum(axis=1) - (x @ (w_q / 8) * (y @ w_k)).sum(axis=1)
    ratio = float(np.median(folded / scaled))
    assert np.allclose(folded, ratio * scaled)
    states("scale-alternatives", ratio)
    unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in (x @ w_q, y @ w_k)]
    assert np.abs((unit[0] * unit[1]).sum(axis=1)).max() <= 1


def test_one_product_of_two_projections(random):
    d, d_k = 512, 64
    w_q, w_k = random.standard_normal((2, d, d_k))
    states("qk-product", (w_q.size + w_k.size, (w_q @ w_k.T).size), (d_k, d))
    x, a = random.standard_normal((5, d)), random.standard_normal((d_k, d_k))
    scores = (x @ w_q) @ (x @ w_k).T
    assert np.allclose((x @ w_q @ a) @ (x @ w_k @ np.linalg.inv(a).T).T, scores)
    assert np.allclose(x @ (w_q @ w_k.T) @ x.T, scores) and np.linalg.matrix_rank(w_q @ w_k.T) == d_k


def test_tied_scores(random):
    beyond = [0, 0]
    for _ in range(50):
        for n, s in enumerate(heads.tied_and_untied(7, 12, 4, random)):
            assert np.allclose(s, s.T) == (n == 0)
            beyond[n] += sum(s[i, j] > max(s[i, i], s[j, j]) + 1e-9 for i in range(7) for j in range(i))
    assert beyond[0] == 0 < beyond[1]
    # A long word draws the look of a short one away from itself; the weights are not symmetric though the scores are.
    weights = attention.softmax(np.outer([1.0, 2.0], [1.0, 2.0]))
    assert np.allclose(weights, [[1 / (1 + math.e), 1 / (1 + 1 / math.e)], [1 / (1 + math.e**2), 1 / (1 + math.e**-2)]])
    assert weights[0].argmax() == 1


def test_tied_projections(random):
    n, d, d_k, found = 16, 64, 16, []
    for _ in range(400):
        x, w_q, w_k = random.standard_normal((n, d)), *(random.standard_normal((2, d, d_k)) / 8)
        rows = []
        for w in (w_q, w_k):
            scores = np.array([[a @ b for b in x @ w] for a in x @ w_q]) / 4
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            rows += [(scores.argmax(axis=1) == np.arange(n)).mean(), (np.diag(powers) / powers.sum(axis=1)).mean()]
        found.append(rows)
    tied, own, other, weight = np.mean(found, axis=0)
    assert own > 0.5 > weight
    states("qk-separate-projections", (tied, other, 1 / 16))


def test_bytes_of_intermediate_results():
    n, d = 1024, 64
    row_dot, row_additive = np.zeros(n, np.float32).nbytes, np.zeros((n, d), np.float32).nbytes
    states("dot-vs-additive", (n * row_additive // 2**20, n * row_dot // 2**20))


def test_additive_scores_take_a_tanh_for_each_pair_and_dimension(random, monkeypatch):
    done, tanh = [], np.tanh
    monkeypatch.setattr(np, "tanh", lambda x: done.append(x.size) or tanh(x))
    for n_q, n_k, d in ((1, 6, 4), (6, 6, 4), (12, 12, 4), (6, 6, 8)):
        done.clear()
        heads.additive(random.standard_normal((n_q, d)), random.standard_normal((n_k, d)), random)
        assert sum(done) == n_q * n_k * d


def test_additive_scores_are_bounded(random):
    q, k = random.standard_normal((2, 20, 64)) * 100
    state = random.bit_generator.state
    scores = heads.additive(q, k, random)
    random.bit_generator.state = state
    random.standard_normal((2, 64, 64))
    assert np.abs(scores).max() <= np.abs(random.standard_normal(64) / 8).sum()


def test_output_stays_within_the_values(random):
    q, k, v = random.standard_normal((3, 9, 5)) * 3
    out, _ = attention.attend(q, k, v)
    assert (out >= v.min(axis=0)).all() and (out <= v.max(axis=0)).all()


def test_heads():
    d, h = 512, 8
    one = sum(math.prod(shape) for shape in [(d, d // h)] * 3 + [(d // h, d)])
    whole = sum(math.prod(shape) for shape in [(d, d)] * 4)
    assert h * one == 4 * d * d
    states("per-head-dim", (h * whole, h * one), 128 * 128)
    ranks = {}
    for h in (1, 32):
        x = np.random.default_rng(h).standard_normal((128, 128))
        w_q, w_k = np.random.default_rng(h + 1).standard_normal((2, 128, 128 // h))
        values = np.linalg.svd((x @ w_q) @ (x @ w_k).T, compute_uv=False)
        ranks[h] = int((values > 1e-9 * values[0]).sum())
    states("head-rank", (128, 1, ranks[1], 32, ranks[32]), 25.8 - 25.4)


def test_base_heads():
    states("why-multi-head", tuple(512 // h for h in (1, 4, 8, 16, 32)))


def test_masked_rows():
    low = np.float32(-1e9)
    row = np.array([0.3, low, 2.0], np.float32)
    assert attention.softmax(row)[1] == 0 == math.exp(-math.inf)
    assert (attention.softmax(np.array([0.3, 0.1, 2.0], np.float32) + low) == np.float32(1 / 3)).all()
    with np.errstate(invalid="ignore"):
        assert np.isnan(attention.softmax(np.full(3, -np.inf))).all()
    writes("padding-mask", r"-\infty", "NaN", "-10^9")


def test_masks_broadcast(random):
    b, h, n = 2, 3, 4
    q, k, v = random.standard_normal((3, b, h, n, 5))
    keep = np.array([[1, 1, 1, 0], [1, 1, 0, 0]]) > 0
    both = keep[:, None, None, :] & masks.causal(n)[None, None]
    _, weights = attention.attend(q, k, v, both)
    seen = np.array([[[[j <= i and keep[s, j] for j in range(n)] for i in range(n)]] * h for s in range(b)])
    assert ((weights > 0) == seen).all()
    writes("causal-mask", "(1,1,n,n)", "(B,1,1,n)")


def test_code_in_the_padding_note(capsys):
    code = re.search(r"```python\n(.*?)```", TEXTS["padding-mask"], re.S)[1]
    exec(compile(code, "padding-mask", "exec"), {})
    assert capsys.readouterr().out.split() == re.findall(r"# (\S+)\n", code)


# Positions and embeddings


def test_positions():
    d = 64
    product = [sum(math.cos(k / 10000 ** (2 * i / d)) for i in range(d // 2)) for k in range(12)]
    gram = positions.sinusoidal(20, d)
    assert np.allclose((gram @ gram.T)[7, 7:19], product)
    assert product[0] == max(product) and product[6] > product[5]
    states("pe-dot-product", product[0])
    writes("pe-dot-product", "k=6", "k=5")
    # A query turned by one step back scores highest one place before.
    turned = positions.sinusoidal(9, d)[5] @ positions.shift(-1, d).T
    assert (positions.sinusoidal(9, d) @ turned).argmax() == 4
    # The formula with pos divided, not left out: entry by entry, and no two places alike.
    entry = [
        [(math.cos if j % 2 else math.sin)(pos / 10000 ** ((j - j % 2) / 8)) for j in range(8)] for pos in range(5)
    ]
    assert np.allclose(positions.sinusoidal(5, 8), entry) and len({tuple(row) for row in entry}) == 5
    assert len({tuple(math.sin(10000 ** (2 * i / 8)) for i in range(4)) for _ in range(5)}) == 1
    assert math.isclose(np.linalg.norm(positions.sinusoidal(9, 512)[8]), 16)


def test_four_terms(random):
    x, p, y, r = random.standard_normal((4, 6))
    w_q, w_k = random.standard_normal((2, 6, 3))
    m = w_q @ w_k.T
    assert math.isclose(((x + p) @ w_q) @ ((y + r) @ w_k), x @ m @ y + x @ m @ r + p @ m @ y + p @ m @ r)
    w_1, w_2 = random.standard_normal((2, 6, 3))
    assert np.allclose(np.r_[x, p] @ np.r_[w_1, w_2], x @ w_1 + p @ w_2) and np.allclose(
        np.r_[x, p] @ np.r_[w_1, w_1], (x + p) @ w_1
    )
    writes("pe-four-terms", r"x_iMp_j^\top+p_iMx_j^\top+p_iMp_j^\top", "W_1=W_2")


def test_embedding_lengths(random):
    import embedding_norms as figure

    d, vocabulary = 512, 37000
    # The mean length of d independent normals: σ √2 Γ((d+1)/2) / Γ(d/2).
    mean = math.sqrt(2) * math.exp(math.lgamma((d + 1) / 2) - math.lgamma(d / 2))
    lengths = [mean * s for s in (d**-0.5, 1, math.sqrt(2 / (vocabulary + d)))]
    assert np.allclose(lengths, [figure.length(d, s) for s in figure.deviations(d, vocabulary).values()], rtol=0.005)
    position = math.sqrt(
        sum(math.sin(3 / 10000 ** (i / 256)) ** 2 + math.cos(3 / 10000 ** (i / 256)) ** 2 for i in range(256))
    )
    states(
        "embedding-scale",
        (position, math.sqrt(d)),
        (lengths[0], 1 / position),
        lengths[0] * math.sqrt(d) / position,
        (lengths[1], lengths[1] * math.sqrt(d)),
    )
    states("embedding-tied-scale", (position, math.sqrt(d)))
    hidden, embedding = random.standard_normal((2, 20_000, d))
    assert abs((hidden * embedding / math.sqrt(d)).sum(axis=1).var() - 1) < 0.05
    states("learned-positions", 512 * 768)


def reference_stack(x, weights, h, placement):
    """States of layers as in models.block.Stack, written with loops over heads and words; what LayerNorm divides by on the direct path."""

    def normal(rows):
        return np.array([(row - row.mean()) / math.sqrt(row.var() + 1e-5) for row in rows])

    def attend(rows, w_q, w_k, w_v, w_o):
        size, out = w_q.shape[1] // h, np.zeros_like(rows)
        for head in range(h):
            part = slice(head * size, (head + 1) * size)
            for i, row in enumerate(rows):
                scores = np.array([(row @ w_q[:, part]) @ (other @ w_k[:, part]) for other in rows]) / math.sqrt(size)
                powers = np.exp(scores - scores.max())
                out[i] += (powers / powers.sum()) @ (rows @ w_v[:, part]) @ w_o[part]
        return out

    states, divided = [x], 1.0
    for w_attention, (w_1, w_2) in weights:
        for part in (lambda y, w=w_attention: attend(y, *w), lambda y, a=w_1, b=w_2: np.maximum(y @ a, 0) @ b):
            match placement:
                case "pre":
                    x = x + part(normal(x))
                case "post":
                    divided *= np.mean([row.std() for row in x + part(x)])
                    x = normal(x + part(x))
                case "none":
                    x = normal(part(x))
        states.append(x)
    return states, divided


def test_states_of_a_stack():
    import stack_states as figure

    x = figure.inputs(1, 5)[0]
    for placement in ("pre", "post", "none"):
        stack = block.Stack(3, figure.D, figure.HEADS, placement, figure.SEED)
        for mine, theirs in zip(
            reference_stack(x, stack.weights, figure.HEADS, placement)[0], stack.run(x), strict=True
        ):
            assert np.allclose(mine, theirs, atol=1e-8)
    apart = {
        name: [
            float(
                np.mean(
                    [np.sqrt(((s - s.mean(0)) ** 2).sum() / (s**2).sum()) for s in figure.states(8, name, 2)[:, layer]]
                )
            )
            for layer in range(4)
        ]
        for name in ("none", "pre")
    }
    states("rank-collapse", tuple(apart["none"]), tuple(apart["pre"]))
    told = figure.curves(8)
    states("position-through-layers", told["pre"][1][-1], (1 / figure.N, figure.N))
    assert told["none"][1][2] < 2 / figure.N
    # The classifier by least squares with the penalty as further rows.
    train, test = (
        np.pad(figure.states(8, "pre", seed)[:, -1].reshape(-1, figure.D), ((0, 0), (0, 1)), constant_values=1)
        for seed in (1, 2)
    )
    places = np.tile(np.arange(figure.N), len(train) // figure.N)
    penalty = math.sqrt(1e-3 * len(train)) * np.eye(figure.D + 1)
    fitted = np.linalg.lstsq(
        np.r_[train, penalty], np.r_[np.eye(figure.N)[places], np.zeros((figure.D + 1, figure.N))], rcond=None
    )[0]
    assert math.isclose(((test @ fitted).argmax(axis=1) == places).mean(), told["pre"][1][-1])


def test_order_without_positions(random):
    x, w, seen = random.standard_normal((6, 32)), heads.random_weights(32, random), masks.causal(6)
    change = []
    for layers in (1, 2):
        outputs = []
        for rows in (x, x[[1, 0, 2, 3, 4, 5]]):
            for _ in range(layers):
                rows = heads.multi_head(rows, w, 4, seen)[0]
            outputs.append(rows[-1])
        change.append(np.abs(outputs[0] - outputs[1]).max())
    assert change[0] < 1e-12 and change[1] > 1e-3
    # Place t from even weights, of which the first word gets 1/t.
    zeros = np.zeros((6, 4))
    _, weights = attention.attend(zeros, zeros, zeros, masks.causal(6))
    assert np.allclose(1 / weights[:, 0], range(1, 7))
    writes("nope-causal", "1/t")


# The block


def named_shapes(d: int, d_ff: int, decoder: bool) -> dict[str, tuple[int, ...]]:
    """Every weight of an original layer by its name."""
    shapes = {}
    for name in ("self", "cross") if decoder else ("self",):
        for w in "qkvo":
            shapes |= {f"{name}.{w}.weight": (d, d), f"{name}.{w}.bias": (d,)}
        shapes |= {f"{name}.norm.gain": (d,), f"{name}.norm.bias": (d,)}
    return shapes | {
        "ffn.1.weight": (d, d_ff),
        "ffn.1.bias": (d_ff,),
        "ffn.2.weight": (d_ff, d),
        "ffn.2.bias": (d,),
        "ffn.norm.gain": (d,),
        "ffn.norm.bias": (d,),
    }


def size(shapes) -> int:
    return sum(math.prod(shape) for shape in shapes.values())


def test_parameters_of_the_original():
    encoder, decoder = named_shapes(512, 2048, False), named_shapes(512, 2048, True)
    ffn = size({k: v for k, v in encoder.items() if re.match(r"ffn\.\d", k)})
    assert (size(encoder), size(decoder), ffn) == (
        counts.encoder_layer(512, 2048),
        counts.decoder_layer(512, 2048),
        counts.ffn_layer(512, 2048),
    )
    total = 6 * size(encoder) + 6 * size(decoder) + 37000 * 512
    assert total == counts.transformer()
    states("ffn-share", size(encoder), (ffn, ffn / size(encoder)))
    matrices = {k: v for k, v in decoder.items() if re.fullmatch(r"\w+\.\w\.weight", k)}
    assert size({k: v for k, v in matrices.items() if k.startswith("ffn")}) * 2 == size(matrices)
    attended, gated = 2 * 4096 * 4096 + 2 * 4096 * 1024, 3 * 4096 * 14336
    assert (attended, gated) == (
        counts.attention_weights(counts.MIXTRAL),
        counts.expert_weights(counts.MIXTRAL),
    )  # the shape of Mistral 7B
    states("ffn-share", gated / (gated + attended))
    states("decoder-layer", size(decoder), size(encoder))


def test_residual_paths():
    paths = 1
    for _ in range(24):
        paths += paths  # each sublayer is taken or not
    states("residual-gradient", (2**24, paths))


def test_norms(random):
    x = random.standard_normal((7, 512)) * 3 + 2
    centred = x - x.mean(axis=1, keepdims=True)  # orthogonal to the vector of ones
    projected = x - np.outer(x @ np.ones(512) / 512, np.ones(512))
    unit = projected / np.linalg.norm(projected, axis=1, keepdims=True) * math.sqrt(512)
    assert np.allclose(centred, projected) and np.allclose(block.layer_norm(x), unit, atol=1e-4)
    assert np.allclose(block.layer_norm(3 * x + 5), block.layer_norm(x), atol=1e-4)
    assert np.allclose(block.rms_norm(centred), block.layer_norm(centred))
    assert not np.allclose(block.rms_norm(x + 5), block.rms_norm(x), atol=1e-2)
    states("layernorm-geometry", math.sqrt(512))


def test_batch_norm_leaks():
    x = np.random.default_rng(0).normal(size=(2, 6, 8))
    y = x.copy()
    y[1, 2:] = 0
    flat = [each.reshape(12, 8) for each in (x, y)]
    first = [(each[:6] - each.mean(0)) / np.sqrt(each.var(0) + 1e-5) for each in flat]
    states("layernorm-vs-batchnorm", np.abs(first[1] - first[0]).max())
    assert np.abs(block.batch_norm(y)[0] - first[1]).max() < 1e-12
    assert (block.layer_norm(y)[0] == block.layer_norm(x)[0]).all()


def test_norm_placement():
    import norm_placement as figure

    left, stream = figure.measure(12, "post")[1][-1], figure.measure(12, "pre")[0][-1]
    weights = block.Stack(12, figure.D, figure.HEADS, "pre", figure.SEED).weights
    x = block.layer_norm(np.random.default_rng(figure.SEED).standard_normal((figure.N, figure.D)))
    states_of_stack, _ = reference_stack(x, weights, figure.HEADS, "pre")
    _, divided = reference_stack(x, weights, figure.HEADS, "post")
    assert abs(states_of_stack[-1].std() - stream) < 1e-6 and abs(divided * left - 1) < 1e-6
    states("pre-vs-post-norm", 1 / divided, states_of_stack[-1].std())


def test_ffn(random):
    d, d_ff = 6, 24
    x, w_1, w_2, b_1 = (
        random.standard_normal((3, d)),
        random.standard_normal((d, d_ff)),
        random.standard_normal((d_ff, d)),
        random.standard_normal(d_ff),
    )
    memories = sum(np.maximum(0, x @ w_1[:, i] + b_1[i])[:, None] * w_2[i] for i in range(d_ff))
    assert np.allclose(memories, np.maximum(x @ w_1 + b_1, 0) @ w_2)
    assert np.allclose(
        block.ffn(x, (w_1, w_2)), sum(np.maximum(0, x @ w_1[:, i])[:, None] * w_2[i] for i in range(d_ff))
    )
    assert np.linalg.matrix_rank(w_1 @ w_2) == d
    states("ffn-no-activation", (8 * 512**2, 512**2))
    gated = sum(
        (z := x @ w_1[:, i])[:, None] / (1 + np.exp(-z))[:, None] * (x @ w_1[:, -1 - i])[:, None] * w_2[i]
        for i in range(d_ff)
    )
    assert np.allclose(block.swiglu(x, (w_1, w_1[:, ::-1], w_2)), gated)


def test_activations():
    # GELU as the mean of x over the chance that a standard normal is below x.
    grid = np.linspace(-10, 1, 1_000_001)
    chance = float((np.exp(-(grid**2) / 2) / math.sqrt(2 * math.pi)).sum() * (grid[1] - grid[0]))
    assert abs(float(block.gelu(np.array(1.0))) - chance) < 1e-4
    states("gelu", chance)
    x = np.linspace(-3, 0, 3001)
    lowest = min(v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in x)
    assert abs(lowest - block.gelu(x).min()) < 1e-12
    states("gelu", lowest)
    x = np.linspace(-8, 8, 16_001)
    gates = {scale: x / (1 + np.exp(-scale * x)) for scale in (1, 1.702)}
    exact = np.array([v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in x])
    assert np.allclose(block.silu(x), gates[1]) and np.allclose(block.gelu(x), exact)
    states("silu", gates[1].min(), lowest, np.abs(gates[1] - exact).max())
    assert round(float(np.abs(gates[1.702] - exact).max()), 2) == 0.02 and np.abs(gates[1.702] - exact).max() <= 0.021
    states("silu", (1.702, 0.021))
    third = 8 / 3 * 4096
    assert 3 * 4096 * third == 8 * 4096**2
    states("swiglu-width", third, math.ceil(third / 256) * 256, (14336, 14336 / 4096))
    writes("swiglu-width", r"3\cdot d\cdot\frac83d=8d^2")
    assert counts.LLAMA_7B.d_ff == math.ceil(third / 256) * 256


# The decoder and the cost


def test_masks():
    rows = lambda *scores: [math.exp(s) / sum(map(math.exp, scores)) for s in scores]
    right, wrong = rows(1, 2), rows(1, 2, 3)[:2]
    states("mask-before-softmax", (*right, 0, 1), (*wrong, 0, sum(wrong)))
    assert np.allclose(np.array(wrong) / sum(wrong), right)
    seen = [sum(j <= i for i in range(6) for j in range(6)), sum(j <= i or j < 3 for i in range(6) for j in range(6))]
    assert seen == [masks.causal(6).sum(), masks.prefix(6, 3).sum()]
    states("prefix-lm", seen[0], seen[1])
    states("causal-half", sum(range(1, 4097)) / 4096**2)


def test_one_causal_pass_is_all_steps(random):
    x = random.standard_normal((5, 8))
    assert np.allclose(decoding.Decoder(2, 8).run(x), [decoding.Decoder(2, 8).run(x[: t + 1])[-1] for t in range(5)])


def test_a_causal_mask_leaves_the_word_itself(random):
    x, model = random.standard_normal((4, 8)), decoding.Decoder(2, 8)
    before = model.run(x)
    for t in range(4):
        changed = x.copy()
        changed[t] = random.standard_normal(8)
        moved = np.abs(model.run(changed) - before).max(axis=1) > 1e-9
        assert moved.tolist() == [i >= t for i in range(4)]


def macs(n: int, d: int) -> tuple[int, int]:
    """Multiply-adds of a layer's matrix products, by their shapes: the quadratic ones, all others."""
    quadratic = [(n, d, n), (n, n, d)]
    others = [(n, d, d)] * 4 + [(n, d, 4 * d), (n, 4 * d, d)]
    return tuple(sum(a * b * c for a, b, c in each) for each in (quadratic, others))


def test_costs():
    quadratic, others = macs(4096, 4096)
    states("attention-vs-ffn-cost", (4096, quadratic / (quadratic + others)))
    half = next(n for n in range(4096, 10**6, 4096) if macs(n, 4096)[0] >= macs(n, 4096)[1])
    assert macs(half, 4096)[0] == macs(half, 4096)[1]
    states("attention-vs-ffn-cost", half)
    # The attention of a layer, projections and scores, against the FFN.
    equal = next(
        n for n in range(1, 999) if counts.projections_macs(n, 64) + counts.scores_macs(n, 64) >= counts.ffn_macs(n, 64)
    )
    assert equal == 2 * 64 and macs(equal, 64)[0] + 4 * equal * 64**2 == 8 * equal * 64**2
    writes("attention-vs-ffn-cost", "n=2d", "n=6d")
    states("attention-vs-ffn-cost", 2 * 4096)
    states("linear-complexity", half)
    writes("complexity-by-layer", "$4nd^2+2n^2d$", "$8nd^2$", "$nVd$")
    assert macs(48, 8) == (2 * 48**2 * 8, 4 * 48 * 8**2 + 8 * 48 * 8**2)
    # Only the pairs that a causal mask leaves: half of n + 1 in place of n, so the parts meet at n = 12d − 1.
    pairs = lambda n: sum(range(1, n + 1))
    meet = next(n for n in range(1, 10**4) if 2 * pairs(n) * 64 >= macs(n, 64)[1])
    assert meet == 12 * 64 - 1
    joined = next(n for n in range(1, 999) if 2 * pairs(n) * 64 + 4 * n * 64**2 >= 8 * n * 64**2)
    assert joined == 4 * 64 - 1
    writes("attention-vs-ffn-cost", "4d", "12d")
    for n, d in ((3, 8), (9, 4)):
        assert sum(macs(n, d)) == counts.layer_macs(n, d)
    states("attention-memory", np.zeros(4096, np.float16).nbytes * 4096 * 32 // 2**30)


# Keys and values


def test_cache_bytes():
    def held(layers, kv_heads, d_head, tokens=1):
        one = np.zeros((2, kv_heads, d_head), np.float16).nbytes
        return layers * one * tokens

    llama, wide = counts.LLAMA_7B, counts.LLAMA_2_70B
    assert held(32, 32, 128) == counts.kv_bytes(llama) and held(80, 8, 128, 4096) == counts.kv_bytes(wide, 4096)
    states("kv-cache-bytes", held(32, 32, 128) / 2**20, held(32, 32, 128, 4096) / 2**30)
    shapes = {"in": (32000, 4096), "out": (32000, 4096), "norm": (4096,)}
    for layer in range(32):
        shapes |= (
            {f"{layer}.{w}": (4096, 4096) for w in "qkvo"}
            | {f"{layer}.ffn{i}": (4096, 11008) for i in range(3)}
            | {f"{layer}.norm{i}": (4096,) for i in range(2)}
        )
    assert size(shapes) == counts.weights(llama) == 6_738_415_616
    gib = 2 * size(shapes) / 2**30
    states("kv-cache-bytes", gib, next(n for n in range(99) if n * 2 > gib))
    states("gqa", (held(80, 64, 128) // 1024, held(80, 1, 128) // 1024))
    for requests in (1, 32):
        states("mqa", (requests, *(gib + requests * held(32, heads, 128, 4096) / 2**30 for heads in (32, 1))))
    states("gqa", held(80, 8, 128) // 1024, held(80, 8, 128, 4096) / 2**30, held(80, 64, 128, 4096) / 2**30)


def test_latent_cache():
    latent, full = 512 + 64, 2 * 128 * 128
    assert counts.latent_bytes(60, 512, 64) == 60 * latent * 2
    states("mla", (512, 64, latent, full), latent / full, latent / (2 * 128))


def test_cached_steps():
    for t, d in ((1, 4), (7, 4), (100, 64)):
        quadratic, others = macs(t, d)
        assert quadratic + others == t * counts.step_macs(t, d)
    writes("kv-cache", "12td^2+2t^2d", "12d^2+2td")


def test_a_word_more_changes_what_an_encoder_keeps(random):
    """Rows of layer 1 feed its keys, rows of layer 2 those of layer 2."""
    x, w = random.standard_normal((6, 16)), heads.random_weights(16, random)
    for keep, same in ((None, False), (masks.causal(6), True)):
        longer = heads.multi_head(x, w, 2, keep)[0][:5] @ w[1]
        shorter = heads.multi_head(x[:5], w, 2, keep if keep is None else keep[:5, :5])[0] @ w[1]
        assert np.allclose(longer, shorter) == same


def test_flash(random):
    held = 100 * 1024 // np.dtype(np.float16).itemsize
    states("flash-io", held, 64**2 / held)
    q, k, v = random.standard_normal((3, 10, 4))
    scores = q @ k.T / 2
    top = scores.max(axis=1)
    logs = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    weights = np.exp(scores - logs[:, None])  # as the backward pass has them again
    assert np.allclose(weights, attention.softmax(scores)) and np.allclose(
        tiled.tiled_attention(q, k, v, 3), weights @ v
    )


# Rotary positions and long context


def test_rotary(random):
    d, length, s = 128, 4096, 8
    waves = [2 * math.pi * 10000 ** (2 * i / d) for i in range(d // 2)]
    slow = sum(w > length for w in waves)
    assert slow == (rotary.turns(d, length) < 1).sum()
    states("rope-extrapolation", (d // 2, slow), (waves[-1], 360 * length / waves[-1]))
    base = 10000 * s ** (d / (d - 2))
    assert math.isclose(base ** ((d - 2) / d), 10000 ** ((d - 2) / d) * s)
    states("yarn", base)
    assert math.isclose(base, rotary.new_base(d, s))
    assert [1 / m for m in rotary.slopes(8)] == [2**i for i in range(1, 9)]
    writes("alibi", r"\frac12,\frac14", r"\frac1{256}")
    q, k = random.standard_normal((2, 5, 16))
    order = np.r_[0:16:2, 1:16:2]  # pairs (2i, 2i+1) laid out as (i, i + d/2)
    places = np.arange(5)
    pairs = rotary.rotate(q, places) @ rotary.rotate(k, places).T
    halves = rotary.rotate_halves(q[:, order], places) @ rotary.rotate_halves(k[:, order], places).T
    assert np.allclose(pairs, halves)


# Sparse, linear, mixtures


def test_windows():
    for layers, width in ((2, 3), (3, 4)):
        reached = {layers * width}  # walk back from the last place, layer by layer
        for _ in range(layers):
            reached = {i - back for i in reached for back in range(width)}
        n = layers * width + 1
        assert len(reached) == layers * (width - 1) + 1 == masks.reach(masks.window(n, width), layers)[-1].sum()
    states("sliding-window", (32, 4095, 32 * 4095 + 1, 32, 32 * 4096))
    writes("sliding-window", str(32 * 4095 + 1))
    states("sparse-patterns", math.isqrt(16384))


def test_low_rank():
    shares = []
    for correlation in (0.95, 0):
        matrix = efficient.attention_matrix(512, 64, correlation, np.random.default_rng(2006))
        # The same draws: word i is the sum of r^(i−j) √(1 − r²) times draw j, of r^i times the first; then row by row.
        random = np.random.default_rng(2006)
        powers = np.array([[correlation ** (i - j) if j <= i else 0.0 for j in range(512)] for i in range(512)])
        powers[:, 1:] *= math.sqrt(1 - correlation**2)
        x, (w_q, w_k) = powers @ random.standard_normal((512, 64)), random.standard_normal((2, 64, 64))
        for row, word in zip(matrix, x, strict=True):
            chances = np.exp(x @ (w_k @ (w_q.T @ word)) / 64 / 8)
            assert np.allclose(row, chances / chances.sum())
        values = np.sqrt(np.clip(np.linalg.eigvalsh(matrix.T @ matrix), 0, None))
        shares.append(np.sort(values)[::-1][:128].sum() / values.sum())
    states("linformer", shares[0], shares[1])


def test_random_features():
    import random_features as figure

    (q, k), m = figure.pairs(), 256
    assert figure.SIZES[-1] == m
    closed = math.sqrt(np.mean([math.expm1(float(((a + b) ** 2).sum())) for a, b in zip(q, k, strict=True)]) / m)
    drawn, crossed = figure.errors(efficient.gaussian)[-1], figure.errors(efficient.orthogonal)[-1]
    assert abs(drawn / closed - 1) < 0.05
    # Rotations by Gram and Schmidt, features of one direction at a time.
    random, squares = np.random.default_rng(9), []
    for _ in range(60):
        estimate = 0
        for _ in range(m // figure.D):
            basis = []
            for row in random.standard_normal((figure.D, figure.D)):
                rest = row - sum((row @ b) * b for b in basis)
                basis.append(rest / np.linalg.norm(rest))
            for b in basis:
                w = b * np.linalg.norm(random.standard_normal(figure.D))
                estimate = estimate + np.exp(q @ w - 0.5) * np.exp(k @ w - 0.5) / m
        squares.append((estimate / np.exp((q * k).sum(axis=1)) - 1) ** 2)
    assert abs(math.sqrt(np.mean(squares)) / crossed - 1) < 0.1
    states("performer", closed, crossed)


def test_linear_attention(random):
    q, k = random.random((2, 9, 6))
    v = random.standard_normal((9, 4))
    weights = np.tril(q @ k.T)
    assert np.allclose(efficient.linear_attention(q, k, v), weights / weights.sum(axis=1, keepdims=True) @ v)
    state = np.zeros((128, 128)).size + np.zeros(128).size
    first = next(t for t in range(1, 999) if 2 * 128 * t > state)
    states("linear-rnn", state, (2 * 128, first))


def test_a_recurrence_in_any_grouping(random):
    """h ← a h + b, step by step, and by halves that are joined: so it can be scanned in parallel."""
    a, b = random.random((2, 16))
    h = 0.0
    for decay, new in zip(a, b, strict=True):
        h = decay * h + new

    def joined(steps: slice) -> tuple[float, float]:
        if len(a[steps]) == 1:
            return float(a[steps][0]), float(b[steps][0])
        middle = (steps.start + steps.stop) // 2
        (a_1, b_1), (a_2, b_2) = joined(slice(steps.start, middle)), joined(slice(middle, steps.stop))
        return a_1 * a_2, a_2 * b_1 + b_2

    assert math.isclose(joined(slice(0, 16))[1], h)
    state, cached = np.zeros((2 * 2560, 16)).size, np.zeros((2, 2560)).size
    first = next(t for t in range(1, 99) if cached * t > 2 * state)
    states("mamba", 2560, state, (cached, first))
    writes("mamba", "(a_1a_2, a_2b_1+b_2)")


def test_mixtral():
    ffn = 3 * 4096 * 14336
    shapes = {"in": (32000, 4096), "out": (32000, 4096), "norm": (4096,)}
    for layer in range(32):
        shapes |= {
            f"{layer}.q": (4096, 4096),
            f"{layer}.o": (4096, 4096),
            f"{layer}.k": (4096, 1024),
            f"{layer}.v": (4096, 1024),
        }
        shapes |= {f"{layer}.router": (4096, 8), f"{layer}.norm1": (4096,), f"{layer}.norm2": (4096,)}
    total, active = size(shapes) + 32 * 8 * ffn, size(shapes) + 32 * 2 * ffn
    assert (total, active) == (counts.weights(counts.MIXTRAL), counts.weights(counts.MIXTRAL, active=True))
    writes("mixtral-params", *map(str, (32 * 8 * ffn, total, active)))
    states("mixtral-params", round(total, -8), round(active, -8), active / total)


def test_finer_experts():
    def ways(experts: int, chosen: int) -> int:  # Pascal's triangle
        row = [1]
        for _ in range(experts):
            row = [a + b for a, b in zip([0, *row], [*row, 0], strict=True)]
        return row[chosen]

    states("moe-fine-grained", (16, 2, ways(16, 2)), (64, 8, ways(64, 8)))
    coarse, fine = (
        counts.Shape(1, 8, 2, 2, 4, d_ff, 10, experts=n, active=k) for d_ff, n, k in ((32, 16, 2), (8, 64, 8))
    )
    assert [s.experts * counts.expert_weights(s) for s in (coarse, fine)] == [16 * 3 * 8 * 32] * 2
    assert [s.active * counts.expert_weights(s) for s in (coarse, fine)] == [2 * 3 * 8 * 32] * 2


def test_expert_load():
    logits = experts.skewed(64, 8)
    room, left, lost, load = 1.25 * 2 * 64 / 8, [20] * 8, 0, [0] * 8
    for rank in range(2):
        for row in logits:
            expert = sorted(range(8), key=lambda e: -row[e])[rank]
            load[expert] += 1
            left[expert] -= 1
            lost += left[expert] < 0
    states("moe-capacity", room, (64 * 2, lost), load[7])
    share = [sum(row.argmax() == e for row in logits) / 64 for e in range(8)]
    chance = [sum(math.exp(row[e]) / sum(map(math.exp, row)) for row in logits) / 64 for e in range(8)]
    assert math.isclose(experts.balance(logits), 8 * sum(f * p for f, p in zip(share, chance, strict=True)))
    even = [1 / 8] * 8
    states("moe-balance", 8 * sum(f * p for f, p in zip(even, even, strict=True)))


def test_biases_even_the_load():
    scores, bias, busiest = 1 / (1 + np.exp(-experts.skewed(64, 8))), np.zeros(8), []
    for _ in range(21):
        load = np.zeros(8)
        for row in scores:
            for expert in sorted(range(8), key=lambda e: -(row + bias)[e])[:2]:
                load[expert] += 1
        busiest.append(int(load.max()))
        bias += 0.01 * np.sign(load.mean() - load)
    states("moe-bias", (busiest[0], 0.01, 20, busiest[20], load.mean()))


# What the notes must put right


def test_formulas_that_are_often_written_wrongly():
    writes("sinusoidal-pe", "10000^{2i/d}")
    writes("scale-sqrt-dk", r"n\times n", r"\operatorname{Var}(q\cdot k)")
    writes("dot-vs-additive", "O(n^2d)")
    writes("attention-memory", "O(n^2)", "O(n)")


def test_every_note_has_a_source():
    assert [note for note in TEXTS if not sources(note).startswith("[")] == []
