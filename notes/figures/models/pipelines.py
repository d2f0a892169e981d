"""The bubble of a pipeline: Huang et al. 2018 (GPipe), arXiv 1811.06965, section 2.3; Narayanan et al. 2021, arXiv 2104.04473."""


def schedule(stages: int, batches: int) -> list[tuple[int, int, int]]:
    """GPipe's forward pass, every task one unit long: (stage, micro-batch, start). A task waits for the stage below
    and for the one before it on its own stage."""
    ends: dict[tuple[int, int], int] = {}
    tasks = []
    for m in range(batches):
        for k in range(stages):
            start = max(ends.get((k - 1, m), 0), ends.get((k, m - 1), 0))
            ends[k, m] = start + 1
            tasks.append((k, m, start))
    return tasks


def bubble(stages: int, batches: int) -> float:
    """The share of time that a stage idles: (p − 1) / (m + p − 1)."""
    return (stages - 1) / (batches + stages - 1)
