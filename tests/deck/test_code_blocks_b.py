"""The code in the notes 21 to 31: every block is run, prints what its comments say, and agrees with another way to compute it."""

import math
import re

import numpy as np
import pytest
from models import attention, packing, policy_gradient, preference
from note_text import FOLDERS, blocks, run, texts

# Those with code whose tests are in test_code_blocks_a.py and in test_deck_numbers_a.py.
OTHERS = {"code-causal-mha", "code-rmsnorm", "code-gqa-cache", "code-rope", "code-bpe", "code-top-p", "padding-mask"}
WITH_CODE = [note for note in texts() if blocks(note) and note not in OTHERS]


@pytest.fixture(params=FOLDERS)
def language(request):
    """The language of the notes whose code a test runs."""
    return request.param


def the_code(note: str, language: str) -> dict:
    assert len(blocks(note, language)) == 1
    return run(note, language)


def test_notes_with_code_are_found():
    assert {"packing-mask", "dpo-code", "grpo-code"} <= set(WITH_CODE)


@pytest.mark.parametrize("note", WITH_CODE)
def test_every_block_runs_and_prints_what_it_says(note, language, capsys):
    run(note, language)
    said = [line for code in blocks(note, language) for line in re.findall(r"^print\(.*\) *# (.+)$", code, re.M)]
    assert said and capsys.readouterr().out.splitlines() == said


@pytest.mark.parametrize("note", WITH_CODE)
def test_every_block_fits_a_phone(note, language):
    """So many signs of the code's size are as wide as the page."""
    assert max(len(line) for code in blocks(note, language) for line in code.splitlines()) <= 42


def test_packed_documents_are_as_if_alone(language):
    code = the_code("packing-mask", language)["packing"]
    random = np.random.default_rng(2107)
    lengths = [3, 1, 5, 2]
    doc = np.repeat([4, 7, 5, 9], lengths)  # numbers of documents need not rise
    ids = random.integers(0, 100, len(doc))
    mask, pos, y = code(ids, doc)
    assert (mask == packing.mask(doc)).all()
    q, k, v = random.standard_normal((3, len(doc), 4))
    together = attention.attend(q, k, v, mask)[0]
    start = 0
    for length in lengths:
        own = slice(start, start + length)
        alone = attention.attend(q[own], k[own], v[own], np.tri(length, dtype=bool))[0]
        assert together[own] == pytest.approx(alone)
        assert pos[own].tolist() == list(range(length))
        assert y[own].tolist() == [*ids[own][1:].tolist(), -100]
        start += length


def test_dpo_against_probabilities_written_out(language):
    code = the_code("dpo-code", language)
    random = np.random.default_rng(2305)
    batch, length, words, beta = 3, 5, 7, 0.3
    keep = (random.random((2, batch, length)) < 0.6).astype(float)
    y = random.integers(0, words, (2, batch, length))
    logits = 3 * random.standard_normal((2, 2, batch, length, words))  # policy or reference, better or worse
    totals = [[code["seq_logp"](logits[model, side], y[side], keep[side]) for side in range(2)] for model in range(2)]
    losses = []
    for n in range(batch):
        margin = 0.0
        for side, sign in ((0, 1), (1, -1)):
            for t in range(length):
                if keep[side, n, t]:
                    chances = [
                        np.exp(logits[model, side, n, t]) / np.exp(logits[model, side, n, t]).sum()
                        for model in range(2)
                    ]
                    margin += sign * beta * math.log(chances[0][y[side, n, t]] / chances[1][y[side, n, t]])
        losses.append(-math.log(1 / (1 + math.exp(-margin))))
    found = code["dpo_loss"](*totals[0], *totals[1], beta)
    assert found == pytest.approx(np.mean(losses))
    far = np.array([-1e4]), np.array([0.0])
    assert code["dpo_loss"](*far, *(np.zeros(1),) * 2, 1.0) == pytest.approx(
        float(preference.dpo_loss(-1e4))
    )  # no overflow


def grpo_by_hand(logp, old, keep, reward, low, high) -> float:
    """Answer by answer, token by token."""
    advantages = preference.group_advantages(reward)
    parts = []
    for i in range(len(reward)):
        values = [
            float(policy_gradient.clipped(math.exp(logp[i, t] - old[i, t]), advantages[i], low, high))
            for t in range(keep.shape[1])
            if keep[i, t]
        ]
        parts.append(sum(values) / len(values))
    return -sum(parts) / len(parts)


def test_grpo_token_by_token(language):
    loss = the_code("grpo-code", language)["grpo_loss"]
    random = np.random.default_rng(2402)
    keep = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]], dtype=float)
    old = -random.random((3, 4))
    logp = old + 0.4 * random.standard_normal((3, 4))
    reward = np.array([1.0, 0.0, 1.0])
    assert loss(logp, old, keep, reward, 0.2, 0.28) == pytest.approx(
        grpo_by_hand(logp, old, keep, reward, 0.2, 0.28), rel=1e-5
    )


def test_a_loss_of_zero_has_a_gradient(language):
    loss = the_code("grpo-code", language)["grpo_loss"]
    logp, keep, reward = np.full((4, 3), -1.0), np.ones((4, 3)), np.array([1.0, 0, 0, 0])
    assert abs(loss(logp, logp, keep, reward)) < 1e-12
    moved = logp.copy()
    moved[0, 0] += 1e-4
    assert loss(moved, logp, keep, reward) / 1e-4 == pytest.approx(-math.sqrt(3) / 12, rel=1e-3)  # −A/(T·G)
    assert {"zh": "梯度不是 0", "en": "the gradient is not 0"}[language] in texts(language)["grpo-code"]
