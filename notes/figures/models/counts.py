"""How many weights, multiply-adds and bytes: formulas over the shape of a model."""

from dataclasses import dataclass

KIB, MIB, GIB = 2**10, 2**20, 2**30


@dataclass(frozen=True)
class Shape:
    """A decoder: `kv_heads` key-value heads, `matrices` in an expert's FFN (3 when gated), `experts` of which `active` run."""

    layers: int
    d: int
    heads: int
    kv_heads: int
    d_head: int
    d_ff: int
    vocabulary: int
    matrices: int = 3
    experts: int = 1
    active: int = 1


LLAMA_7B = Shape(32, 4096, 32, 32, 128, 11008, 32000)
LLAMA_2_70B = Shape(80, 8192, 64, 8, 128, 28672, 32000)
MIXTRAL = Shape(32, 4096, 32, 8, 128, 14336, 32000, experts=8, active=2)


def attention_weights(s: Shape) -> int:
    return s.d * s.d_head * (2 * s.heads + 2 * s.kv_heads)


def expert_weights(s: Shape) -> int:
    return s.matrices * s.d * s.d_ff


def weights(s: Shape, active: bool = False) -> int:
    """All weights, or those that one token meets: embedding, output, layers with two RMSNorms, router, last RMSNorm."""
    router = s.d * s.experts if s.experts > 1 else 0
    layer = attention_weights(s) + (s.active if active else s.experts) * expert_weights(s) + router + 2 * s.d
    return 2 * s.vocabulary * s.d + s.layers * layer + s.d


def kv_bytes(s: Shape, tokens: int = 1, size: int = 2, kv_heads: int | None = None) -> int:
    """Keys and values of all layers for so many tokens; `size` bytes a number."""
    return 2 * s.layers * (kv_heads or s.kv_heads) * s.d_head * tokens * size


def latent_bytes(layers: int, latent: int, rotary: int, tokens: int = 1, size: int = 2) -> int:
    """What DeepSeek-V2 keeps of a token instead of keys and values: arXiv 2405.04434, section 2.1."""
    return layers * (latent + rotary) * tokens * size


def encoder_layer(d: int, d_ff: int) -> int:
    """Weights of an original encoder layer: four projections and the FFN, all with biases, and two LayerNorms."""
    return 4 * (d * d + d) + ffn_layer(d, d_ff) + 4 * d


def decoder_layer(d: int, d_ff: int) -> int:
    """The same with a second attention and a third LayerNorm."""
    return 8 * (d * d + d) + ffn_layer(d, d_ff) + 6 * d


def ffn_layer(d: int, d_ff: int) -> int:
    return 2 * d * d_ff + d_ff + d


def transformer(d: int = 512, d_ff: int = 2048, layers: int = 6, vocabulary: int = 37000) -> int:
    """The original encoder and decoder with one embedding matrix for input, output and logits."""
    return layers * (encoder_layer(d, d_ff) + decoder_layer(d, d_ff)) + vocabulary * d


def projections_macs(n: int, d: int) -> int:
    return 4 * n * d * d


def scores_macs(n: int, d: int) -> int:
    """QKᵀ and weights times V, all heads together, no causal mask."""
    return 2 * n * n * d


def ffn_macs(n: int, d: int) -> int:
    return 8 * n * d * d


def layer_macs(n: int, d: int) -> int:
    """Multiply-adds of one layer over n tokens, d_ff = 4d."""
    return projections_macs(n, d) + scores_macs(n, d) + ffn_macs(n, d)


def step_macs(n: int, d: int) -> int:
    """Multiply-adds of one layer for token number n when the keys and values of the others are kept."""
    return 12 * d * d + 2 * n * d


def score_share(n: int, d: int) -> float:
    """The part of a layer's multiply-adds that is quadratic in n."""
    return n / (n + 6 * d)
