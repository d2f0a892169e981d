"""Requests of different lengths on a fixed number of slots: Yu et al. 2022 (Orca), OSDI, section 3."""


def static(lengths: list[int], slots: int) -> list[tuple[int, int, int]]:
    """Batches of `slots` requests in order of arrival; the next batch waits for the longest of the last.
    (slot, start, length) of each request."""
    out, now = [], 0
    for k in range(0, len(lengths), slots):
        batch = lengths[k : k + slots]
        out += [(slot, now, length) for slot, length in enumerate(batch)]
        now += max(batch)
    return out


def continuous(lengths: list[int], slots: int) -> list[tuple[int, int, int]]:
    """A request enters as soon as a slot is free, at any step."""
    free = [0] * slots
    out = []
    for length in lengths:
        slot = min(range(slots), key=free.__getitem__)
        out.append((slot, free[slot], length))
        free[slot] += length
    return out


def makespan(tasks: list[tuple[int, int, int]]) -> int:
    return max(start + length for _, start, length in tasks)


def utilization(tasks: list[tuple[int, int, int]], slots: int) -> float:
    """The share of slot-steps that produce a token, until the last request is done."""
    return sum(length for _, _, length in tasks) / (slots * makespan(tasks))
