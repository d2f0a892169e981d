"""Runs the scripts of a GitHub workflow as GitHub's runner does, with its shell, folders, files and variables.

Steps with `uses` are not run. Expressions are not evaluated; the scripts contain none.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

_SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")


@dataclass
class Runner:
    """A runner. `place` is the folder of the checked-out repository, `home` the folder of the runner's files."""

    place: Path
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        for folder in (self.home, self.home / "temp"):
            folder.mkdir(exist_ok=True)
        for name in ("summary", "output"):
            (self.home / name).touch()

    @property
    def temp(self) -> Path:
        return self.home / "temp"

    @property
    def summary(self) -> str:
        return (self.home / "summary").read_text()

    @property
    def output(self) -> dict[str, str]:
        """The outputs that steps have set."""
        return dict(line.split("=", 1) for line in (self.home / "output").read_text().splitlines())

    def run(self, workflow: Path, job: str, *names: str) -> list[subprocess.CompletedProcess]:
        """Run the named steps of a job up to the first that fails, and return their results."""
        content = yaml.safe_load(workflow.read_text())
        steps = {step.get("name"): step for step in content["jobs"][job]["steps"]}
        done = []
        for name in names:
            done.append(self._step(steps[name], content["env"]))
            if done[-1].returncode:
                break
        return done

    def _step(self, step: Mapping, variables: Mapping[str, str]) -> subprocess.CompletedProcess:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "GITHUB_OUTPUT": str(self.home / "output"),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_WORKSPACE": str(self.place),
            **self.environment,
            **variables,
            **step.get("env", {}),
        }
        return subprocess.run(
            [*_SHELL, step["run"]],
            cwd=self.place / step.get("working-directory", "."),
            env=environment,
            capture_output=True,
            text=True,
        )
