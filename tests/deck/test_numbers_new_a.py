"""Numbers in the notes on costs, long context, sparse and linear attention, routing and serving: computed here another way.

A number is looked up in the note as it is written, not the sentence around it, so that a note can be reworded.
"""

import math

import numpy as np
import pytest
from models import counts, delta, reach, rotary
from models.attention import attend, softmax
from stated import has_digits, writes

LLAMA_3_8B = counts.Shape(32, 4096, 32, 8, 128, 14336, 128256)


@pytest.fixture
def random():
    return np.random.default_rng(1706)


# Costs


def llama_shapes() -> dict[str, tuple[int, ...]]:
    """Every matrix and vector of Llama 3 8B by name."""
    shapes = {"in": (128256, 4096), "out": (128256, 4096), "norm": (4096,)}
    for n in range(32):
        shapes |= {
            f"{n}.q": (4096, 32 * 128),
            f"{n}.k": (4096, 8 * 128),
            f"{n}.v": (4096, 8 * 128),
            f"{n}.o": (32 * 128, 4096),
        }
        shapes |= {
            f"{n}.gate": (4096, 14336),
            f"{n}.up": (4096, 14336),
            f"{n}.down": (14336, 4096),
            f"{n}.norm1": (4096,),
            f"{n}.norm2": (4096,),
        }
    return shapes


def size(shapes, *ends: str) -> int:
    return sum(math.prod(shape) for name, shape in shapes.items() if not ends or name.split(".")[-1] in ends)


