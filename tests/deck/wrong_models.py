"""Wrong variants of the models behind the deck's figures: each must be refused by the check of its figure.

A row names the figure, the function or table that is replaced, what is wrong, and the wrong one, made from the right one. Rows name
functions, not lines of source, so that a model can be written anew and its check is still tried.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from models import attention, block, evaluation, heads, microscaling, preference, sampling


class Wrong(NamedTuple):
    """`place` is `module.name` or `module.Class.name`, among the models or the figures."""

    figure: str
    place: str
    what: str
    variant: Callable


def rows_of_the_cache(keep: slice) -> Callable:
    def variant(right):
        def run(self, x, cache=None):
            if cache:
                cache[:] = [(k[keep], v[keep]) for k, v in cache]
            return right(self, x, cache)

        return run

    return variant


def sinh_in_place_of_tanh(right):
    def additive(q, k, random):
        d = q.shape[-1]
        w, u = random.standard_normal((2, d, d)) / np.sqrt(d)
        return np.sinh((q @ w)[:, None, :] + (k @ u)[None, :, :]) @ (random.standard_normal(d) / np.sqrt(d))

    return additive


def room_for_each_rank(right):
    """The first choices of all tokens do not take room from the second ones."""
    return lambda chosen, count, room: np.hstack(
        [right(chosen[:, [rank]], count, room) for rank in range(chosen.shape[1])]
    )


def heads_not_joined(right):
    def multi_head(x, w, h, keep=None):
        out, weights = attention.attend(*(heads.split(x @ each, h) for each in w[:3]), keep)
        return out.reshape(len(x), -1) @ w[3], weights

    return multi_head


def placed(placement: str, wrong: Callable) -> Callable:
    return lambda right: (
        lambda self, x, sublayer: wrong(x, sublayer) if self.placement == placement else right(self, x, sublayer)
    )


def small_number_for_masked_keys(right):
    def attend(q, k, v, keep=None):
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        weights = attention.softmax(scores if keep is None else np.where(keep, scores, -5))
        return weights @ v, weights

    return attend


def powers_not_summed(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.max(axis=-1, keepdims=True)


def keys_without_negative_numbers(right):
    def dot_products(d_k, n, draws, seed):
        random = np.random.default_rng([seed, d_k, n])
        return np.array([random.standard_normal((n, d_k)) @ random.random(d_k) for _ in range(draws)])

    return dot_products


def entropies_divided_by_d(right):
    def mean_entropies(d_k, n):
        logits = attention.dot_products(d_k, n, 400, 1706)
        return tuple(attention.entropy(attention.softmax(each)).mean() / np.log(n) for each in (logits, logits / d_k))

    return mean_entropies


def rounded_down(right):
    def absmax(x, bits, axis=None):
        scale = right(x, bits, axis)[1]
        return np.floor(x / scale).astype(int), scale

    return absmax


def one_column_turned_back(right):
    def rotate(x, positions, turning=None):
        out = right(x, positions, turning)
        out[:, 0::2] = right(x, -np.asarray(positions), turning)[:, 0::2]
        return out

    return rotate


def longest_piece_first(right):
    def viterbi(text, pieces):
        out = []
        while text:
            out.append(next(text[:n] for n in range(len(text), 0, -1) if text[:n] in pieces))
            text = text[len(out[-1]) :]
        return out, sum(math.log(pieces[piece]) for piece in out)

    return viterbi


def gradients_cut_at_stage_1(right):
    def shares(parameters, devices, stage):
        weights, _, optimizer = right(parameters, devices, stage)
        return weights, 2 * parameters / (devices if stage >= 1 else 1), optimizer

    return shares


def always_in_full(right):
    def write(state, key, value, beta=1.0, alpha=1.0, correct=True):
        return right(state, key, value, 1.0, alpha, correct)

    return write


def rounded_towards_zero(right):
    levels = microscaling.E2M1
    return lambda x: np.sign(x) * levels[np.searchsorted(levels, np.abs(x), "right") - 1]


def samples_kept_the_wrong_time(right):
    return lambda generations, samples, keep, runs, random: right(generations, samples, not keep, runs, random)


WRONG = [
    Wrong(
        "activations",
        "block.gelu",
        "erf(x), not erf(x/√2)",
        lambda right: lambda x: right(x * math.sqrt(2)) / math.sqrt(2),
    ),
    Wrong("activations", "block.silu", "σ(2x)", lambda right: lambda x: right(2 * x) / 2),
    Wrong(
        "bm25_saturation",
        "retrieval.saturation",
        "b does not shorten",
        lambda right: lambda tf, k1=1.2, b=0.75, relative_length=1.0: right(tf, k1, 1, 1 + b * relative_length),
    ),
    Wrong(
        "bpe_merges",
        "bpe.pair_counts",
        "each word counts once",
        lambda right: lambda split: right(dict.fromkeys(split, 1)),
    ),
    Wrong(
        "bpe_merges",
        "bpe.encode",
        "merges replayed backwards",
        lambda right: lambda word, merges: right(word, merges[::-1]),
    ),
    Wrong("cache_work", "decoding.Decoder.run", "only the last row is kept", rows_of_the_cache(slice(-1, None))),
    Wrong("cache_work", "decoding.Decoder.run", "the first row is lost", rows_of_the_cache(slice(1, None))),
    Wrong("cache_work", "counts.step_macs", "scores without their sum", lambda right: lambda n, d: 12 * d * d + n * d),
    Wrong(
        "cache_work", "decoding.relu", "another activation with the cache", lambda right: lambda x: right(x) + len(x)
    ),
    Wrong("complexity", "counts.scores_macs", "one product of two", lambda right: lambda n, d: n * n * d),
    Wrong("complexity", "counts.projections_macs", "three projections", lambda right: lambda n, d: 3 * n * d * d),
    Wrong(
        "compute_optimal",
        "scaling_laws.optimum",
        "α and β exchanged",
        lambda right: lambda c, fit: right(c, (*fit[:2], fit[4], fit[3], fit[2])),
    ),
    Wrong(
        "continuous_batching",
        "batching.continuous",
        "a slot stays empty",
        lambda right: lambda lengths, slots: right(lengths, slots - 1),
    ),
    Wrong(
        "distillation_temperature",
        "distillation.gradient",
        "not divided by T",
        lambda right: lambda z, v, t: right(z, v, t) * t,
    ),
    Wrong("dot_and_additive", "heads.additive", "sinh in place of tanh", sinh_in_place_of_tanh),
    Wrong("dpo_weight", "preference.weight", "σ(m)", lambda right: lambda m: preference.sigmoid(m)),
    Wrong(
        "embedding_norms",
        "positions.sinusoidal",
        "sines alone",
        lambda right: lambda n, d: np.repeat(right(n, d)[:, ::2], 2, axis=1),
    ),
    Wrong(
        "emergence_metric",
        "evaluation.exact_match",
        "divided by the length",
        lambda right: lambda p, length: p / length,
    ),
    Wrong(
        "encoder_block",
        "encoder.layer_norm",
        "divided by the maximum",
        lambda right: lambda x: (x - x.mean(-1, keepdims=True)) / x.max(-1, keepdims=True),
    ),
    Wrong(
        "encoder_block",
        "encoder.layer_norm",
        "mean over the rows",
        lambda right: lambda x: (x - x.mean(0)) / x.std(-1, keepdims=True),
    ),
    Wrong(
        "encoder_block",
        "encoder.self_attention",
        "rows in another order",
        lambda right: lambda x, w: (right(x, w)[0][::-1], right(x, w)[1]),
    ),
    Wrong("encoder_block", "encoder.softmax", "divided by the maximum", lambda right: powers_not_summed),
    Wrong("encoder_block", "encoder_block.SHAPES", "a wrong label", lambda right: {**right, "hidden": r"$n \times d$"}),
    Wrong("expert_load", "experts.admitted", "room for each rank", room_for_each_rank),
    Wrong(
        "expert_load",
        "experts.admitted",
        "a place less",
        lambda right: lambda chosen, count, room: right(chosen, count, room - 1),
    ),
    Wrong("head_ranks", "heads.split", "one head", lambda right: lambda x, h: right(x, 1)),
    Wrong(
        "kl_estimators",
        "policy_gradient.kl_estimates",
        "k3 without −1",
        lambda right: lambda log_ratio: (*right(log_ratio)[:2], right(log_ratio)[2] + 1),
    ),
    Wrong("kv_memory", "counts.kv_bytes", "keys alone", lambda right: lambda *shape, **more: right(*shape, **more) / 2),
    Wrong(
        "lora_rank",
        "lora.gradients",
        "B without the scale",
        lambda right: lambda up, x, a, b, scale: (right(up, x, a, b, scale)[0], right(up, x, a, b, 1)[1]),
    ),
    Wrong(
        "low_rank",
        "efficient.mass",
        "divided by the largest",
        lambda right: lambda matrix: (shares := right(matrix)) / shares[0],
    ),
    Wrong("mask_shapes", "masks.window", "a place less", lambda right: lambda n, width: right(n, width - 1)),
    Wrong(
        "mask_shapes",
        "masks.prefix",
        "rows for columns",
        lambda right: lambda n, length: np.tri(n, dtype=bool) | (np.arange(n)[:, None] < length),
    ),
    Wrong(
        "minhash_bands",
        "dedup.caught",
        "s·r for s^r",
        lambda right: lambda s, bands=14, rows=8: 1 - (1 - s * rows) ** bands,
    ),
    Wrong("mixing", "block.ffn", "words mixed", lambda right: lambda x, w: right(x, w) + x.mean(0)[0]),
    Wrong("multi_head_maps", "heads.multi_head", "heads not joined by word", heads_not_joined),
    Wrong(
        "norm_placement",
        "block.Stack.add",
        "the sum not normalised",
        placed("post", lambda x, sublayer: block.layer_norm(x) + sublayer(x)),
    ),
    Wrong(
        "norms_leak", "block.layer_norm", "over the words too", lambda right: lambda x: block.standardize(x, (-2, -1))
    ),
    Wrong(
        "norms_leak",
        "block.batch_norm",
        "each sentence by itself",
        lambda right: lambda x: block.standardize(x, tuple(range(1, x.ndim - 1))),
    ),
    Wrong(
        "online_softmax",
        "tiled.running",
        "each tile begins anew",
        lambda right: (
            lambda scores, tile: [right(scores[start : start + tile], tile)[0] for start in range(0, len(scores), tile)]
        ),
    ),
    Wrong(
        "online_softmax",
        "tiled.tiled_attention",
        "tiles of the same weight",
        lambda right: (
            lambda q, k, v, tile: np.mean(
                [right(q, k[start : start + tile], v[start : start + tile], tile) for start in range(0, len(k), tile)],
                axis=0,
            )
        ),
    ),
    Wrong("padding_weights", "attention.attend", "−5 for a masked key", small_number_for_masked_keys),
    Wrong(
        "pass_at_k_estimator",
        "evaluation.pass_at_k",
        "C(n + 1, k)",
        lambda right: lambda n, c, k: 1 - math.comb(n - c, k) / math.comb(n + 1, k),
    ),
    Wrong("pass_at_k_estimator", "evaluation.pass_at_k", "the naive one", lambda right: evaluation.naive),
    Wrong(
        "pipeline_bubble",
        "pipelines.bubble",
        "against the ideal time",
        lambda right: lambda stages, batches: (stages - 1) / batches,
    ),
    Wrong("positional_encoding", "positions.frequencies", "base 1000", lambda right: lambda d: right(d) ** 0.75),
    Wrong(
        "positional_encoding",
        "positions.sinusoidal",
        "cosine before sine",
        lambda right: lambda n, d: right(n, d).reshape(n, -1, 2)[..., ::-1].reshape(n, d),
    ),
    Wrong("positional_encoding", "positions.shift", "turned back", lambda right: lambda k, d: right(k, d).T),
    Wrong("quantization_error", "quantization.absmax", "rounded down", rounded_down),
    Wrong(
        "quantization_error",
        "quantization.absmax",
        "one scale for all columns",
        lambda right: lambda x, bits, axis=None: right(x, bits),
    ),
    Wrong(
        "random_features",
        "efficient.orthogonal",
        "one length for all",
        lambda right: (
            lambda m, d, random: (
                (rows := right(m, d, random)) / np.linalg.norm(rows, axis=1, keepdims=True) * np.sqrt(d)
            )
        ),
    ),
    Wrong(
        "random_features",
        "efficient.features",
        "‖x‖², not half of it",
        lambda right: lambda x, directions: right(x, directions) * np.exp(-(x**2).sum(axis=1, keepdims=True) / 2),
    ),
    Wrong("rotary_positions", "rotary.rotate", "half of each pair turned back", one_column_turned_back),
    Wrong("softmax_scaling", "attention.softmax", "divided by the maximum", lambda right: powers_not_summed),
    Wrong("softmax_scaling", "attention.dot_products", "keys from 0 to 1", keys_without_negative_numbers),
    Wrong(
        "softmax_scaling", "attention.entropy", "in bits", lambda right: lambda weights: right(weights) / math.log(2)
    ),
    Wrong("softmax_scaling", "softmax_scaling.mean_entropies", "divided by d, not √d", entropies_divided_by_d),
    Wrong(
        "speculative_tokens",
        "speculative.expected_tokens",
        "a draft less",
        lambda right: lambda alpha, gamma: right(alpha, gamma - 1),
    ),
    Wrong("speculative_tokens", "speculative.residual", "q − p", lambda right: lambda p, q: right(q, p)),
    Wrong(
        "stack_states",
        "block.Stack.add",
        "without residuals",
        placed("pre", lambda x, sublayer: sublayer(block.layer_norm(x))),
    ),
    Wrong(
        "stretched_rotations",
        "rotary.by_parts",
        "divided by the upper limit",
        lambda right: lambda d, s, length, low=1.0, high=32.0: right(d, s, length, low, high + low),
    ),
    Wrong("stretched_rotations", "rotary.new_base", "times s", lambda right: lambda d, s, base=10000.0: base * s),
    Wrong(
        "temperature_top_p",
        "sampling.top_p",
        "one token too few",
        lambda right: lambda p, mass: right(p, mass) & (p > p[right(p, mass)].min()),
    ),
    Wrong(
        "temperature_top_p",
        "sampling.top_p",
        "most probable tokens, too many",
        lambda right: lambda p, mass: sampling.top_k(p, right(p, mass).sum() + 1),
    ),
    Wrong(
        "tied_projections",
        "heads.tied_and_untied",
        "nothing tied",
        lambda right: lambda *sizes: (right(*sizes)[1],) * 2,
    ),
    Wrong("unigram_lattice", "subwords.viterbi", "the longest piece first", longest_piece_first),
    Wrong(
        "warmup_schedule",
        "schedules.noam",
        "t/w",
        lambda right: (
            lambda step, d_model=512, warmup=4000: (
                d_model**-0.5 * np.minimum(np.asarray(step, float) ** -0.5, np.asarray(step, float) / warmup)
            )
        ),
    ),
    Wrong(
        "wordpiece_score",
        "subwords.score",
        "a sum for a product",
        lambda right: lambda pair, both, single: both[pair] / (single[pair[0]] + single[pair[1]]),
    ),
    Wrong("zero_memory", "training_memory.shares", "gradients cut one stage early", gradients_cut_at_stage_1),
    Wrong("cache_by_layers", "reach.kept", "no full layer", lambda right: lambda n, cheap, size: np.minimum(n, size)),
    Wrong("delta_rule", "delta.write", "always in full", always_in_full),
    Wrong("fp4_blocks", "microscaling.nearest", "rounded towards zero", rounded_towards_zero),
    Wrong("fp4_blocks", "microscaling.e4m3", "twice the step", lambda right: lambda x: 2 * right(x / 2 + 0.5) - 1),
    Wrong("kl_directions", "divergences.kl", "the other direction", lambda right: lambda p, q: right(q, p)),
    Wrong("model_collapse", "collapse.variances", "old samples kept the wrong time", samples_kept_the_wrong_time),
    Wrong(
        "model_collapse", "collapse.replaced", "linear", lambda right: lambda generations, n: 1 - generations / n / 2
    ),
    Wrong("muon_spectrum", "muon.orthogonalized", "a step fewer", lambda right: lambda x, n=5: right(x, n - 1)),
    Wrong("muon_spectrum", "muon.COEFFICIENTS", "of Newton's cubic iteration", lambda right: (1.5, -0.5, 0.0)),
    Wrong("packed_documents", "packing.mask", "one document", lambda right: lambda ids: right(np.zeros_like(ids))),
    Wrong("pass_hat_k", "evaluation.pass_hat_k", "the naive power", lambda right: lambda n, c, k: (c / n) ** k),
    Wrong("rope_base", "rope_base.wavelengths", "without 2π", lambda right: lambda d, base: right(d, base) / 2 / np.pi),
    Wrong("sink_logit", "sink_logit.totals", "no sink", lambda right: lambda x, keys, sink: np.ones_like(x)),
    Wrong("sparse_reads", "reach.nsa", "no window", lambda right: lambda n: right(n, window=0)),
    Wrong("sparse_reads", "reach.moba", "a block more", lambda right: lambda n: right(n, top=13)),
    Wrong("sparse_reads", "reach.dsa", "half of the tokens", lambda right: lambda n: np.minimum(n // 2, 2048)),
]
