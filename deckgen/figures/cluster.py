"""A Dask cluster as the executor of figures: the extra `dask`."""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial

from deckgen.figures.build import Workers
from deckgen.problems import DeckError

PATIENCE = 5  # seconds


def cluster(address: str) -> Workers:
    """Opens the cluster whose scheduler is at `address` (`tcp://host:port`) when there is something to compute."""
    return partial(connected, address)


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """The cluster's executor. DeckError where it cannot be used. What a cluster computes stays the deck's own."""
    try:
        from distributed import Client
    except ImportError:
        raise DeckError.at(
            address, "dask.distributed is not installed", code="figure-scheduler", hint="pip install distributed"
        ) from None
    for name in ("distributed", "distributed.client"):  # what matters of a lost connection is told figure by figure
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise DeckError.at(address, f"no scheduler answers: {error}", code="figure-scheduler") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise DeckError.at(
                address,
                f"the scheduler has had no workers for {PATIENCE} s",
                code="figure-scheduler",
                hint=f"dask worker {address}",
            ) from None
        with client.get_executor() as executor:
            yield executor
