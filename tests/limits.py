"""Limits the processor time of a process. Unlike a timeout, it does not depend on what else the machine does."""

import resource
import subprocess
from collections.abc import Sequence

SECONDS = 60


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def run_limited(words: Sequence[str], **options) -> subprocess.CompletedProcess[str]:
    """Run a program, and return its result and its output. The system kills it after a minute of processor time."""
    return subprocess.run(words, capture_output=True, text=True, preexec_fn=_limit, **options)
