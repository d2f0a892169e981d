"""Numbers in the newer notes 21 to 31: computed here by another way than the models, then looked up by the note's id, wherever the note says them."""

import math
from fractions import Fraction

import numpy as np
import pytest
from models import collapse, divergences, evaluation, microscaling, muon, packing, quantization
from stated import has_digits, states


def db(x: np.ndarray, y: np.ndarray) -> float:
    return 10 * math.log10((x**2).sum() / ((x - y) ** 2).sum())


# Data


def test_targets_of_the_objectives():
    has_digits("why-clm", "1000", f"{1000 * 15 // 100}", "15")


def test_what_a_filter_keeps():
    good, kept_of_good, kept_of_bad = Fraction(1, 10), Fraction(8, 10), Fraction(5, 100)
    kept = good * kept_of_good + (1 - good) * kept_of_bad
    has_digits(
        "quality-filtering",
        "10",
        "80",
        "5",
        f"{float(100 * kept):.1f}",
        f"{float(100 * good * kept_of_good / kept):.0f}",
    )


def test_a_mixture_by_powers():
    sizes = np.array([99.0, 1.0])
    drawn = sizes**0.3 / (sizes**0.3).sum()
    epochs = drawn / (sizes / sizes.sum())
    has_digits("data-mixture", "99", "0.3", f"{100 * drawn[1]:.0f}", f"{epochs[1] / epochs[0]:.0f}")
    assert 50 + 25 + 17 + 8 == 100
    has_digits("data-mixture", "50", "25", "17", "8")


def test_the_share_of_annealing():
    has_digits("mid-training", "10", f"{100 * 0.1 * 0.3:.0f}")


def test_generations_that_forget():
    random = np.random.default_rng(2305)
    for keep, shown in ((False, "0.37"), (True, "0.98")):
        assert collapse.variances(100, 100, keep, 40000, random)[-1] == pytest.approx(float(shown), abs=0.012)
        has_digits("model-collapse", shown)
    # Sample by sample, on a smaller scale.
    drawn, fitted = np.ones(20000), np.zeros(20000)
    for _ in range(5):
        x = fitted + np.sqrt(drawn) * random.standard_normal((10, 20000))
        fitted, drawn = x.mean(axis=0), x.var(axis=0)
    assert drawn.mean() == pytest.approx(collapse.replaced(5, 10), rel=0.03)
    assert collapse.variances(5, 10, False, 40000, random)[-1] == pytest.approx(collapse.replaced(5, 10), rel=0.03)


# Training


def test_norms_over_devices():
    parts = np.array([3.0, 0.0]), np.array([0.0, 4.0])
    whole = np.linalg.norm(np.concatenate(parts))
    has_digits(
        "gradient-clipping",
        *(f"{np.linalg.norm(part):.0f}" for part in parts),
        f"{whole:.0f}",
        f"{sum(map(np.linalg.norm, parts)):.0f}",
    )
    assert whole != sum(map(np.linalg.norm, parts))


def test_muon():
    s = np.geomspace(0.005, 1, 4001)
    # The iteration on a diagonal matrix, by matrix products, with the norm given back to what it was.
    a, b, c = muon.COEFFICIENTS
    x = np.diag(s[::200])
    for _ in range(5):
        x = a * x + b * x @ x.T @ x + c * (x @ x.T) @ (x @ x.T) @ x
    assert np.diag(x) == pytest.approx(muon.scalar(s[::200]))
    has_digits("muon", *(f"{abs(k):.4f}" for k in (a, b, c)), "0.005", f"{muon.scalar(s).min():.2f}", "1.16")
    assert 1.15 < muon.scalar(s).max() < 1.16


def test_steps_by_width():
    random = np.random.default_rng(2203)
    small, large = (np.mean([muon.change_of_output(width, 0.01, random) for _ in range(300)]) for width in (256, 4096))
    # All inputs push the same way: the sum of |x|, n·E|x|.
    assert small == pytest.approx(0.01 * 256 * math.sqrt(2 / math.pi), rel=0.03)
    assert large / small == pytest.approx(16, rel=0.05)
    has_digits("mup", "256", "4096", f"{4096 // 256}")


