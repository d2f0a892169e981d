"""The checks of the deck's figures notice a wrong model: one word of it changed, and the picture is refused."""

from concurrent.futures import Executor
from pathlib import Path

import pytest
from mutated import refusal

MUTATIONS = [
    ("activations", "models/block.py", "math.erf)(x / math.sqrt(2))", "math.erf)(x)"),
    ("activations", "models/block.py", "np.tanh(x / 2)", "np.tanh(x)"),
    ("bm25_saturation", "models/retrieval.py", "1 - b + b * relative_length", "1 + b * relative_length"),
    ("bpe_merges", "models/bpe.py", "counts[pair] += count", "counts[pair] += 1"),
    ("bpe_merges", "models/bpe.py", "for pair in merges:", "for pair in merges[::-1]:"),
    ("cache_work", "models/decoding.py", "cache[number] = (k, v)", "cache[number] = (k[-1:], v[-1:])"),
    ("cache_work", "models/counts.py", "12 * d * d + 2 * n * d", "12 * d * d + n * d"),
    ("cache_work", "models/decoding.py", "len(k) - len(q), dtype", "0, dtype"),
    ("complexity", "models/counts.py", "return 2 * n * n * d", "return n * n * d"),
    ("complexity", "models/counts.py", "return 4 * n * d * d", "return 3 * n * d * d"),
    ("compute_optimal", "models/scaling_laws.py", "budget ** (beta / (alpha + beta))", "budget ** (alpha / (alpha + beta))"),
    ("continuous_batching", "models/batching.py", "min(range(slots)", "max(range(slots)"),
    ("distillation_temperature", "models/distillation.py", "softened(teacher, temperature)) / temperature", "softened(teacher, temperature))"),
    ("dot_and_additive", "models/heads.py", "np.tanh((q @ w)", "np.sinh((q @ w)"),
    ("dpo_weight", "models/preference.py", "return sigmoid(-np", "return sigmoid(np"),
    ("embedding_norms", "models/positions.py", "np.sin(angles), np.cos", "np.sin(angles), np.sin"),
    ("emergence_metric", "models/evaluation.py", "return p**length", "return p / length"),
    ("expert_load", "models/experts.py", "order = chosen.T.ravel()", "order = chosen.ravel()"),
    ("expert_load", "models/experts.py", "rank <= room", "rank < room"),
    ("head_ranks", "models/heads.py", "reshape(len(x), h, -1)", "reshape(len(x), 1, -1)"),
    ("kl_estimators", "models/policy_gradient.py", "np.expm1(log_ratio) - log_ratio", "np.exp(log_ratio) - log_ratio"),
    ("kv_memory", "models/counts.py", "return 2 * s.layers * (kv", "return s.layers * (kv"),
    ("lora_rank", "models/lora.py", "b.T @ whole, whole @ a.T", "b.T @ whole, whole @ a.T / scale"),
    ("low_rank", "models/efficient.py", "/ values.sum()", "/ values.max()"),
    ("mask_shapes", "models/masks.py", "k=-width", "k=1 - width"),
    ("mask_shapes", "models/masks.py", "seen[:, :length] = True", "seen[:length] = True"),
    ("minhash_bands", "models/dedup.py", "similarity**rows", "similarity * rows"),
    ("mixing", "models/block.py", "relu(x @ w[0]) @ w[1]", "relu(x @ w[0]) @ w[1] + x.mean(0)[0]"),
    ("multi_head_maps", "models/heads.py", "heads.swapaxes(0, 1).reshape", "heads.reshape"),
    ("norm_placement", "models/block.py", "layer_norm(x + sublayer(x))", "layer_norm(x) + sublayer(x)"),
    ("norms_leak", "models/block.py", "return standardize(x, -1)", "return standardize(x, (-2, -1))"),
    ("norms_leak", "models/block.py", "tuple(range(x.ndim - 1))", "tuple(range(1, x.ndim - 1))"),
    ("online_softmax", "models/tiled.py", "total * np.exp(top - higher) +", "total +"),
    ("online_softmax", "models/tiled.py", "out = out * shrink", "out = out"),
    ("padding_weights", "models/attention.py", "scores, -np.inf)", "scores, -5)"),
    ("pass_at_k_estimator", "models/evaluation.py", "math.comb(n - c, k) / math.comb(n, k)", "math.comb(n - c, k) / math.comb(n + 1, k)"),
    ("pipeline_bubble", "models/pipelines.py", "/ (batches + stages - 1)", "/ batches"),
    ("quantization_error", "models/quantization.py", "np.rint(x / scale).astype(int), scale", "np.floor(x / scale).astype(int), scale"),
    ("quantization_error", "models/quantization.py", "np.abs(x).max(axis=axis, keepdims=True)", "np.abs(x).max(keepdims=True)"),
    ("random_features", "models/efficient.py", "np.sqrt(random.chisquare(d, (m, 1)))", "np.sqrt(d)"),
    ("random_features", "models/efficient.py", "keepdims=True) / 2", "keepdims=True)"),
    ("rotary_positions", "models/rotary.py", "even * c - odd * s, even * s + odd * c], axis", "even * c + odd * s, even * s + odd * c], axis"),
    ("speculative_tokens", "models/speculative.py", "1 - alpha ** (gamma + 1)", "1 - alpha**gamma"),
    ("speculative_tokens", "models/speculative.py", "np.maximum(0, p - q)", "np.maximum(0, q - p)"),
    ("stack_states", "models/block.py", "return x + sublayer(layer_norm(x))", "return sublayer(layer_norm(x))"),
    ("stretched_rotations", "models/rotary.py", "(turns(d, length) - low) / (high - low)", "(turns(d, length) - low) / high"),
    ("stretched_rotations", "models/rotary.py", "s ** (d / (d - 2))", "s"),
    ("temperature_top_p", "models/sampling.py", "keep[order[before < mass - 1e-12]]", "keep[order[before + p[order] < mass]]"),
    ("tied_projections", "models/heads.py", "return q @ q.T", "return q @ (x @ w_k).T"),
    ("unigram_lattice", "models/subwords.py", "best[i] + math.log(pieces[text[i:j]]) > best[j]", "math.log(pieces[text[i:j]]) > best[j]"),
    ("warmup_schedule", "models/schedules.py", "step * warmup**-1.5", "step * warmup**-1.0"),
    ("wordpiece_score", "models/subwords.py", "(single[pair[0]] * single[pair[1]])", "(single[pair[0]] + single[pair[1]])"),
    ("zero_memory", "models/training_memory.py", "[stage >= 3, stage >= 2, stage >= 1]", "[stage >= 3, stage >= 1, stage >= 1]"),
]


@pytest.mark.parametrize(("figure", "file", "old", "new"), MUTATIONS)
def test_a_check_notices_a_wrong_model(figure: str, file: str, old: str, new: str, tmp_path: Path, workers: Executor) -> None:
    refusal(figure, file, old, new, tmp_path, workers)
