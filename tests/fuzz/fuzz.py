"""Fuzz one target with atheris: `python tests/fuzz/fuzz.py TARGET SECONDS`. A finding is written to the current folder as `crash-…`.

Copy a finding into `tests/cases/fuzz/TARGET/`: the suite runs each file there.
"""

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent


def main(name: str, seconds: str) -> None:
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    with atheris.instrument_imports(include=["deckgen", "yaml", "tomllib"]):
        from targets import TARGETS
    corpus = HERE.parents[1] / "build" / "fuzz" / name
    corpus.mkdir(parents=True, exist_ok=True)
    # A text that takes ten seconds is a finding, too.
    options = [
        f"-max_total_time={seconds}",
        "-timeout=10",
        "-max_len=20000",
        "-rss_limit_mb=2000",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus), str(HERE.parent / "cases" / "fuzz" / name)], TARGETS[name])
    atheris.Fuzz()


main(*sys.argv[1:])