def test_a_layout():
    for context, pipeline, data in ((1, 16, 128), (16, 16, 8)):
        assert 8 * context * pipeline * data == 16384
        has_digits("parallel-layout", f"{context}", f"{pipeline}", f"{data}")
    batch = 2**24
    has_digits("parallel-layout", f"{batch / 1e4:.0f}", f"{16384 * 8192 / 1e8:.2f}", f"{16384 * 8192 // batch}")
    each = batch // 8192 // 128
    has_digits("parallel-layout", str(each), f"{100 * 15 / (each + 15):.0f}")


# Quantization


def test_an_example_of_rounding():
    scale = 6.35 / 127
    code = round(1.23 / scale)
    has_digits(
        "quantization-basics",
        "6.35",
        f"{scale:.2f}",
        "1.23",
        f"{code}",
        f"{code * scale:.2f}",
        f"{abs(code * scale - 1.23):.2f}",
    )


def test_four_bit_floats():
    grid = [(1 + m / 2) * 2.0**e for e in range(3) for m in range(2)]
    assert sorted({0.0, 0.5, *grid}) == microscaling.E2M1.tolist()
    has_digits("mxfp4-nvfp4", *(f"{value:g}" for value in microscaling.E2M1))
    x = np.random.default_rng(2310).standard_normal(1 << 20)
    parts = x.reshape(-1, 32)
    scale = np.abs(parts).max(axis=1, keepdims=True) / 7
    restored = (microscaling.mxfp4(x), microscaling.nvfp4(x), (scale * np.rint(parts / scale)).ravel())
    for shown, y in zip((18.8, 20.4, 20.3), restored, strict=True):
        assert db(x, y) == pytest.approx(shown, abs=0.06)
        has_digits("mxfp4-nvfp4", f"{shown}")
    for block in (32, 16):
        has_digits("mxfp4-nvfp4", f"{quantization.bits_per_weight(4, block, 8):g}", f"{block}")
        assert microscaling.bits(block) == (block * 4 + 8) / block


# Fine-tuning


def test_memory_of_lora():
    has_digits("lora-memory", f"{7 * 16}", f"{7 * 2}")


def test_lora_on_all_matrices():
    shapes = [(4096, 4096)] * 4 + [(4096, 11008)] * 3
    count = 32 * sum(16 * (a + b) for a, b in shapes)
    whole = 32 * sum(a * b for a, b in shapes) + 2 * 32000 * 4096
    assert count == pytest.approx(4e7, rel=0.001)
    has_digits("lora-practice", "4000", f"{100 * count / whole:.1f}")


def test_packed():
    has_digits("packing-mask", *map(str, packing.pairs([3, 2, 4])))
    apart, together = packing.pairs([2048] * 4)
    assert together / apart == pytest.approx(4, rel=0.001)


def test_replayed_tokens():
    has_digits("forgetting", "5", f"{1e8 / 0.95 * 0.05 / 1e4:.0f}")


def test_directions_of_the_divergence():
    teacher = divergences.two_peaks()
    valley = np.abs(divergences.GRID) < 0.7
    assert teacher[valley].sum() < 0.02
    for reverse in (False, True):
        mean, deviation = divergences.best_gaussian(teacher, reverse)
        phi = [math.erf((edge - mean) / deviation / math.sqrt(2)) / 2 for edge in (-0.7, 0.7)]
        has_digits("kl-direction", f"{100 * (phi[1] - phi[0]):.0f}")


# Alignment


