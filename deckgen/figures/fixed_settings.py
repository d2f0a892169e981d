"""Settings that are the same for all figures on all machines: threads, hash seed, random numbers."""

import random

# Set before the process starts. Another order of a sum gives other last digits. Another order of a set gives other pictures.
FIXED_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


def seed_random_numbers() -> None:
    """Seed the global random number generators with 0, for code that does not use its own seed."""
    import numpy

    random.seed(0)
    numpy.random.seed(0)
