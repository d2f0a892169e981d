"""Opens a Dask cluster as the executor of figures. Needs the extra `dask`."""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial

from deckgen.doctor.install import library_command
from deckgen.figures.build import Workers
from deckgen.problems import DeckError

CONNECT_SECONDS = 5  # seconds


def cluster_workers(address: str) -> Workers:
    """Return a function that opens the cluster with the scheduler at `address` (`tcp://host:port`)."""
    return partial(open_cluster, address)


@contextmanager
def open_cluster(address: str) -> Iterator[Executor]:
    """Open the executor of the cluster. Raises DeckError if the cluster cannot be used."""
    try:
        from distributed import Client
    except ImportError:
        message, hint = "dask.distributed is not installed", library_command(["distributed"])
        raise DeckError.at(address, message, code="figure-scheduler", hint=hint) from None
    for name in ("distributed", "distributed.client"):  # each figure reports a lost connection itself
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise DeckError.at(address, f"no scheduler answers: {error}", code="figure-scheduler") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise DeckError.at(
                address,
                f"the scheduler has had no workers for {CONNECT_SECONDS} s",
                code="figure-scheduler",
                hint=f"dask worker {address}",
            ) from None
        with client.get_executor() as executor:  # type: ignore[no-untyped-call]
            yield executor
