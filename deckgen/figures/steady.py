"""What every figure finds the same, wherever it is computed: threads, hash seed, random numbers."""

import random

# Set before the process starts. Sums in another order give other last digits, and sets in another order other pictures.
STEADY = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


def seed() -> None:
    """Start the random numbers that all code shares from 0, for code that takes some without a seed of its own."""
    import numpy

    random.seed(0)
    numpy.random.seed(0)