def test_parameters_of_a_llama():
    shapes = llama_shapes()
    attention, ffn, embedding, total = (
        size(shapes, *"qkvo"),
        size(shapes, "gate", "up", "down"),
        size(shapes, "in"),
        size(shapes),
    )
    assert total == counts.weights(LLAMA_3_8B)
    has_digits("llama-params", str(attention // 32), str(ffn // 32), str(embedding), str(total))
    has_digits("llama-params", *(f"{100 * part / total:.0f}" for part in (attention, ffn, 2 * embedding)))
    squares = [part / 32 / 4096**2 for part in (attention, ffn)]
    writes("llama-params", f"{squares[0]:g}d^2", f"{squares[1]:g}d^2", f"{sum(squares):g}d^2")


def test_flops_of_a_token():
    shapes = llama_shapes()
    matrices = {name: shape for name, shape in shapes.items() if name != "in" and len(shape) == 2}
    flops = 2 * size(matrices)
    has_digits(
        "forward-flops",
        f"{size(matrices) / 1e8:.1f}",
        f"{flops / 1e9:.1f}",
        f"{100 * 2 * size(shapes, 'out') / flops:.0f}",
    )

    def scores(n: int) -> int:
        """A query against n keys, and n weights times values: 32 heads of 128, two operations each, 32 layers."""
        return 32 * 32 * (2 * 128 * n + 2 * 128 * n)

    assert scores(8192) == 4 * 32 * 8192 * 4096
    has_digits(
        "forward-flops", f"{scores(8192) / 1e9:.1f}", str(next(n for n in range(1, 10**6) if scores(n) >= flops))
    )
    d, n, vocabulary = 768, 1024, 50257
    layers, logits = 12 * (12 * n * d * d + 2 * n * n * d), n * d * vocabulary
    has_digits("forward-flops", f"{100 * logits / (layers + logits):.0f}")
    # Long sequences, causal: the mean over the positions of a sequence.
    mean = {length: np.mean([scores(n) for n in range(1, length + 1)]) / 1e9 for length in (8192, 131072)}
    has_digits("long-context-training", *(f"{value:.1f}" for value in mean.values()), f"{flops / 1e9:.1f}")
    has_digits("long-context-training", f"{(flops / 1e9 + mean[131072]) / (flops / 1e9 + mean[8192]):.1f}")


def test_a_lookup_is_a_product_with_a_one_hot_row(random):
    table = random.standard_normal((7, 3))
    assert (np.eye(7)[4] @ table == table[4]).all()
    writes("embedding-lookup", "one-hot")


# Keys and values


def test_absorbing_the_matrices_of_latent_attention(random):
    """Two heads, small: scores and outputs with keys and values built, and in the latent space."""
    d_c, d_h, tokens, heads = 6, 4, 5, 2
    latents, up_k, up_v = random.standard_normal((tokens, d_c)), *random.standard_normal((2, heads, d_h, d_c))
    for h in range(heads):
        q = random.standard_normal(d_h)
        keys, values = latents @ up_k[h].T, latents @ up_v[h].T
        scores = (up_k[h].T @ q) @ latents.T
        assert np.allclose(scores, keys @ q)
        a = softmax(scores)
        assert np.allclose(up_v[h] @ (a @ latents), a @ values)
    heads, d_c, d_h, rope, d_q = 128, 512, 128, 64, 1536
    held, read = heads * (d_h + rope) + heads * d_h, d_c + rope
    built, absorbed = heads * (d_h + rope) + heads * d_h, heads * (d_c + rope) + heads * d_c
    has_digits(
        "mla-absorption",
        str(held),
        str(read),
        str(built),
        str(absorbed),
        f"{absorbed / built:.1f}",
        f"{held / read:.0f}",
    )
    has_digits("mla-absorption", str(d_q * d_h + d_h * d_c), str(d_q * d_c))
    indexer = 64 * 128
    has_digits("dsa", str(indexer), str(absorbed), f"{absorbed / indexer:.0f}")


def test_parts_of_a_row_put_together(random):
    q, k, v = random.standard_normal((1, 8)), random.standard_normal((96, 8)), random.standard_normal((96, 3))
    logs, outs = [], []
    for part in np.split(np.arange(96), 16):
        scores = (k[part] @ q[0]) / math.sqrt(8)
        logs.append(math.log(np.exp(scores).sum()))
        outs.append(np.exp(scores - logs[-1]) @ v[part])
    whole = math.log(sum(math.exp(part) for part in logs))
    joined = sum(math.exp(part - whole) * out for part, out in zip(logs, outs, strict=True))
    assert np.allclose(joined, attend(q, k, v)[0][0])
    has_digits("flash-decoding", f"{100 * (1 - 8 / 108):.0f}", str(8 * 16))
    has_digits("flash-2", f"{312 / 19.5:.0f}")


def test_a_random_rotation_spreads_outliers(random):
    q, k = random.standard_normal((2, 5, 64))
    q[:, 3] *= 50
    rotation, _ = np.linalg.qr(random.standard_normal((64, 64)))
    assert np.allclose((q @ rotation) @ (k @ rotation).T, q @ k.T)
    assert np.abs(q @ rotation).max() < 0.5 * np.abs(q).max()
    writes("flash-3", "$(QM)(KM)^\\top=QK^\\top$")


def test_bytes_sent_to_the_decoding_machine():
    held = sum(np.zeros((8, 128), np.float16).nbytes for _ in ("keys", "values")) * 80 * 4096
    assert held == counts.kv_bytes(counts.LLAMA_2_70B, 4096)
    has_digits("disaggregation", f"{held / 2**30:.2f}", f"{held / (400e9 / 8) * 1e3:.1f}")


def test_sums_depend_on_their_order():
    big = np.float32(1e8)
    assert (np.float32(1) + big) - big == 0 and np.float32(1) + (big - big) == 1
    writes("nondeterminism", "$(1+10^8)-10^8=0$", "$1+(10^8-10^8)=1$")


# Long context


def test_buckets_of_relative_positions():
    """Distances one by one until the bucket is the last: half of the buckets are exact, the others grow with the logarithm."""

    def first_in_last(buckets: int, furthest: int = 128) -> int:
        exact = buckets // 2

        def bucket(distance: int) -> int:
            if distance < exact:
                return distance
            grown = exact + int(math.log(distance / exact) / math.log(furthest / exact) * (buckets - exact))
            return min(grown, buckets - 1)

        return next(n for n in range(1, 10 * furthest) if bucket(n) == buckets - 1)

    has_digits("t5-bias", "32", "16", "128", str(first_in_last(16)), str(first_in_last(32)))


def test_larger_bases(random):
    d = 128
    angle = math.degrees(4096 * 10000 ** (-126 / d))
    same = next(n for n in range(4096, 10**6) if n * 500000 ** (-126 / d) >= math.radians(angle))
    has_digits("rope-base", f"{angle:.0f}", str(same - 1))
    slow = [sum(2 * math.pi * base ** (2 * i / d) > 8192 for i in range(64)) for base in (1e4, 5e5)]
    has_digits("rope-base", *map(str, slow))
    assert slow[0] == (rotary.turns(d, 8192) < 1).sum()


# Sparse and linear


def test_keys_read_by_a_query():
    has_digits("nsa", "5632", f"{100 * 5632 / 65536:.1f}")
    assert int(reach.nsa(65536)) == 65536 // 16 + 16 * 64 + 512 == 5632
    has_digits("moba", f"{100 * 12 * 4096 / 2**20:.1f}")
    has_digits("dsa", "2048")


def test_layers_that_keep_a_window():
    n = 131072
    for cheap, width, note in ((5, 1024, "local-global"), (1, 4096, "local-global")):
        kept = [n] + [width] * cheap
        has_digits(note, f"{100 * sum(kept) / (n * len(kept)):.1f}")
        assert sum(kept) / len(kept) == reach.kept(n, cheap, width)
    has_digits("hybrid-ratio", *(f"{100 / (cheap + 1):g}" for cheap in (3, 7)))


def test_a_sink_takes_what_no_key_gets():
    for scores in ([-4.0] * 10, [2.0, -1.0, 0.5]):
        powers = [math.exp(s) for s in scores]
        assert softmax(np.array([*scores, 0.0]))[:-1].sum() == pytest.approx(sum(powers) / (1 + sum(powers)))
    has_digits("sink-logit", f"{10 * math.exp(-4) / (1 + 10 * math.exp(-4)):.2f}")


def test_what_a_gate_costs():
    layer = counts.attention_weights(LLAMA_3_8B) + counts.expert_weights(LLAMA_3_8B)
    for outputs in (32 * 128, 32):
        gate = np.zeros((4096, outputs)).size
        has_digits("gated-attention", str(gate))
    has_digits("gated-attention", f"{100 * 4096 * 4096 / layer:.1f}", f"{100 * 4096 * 32 / layer:.2f}")


def test_the_delta_rule(random):
    import delta_rule as figure

    summed, corrected = (figure.errors(16, 128, 8, correct) for correct in (False, True))
    has_digits("delta-rule", f"{summed[-1]:.2f}", f"{corrected[-1]:.2f}")
    assert np.ptp(corrected[1:]) < 0.01  # no more from the second round on
    for draw in range(2):
        source = np.random.default_rng([figure.SEED, draw])
        keys = delta.unit_keys(16, 128, source)
        values = [source.standard_normal((16, 128)) for _ in range(8)]
        # The state of sums in one product; the corrected one by projections.
        states = [sum(keys.T @ each for each in values), np.zeros((128, 128))]
        for each in values:
            for key, value in zip(keys, each, strict=True):
                states[1] = (np.eye(128) - np.outer(key, key)) @ states[1] + np.outer(key, value)
        for correct, state in enumerate(states):
            error = np.linalg.norm(keys @ state - values[-1]) / np.linalg.norm(values[-1])
            assert error == pytest.approx(
                delta.rewriting(16, 128, 8, bool(correct), np.random.default_rng([figure.SEED, draw]))[-1]
            )


def test_gated_delta_rule(random):
    """The note's formula, the paper's with columns for rows, and the model's."""
    keys, values, alphas, betas = (
        delta.unit_keys(6, 4, random),
        random.standard_normal((6, 3)),
        random.random(6),
        random.random(6),
    )
    rows, columns, plain = np.zeros((4, 3)), np.zeros((3, 4)), np.zeros((4, 3))
    for k, v, alpha, beta in zip(keys, values, alphas, betas, strict=True):
        rows = alpha * (np.eye(4) - beta * np.outer(k, k)) @ rows + beta * np.outer(k, v)
        columns = columns @ (alpha * (np.eye(4) - beta * np.outer(k, k))) + beta * np.outer(v, k)
        plain = delta.write(plain, k, v, beta, alpha)
        assert np.allclose(rows, columns.T) and np.allclose(rows, plain)
    left = 1.0
    steps = next(n for n in range(1, 999) if (left := left * 0.99) <= 0.5)
    has_digits("gated-deltanet", str(steps), "0.99")


# Routing and norms


def test_two_kinds_of_gates():
    sigmoid = lambda x: 1 / (1 + math.exp(-x))
    has_digits("router-gates", f"{math.exp(0) / 256:.4f}", f"{sigmoid(0):g}")
    hard, soft = softmax(np.array([2.0, 1.0])), [sigmoid(2), sigmoid(1)]
    has_digits("router-gates", *(f"{v:.2f}" for v in hard), *(f"{v / sum(soft):.2f}" for v in soft))


def test_rounding_of_large_logits():
    """bfloat16 has 7 bits behind the point: its steps at 128 and at 1."""
    steps = [2.0 ** (math.floor(math.log2(x)) - 7) for x in (128, 1)]
    has_digits(
        "router-z-loss", f"{steps[0]:g}", f"{steps[0] / 2:g}", f"{math.exp(steps[0] / 2):.2f}", f"{steps[1]:.4f}"
    )
    logits = np.array([3.0, 1.0, -2.0])
    assert np.allclose(softmax(logits), softmax(logits + 100))  # the direction that only the z-loss holds


def test_normalised_queries_and_keys_bound_their_score(random):
    q, k = random.standard_normal((2, 1000, 128)) * np.array([[[50.0]], [[3.0]]])
    q, k = (each / np.sqrt((each**2).mean(axis=1, keepdims=True)) for each in (q, k))
    bound = math.sqrt(128)
    assert np.abs(q @ k.T).max() / bound <= bound and math.isclose((q[0] @ q[0]) / bound, bound)
    has_digits("qk-norm", f"{bound:.1f}")
