"""Limits the processor time of a program. Unlike its duration, that does not depend on what else the machine does."""

import subprocess
import sys
from collections.abc import Sequence

SECONDS = 60


def _limit_this_process() -> None:
    import resource  # Windows has no such module

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def run_limited(words: Sequence[str], **options) -> subprocess.CompletedProcess[str]:
    """Run a program, and return its status and its outputs. It is killed after a minute of processor time, or after ten minutes."""
    limit = None if sys.platform == "win32" else _limit_this_process
    return subprocess.run(words, capture_output=True, text=True, preexec_fn=limit, timeout=10 * SECONDS, **options)
