"""Checks the branch coverage of packages, after a run with --cov-branch. Usage: branches.py AT_LEAST PACKAGE...

Lines and branches are counted separately. The percentage of coverage adds both, so covered lines would hide missed branches.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory


def measured() -> dict[str, dict]:
    """Return the counts of coverage by the path of the file."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", report], check=True)
        return {path: file["summary"] for path, file in json.loads(report.read_text())["files"].items()}


def main(at_least: float, packages: list[str]) -> int:
    files, status = measured(), 0
    for package in packages:
        counts = [counted for path, counted in files.items() if Path(path).is_relative_to(Path("deckgen") / package)]
        branches, taken, lines, run = (
            sum(counted[key] for counted in counts)
            for key in ("num_branches", "covered_branches", "num_statements", "covered_lines")
        )
        print(
            f"{package:10} branches {taken:4} of {branches:4} {taken / branches:6.1%}   lines {run:4} of {lines:4} {run / lines:6.1%}"
        )
        if taken < at_least / 100 * branches:
            print(f"{package}: fewer than {at_least:g} % of the branches are taken")
            status = 1
    return status


sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
