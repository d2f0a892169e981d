"""The checks of the figures from tokenizers to retrieval notice a wrong model: one word of it changed, and the picture is refused."""

from concurrent.futures import Executor
from pathlib import Path

import pytest
from mutated import refusal

MUTATIONS = [
    ("bm25_saturation", "models/retrieval.py", "1 - b + b * relative_length", "1 + b * relative_length"),
    ("bpe_merges", "models/bpe.py", "counts[pair] += count", "counts[pair] += 1"),
    ("bpe_merges", "models/bpe.py", "for pair in merges:", "for pair in merges[::-1]:"),
    ("compute_optimal", "models/scaling_laws.py", "budget ** (beta / (alpha + beta))", "budget ** (alpha / (alpha + beta))"),
    ("continuous_batching", "models/batching.py", "min(range(slots)", "max(range(slots)"),
    ("distillation_temperature", "models/distillation.py", "softened(teacher, temperature)) / temperature", "softened(teacher, temperature))"),
    ("dpo_weight", "models/preference.py", "return sigmoid(-np", "return sigmoid(np"),
    ("emergence_metric", "models/evaluation.py", "return p**length", "return p / length"),
    ("lora_rank", "models/lora.py", "b.T @ whole, whole @ a.T", "b.T @ whole, whole @ a.T / scale"),
    ("pass_at_k_estimator", "models/evaluation.py", "math.comb(n - c, k) / math.comb(n, k)", "math.comb(n - c, k) / math.comb(n + 1, k)"),
    ("pipeline_bubble", "models/pipelines.py", "/ (batches + stages - 1)", "/ batches"),
    ("quantization_error", "models/quantization.py", "np.rint(x / scale).astype(int), scale", "np.floor(x / scale).astype(int), scale"),
    ("quantization_error", "models/quantization.py", "np.abs(x).max(axis=axis, keepdims=True)", "np.abs(x).max(keepdims=True)"),
    ("speculative_tokens", "models/speculative.py", "1 - alpha ** (gamma + 1)", "1 - alpha**gamma"),
    ("speculative_tokens", "models/speculative.py", "np.maximum(0, p - q)", "np.maximum(0, q - p)"),
    ("temperature_top_p", "models/sampling.py", "keep[order[before < mass - 1e-12]]", "keep[order[before + p[order] < mass]]"),
    ("unigram_lattice", "models/subwords.py", "best[i] + math.log(pieces[text[i:j]]) > best[j]", "math.log(pieces[text[i:j]]) > best[j]"),
    ("warmup_schedule", "models/schedules.py", "step * warmup**-1.5", "step * warmup**-1.0"),
    ("wordpiece_score", "models/subwords.py", "(single[pair[0]] * single[pair[1]])", "(single[pair[0]] + single[pair[1]])"),
    ("zero_memory", "models/training_memory.py", "[stage >= 3, stage >= 2, stage >= 1]", "[stage >= 3, stage >= 1, stage >= 1]"),
]


@pytest.mark.parametrize(("figure", "file", "old", "new"), MUTATIONS)
def test_a_check_notices_a_wrong_model(figure: str, file: str, old: str, new: str, tmp_path: Path, workers: Executor) -> None:
    refusal(figure, file, old, new, tmp_path, workers)