def test_optima_of_ipo_and_dpo():
    beta, h = 0.1, np.linspace(-80, 80, 160001)
    for p in (0.6, 0.9, 0.99):
        dpo = p * np.logaddexp(0, -beta * h) + (1 - p) * np.logaddexp(0, beta * h)
        ipo = p * (h - 1 / (2 * beta)) ** 2 + (1 - p) * (-h - 1 / (2 * beta)) ** 2
        best = float(h[dpo.argmin()]), float(h[ipo.argmin()])
        assert best == pytest.approx((math.log(p / (1 - p)) / beta, (2 * p - 1) / (2 * beta)), abs=2e-3)
        has_digits("ipo", f"{best[0]:.1f}" if best[0] < 10 else f"{best[0]:.0f}", f"{best[1]:.1f}".removesuffix(".0"))
    has_digits("ipo", f"{1 / (2 * beta):.0f}")


def test_weights_of_kto():
    low, high = 1 * 1000 / 100, 4 / 3 * 1000 / 100
    has_digits("kto", f"{low:.0f}", f"{high:.1f}")


def test_lengths_in_simpo():
    long, short = np.full(50, -1.0), np.full(20, -1.5)
    assert long.sum() < short.sum() and long.mean() > short.mean()
    has_digits("simpo", f"{-long.sum():.0f}", f"{-short.sum():.0f}", f"{-long.mean():.1f}", f"{-short.mean():.1f}")


def test_noise_of_ratios():
    draws = 0.1 * np.random.default_rng(2507).standard_normal((4000, 1000))
    for found, shown in ((draws.std(), 0.1), (draws.sum(axis=1).std(), 3.2), (draws.mean(axis=1).std(), 0.0032)):
        assert found == pytest.approx(shown, rel=0.04)
        has_digits("gspo", f"{shown:g}")


def test_waiting_for_the_longest():
    lengths = [2000] * 15 + [32000]
    has_digits("async-rl", f"{100 * sum(lengths) / (len(lengths) * max(lengths)):.0f}")


def test_rounding_of_logits():
    near = np.array([20.0], np.float32).view(np.uint32)
    step = float((near + np.uint32(0x10000)).view(np.float32)[0]) - 20
    has_digits("train-inference-mismatch", f"{step:g}", f"{100 * (math.exp(step / 2) - 1):.0f}")


# Retrieval, agents


def test_what_reading_all_costs():
    every, some = 1_000_000 * 1000, 5 * 400 * 1000
    states("rag-vs-finetuning", every, some, every // some)


def test_statements_with_support():
    has_digits("rag-faithfulness", f"{4 / 5}")


def test_interfaces():
    has_digits("mcp", f"{10 * 20}", f"{10 + 20}")
    has_digits("tool-calling", f"{50 * 300}")


def test_long_tasks():
    has_digits("agent-long-tasks", f"{0.95**20:.3f}")
    mended = 0.95 + 0.05 * 0.9
    has_digits("agent-long-tasks", f"{mended:.3f}", f"{mended**20:.3f}")
    assert math.log(0.95) / math.log(0.995) == pytest.approx(10, abs=0.3)


def test_tokens_read_again():
    grown, read = 0, 0
    for _ in range(50):
        grown += 2000
        read += grown
    has_digits("agent-memory", f"{read // 10**4}", f"{grown // 10**4}")


def test_attempts_until_one_slips_through():
    has_digits("prompt-injection", f"{100 * evaluation.at_least_one(0.01, 300):.0f}")
    assert evaluation.at_least_one(0.01, 300) == pytest.approx(1 - math.exp(300 * math.log(0.99)))


def test_flawed_tasks():
    audited = 500 * 0.276
    has_digits("swe-bench", f"{audited * 0.594:.0f}", "2294", "500")


def test_all_of_k():
    every = [runs for runs in range(1 << 8) if runs.bit_count() == 4]  # which four of eight runs are looked at
    right = (1 << 6) - 1  # six of them succeeded
    share = sum(runs & right == runs for runs in every) / len(every)
    assert evaluation.pass_hat_k(8, 6, 4) == pytest.approx(share)
    has_digits("pass-hat-k", f"{share:.3f}", f"{(6 / 8) ** 4:.3f}", f"{100 * 0.61**8:.1f}")
