"""The stages of a build in their order: read → render and lint → identify → pack → write. Each stage is a module."""

from deckgen.build_result import BuildResult
from deckgen.pipeline.build import build
from deckgen.pipeline.check import CheckResult, check
from deckgen.pipeline.draft import Draft, draft, lock_path, rendered_notes
from deckgen.pipeline.strict import warnings_as_errors

__all__ = [
    "BuildResult",
    "CheckResult",
    "Draft",
    "build",
    "check",
    "draft",
    "lock_path",
    "rendered_notes",
    "warnings_as_errors",
]
