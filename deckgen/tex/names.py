"""The commands and environments that Anki knows: those of math-core, corrected by commands.toml."""

import tomllib
from functools import cache
from pathlib import Path

from math_core import LatexError, LatexToMathML

_DATA = tomllib.loads(Path(__file__).with_name("commands.toml").read_text("utf-8"))
_ONLY_IN_ANKI = {kind: frozenset(names.split()) for kind, names in _DATA["only_in_anki"].items()}
_NOT_IN_ANKI = frozenset(_DATA["not_in_anki"].split())
_NOT_IN_ANKI_ENVIRONMENTS = frozenset(_DATA["not_in_anki_environments"].split())
_COMMANDS = _ONLY_IN_ANKI.keys() - {"tables", "unchecked_environments"}
_KIND = {name: kind for kind in _COMMANDS for name in _ONLY_IN_ANKI[kind]}
_CORE = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)

INSTEAD: dict[str, str] = _DATA["instead"]
"""A command that Anki does not know → what to write instead."""


def anki_only_kind(command: str) -> str | None:
    """Return the name of the list under `only_in_anki` in commands.toml that has the command, or None."""
    return _KIND.get(command)


@cache
def is_known_command(command: str) -> bool:
    """Whether Anki knows a command. The name has no backslash."""
    return command not in _NOT_IN_ANKI and (
        command in _KIND or not core_error_message(rf"\{command} ").startswith("Unknown command")
    )


@cache
def is_known_environment(name: str) -> bool:
    """Whether Anki knows an environment."""
    if name in _NOT_IN_ANKI_ENVIRONMENTS:
        return False
    return (
        is_table(name)
        or is_unchecked(name)
        or not core_error_message(rf"\begin{{{name}}}").startswith("Unknown environment")
    )


def is_table(environment: str) -> bool:
    """Whether an environment has columns."""
    return environment in _ONLY_IN_ANKI["tables"]


def is_unchecked(environment: str) -> bool:
    """Whether the content of an environment cannot be checked."""
    return environment in _ONLY_IN_ANKI["unchecked_environments"]


def first_core_error(tex: str) -> tuple[int, str] | None:
    """Return offset and message of the first thing that math-core cannot read, or None."""
    try:
        _CORE.convert_with_local_state(tex, displaystyle=True)
    except LatexError as error:
        offset, _, message = str(error).partition(": ")
        return int(offset), message
    return None


def core_error_message(tex: str) -> str:
    """Return the message of the first thing that math-core cannot read, or an empty text."""
    error = first_core_error(tex)
    return error[1] if error else ""
