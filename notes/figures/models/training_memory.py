"""Where the memory of training goes: Rajbhandari et al. 2019 (ZeRO), arXiv 1910.02054, sections 3.1 and 5; activations
as Korthikanti et al. 2022, arXiv 2205.05198, section 4.1."""

# Bytes a parameter in mixed precision with Adam: fp16 weights, fp16 gradients; fp32 weights, momentum and variance.
WEIGHTS, GRADIENTS, OPTIMIZER = 2, 2, 4 + 4 + 4

STAGES = ("数据并行", "ZeRO-1", "ZeRO-2", "ZeRO-3")


def shares(parameters: float, devices: int, stage: int) -> tuple[float, float, float]:
    """Bytes of weights, gradients and optimizer state on one device. Stage 1 cuts the last among the devices, stage 2
    the last two, stage 3 all three."""
    cut = [stage >= 3, stage >= 2, stage >= 1]
    sizes = (WEIGHTS, GRADIENTS, OPTIMIZER)
    weights, gradients, optimizer = (parameters * size / (devices if c else 1) for size, c in zip(sizes, cut, strict=True))
    return weights, gradients, optimizer


def activation_bytes(s: int, b: int, h: int, a: int) -> tuple[int, int]:
    """Bytes that one layer keeps for the backward pass at 16 bits: 34·sbh outside of attention's n×n part, 5·as²b in it."""
    return 34 * s * b * h, 5 * a * s * s * b


def sliced_activations(devices: int, along_sequence: bool) -> float:
    """The 34 of `activation_bytes` on one of so many tensor-parallel devices: the inputs and masks outside of the split
    matrix products, 10, stay whole unless they are cut along the sequence."""
    return 34 / devices if along_sequence else 10 + 24 / devices
