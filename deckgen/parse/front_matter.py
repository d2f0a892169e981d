"""The front matter of a note file: read as a mapping, or what is wrong with it."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any

from deckgen.lazy_imports import imported_lazily
from deckgen.lazy_patterns import lazy_pattern
from deckgen.nesting import children_of, excess, has_long_number
from deckgen.parse.question import is_question
from deckgen.problems import DeckError
from deckgen.scan import Scan, Span, SpanKind
from deckgen.toml_file import reason_and_place

with imported_lazily("yaml"):  # most files have no front matter, so `yaml_values` is imported in functions
    import yaml

_COMMENT = lazy_pattern(r"#{2,6}[ \t]++(.+?)(?:(?<![ \t])[ \t]++)?$", re.M)
# The labels of questions and answers, as a block of AnkiOps or hashcards between two rules begins with them.
_NOTE_LABELS = {"Q", "A", "C", "T", "F", "B"}
_UNCLOSED = lazy_pattern(r"---[ \t]*\n[A-Za-z_][\w-]*:(?:[ \t]|\n|\Z)|\+{3}[ \t]*\n[A-Za-z_][\w-]*[ \t]*=")
# A section of inka, which stands between rules too. In YAML no line begins with `>`.
_NUMBERED_WITH_QUOTE = lazy_pattern(r"^\d+\. .*\n(?:.*\n)*?>", re.M)
_CLOSE = "close it with a line %s above the notes; if it is a rule, leave a blank line below it"


def read_front_matter(source: str, front: Span | None, file: str) -> dict[str, Any] | None:
    """The front matter of a source as a mapping, an empty one where there is none; None where the block is none after all.

    It is none if it is no mapping, if its keys are the labels of a note (`Q:`, `A:`), or if it cannot be read and a blank line is below
    the first rule. Raises DeckError at the line of what cannot be read, and where it is never closed.
    """
    if front is None:
        if _UNCLOSED.match(source):
            raise _never_closed(file, source[:3])
        return {}
    mark, *lines, _ = source[: front.end].split("\n")
    body = "\n".join(lines)
    if _NUMBERED_WITH_QUOTE.search(body):
        return None
    try:
        meta = _parse_yaml_or_toml(mark.strip(), body, file)
    except DeckError:
        if lines and lines[0].strip():
            raise
        return None
    if not isinstance(meta, dict):
        return None if body.strip() else {}
    if _NOTE_LABELS & meta.keys():
        return None
    if _holds_a_question(body):
        raise _never_closed(file, mark.strip())
    if any("\ud800" <= char <= "\udfff" for char in _texts_of(meta)):
        raise DeckError.at(file, "front matter holds half a character (a surrogate)", code="front-matter", line=1)
    return meta


def key_line(source: str, found: Scan, path: Sequence[str]) -> int:
    """The line of the front matter that sets a key, 1 where none does. `path` are the names of the mappings around the key, and its own."""
    front = next((span for span in found.spans if span.kind is SpanKind.FRONT_MATTER), None)
    if front is None:
        return 1
    mark, *lines, _ = source[: front.end].split("\n")
    if mark.strip() == "+++" or is_toml_between_rules(source, found):
        setting = re.compile(rf"[ \t\[]*(?:[\w\"'-]+\.)*[\"']?{re.escape(path[-1])}[\"']?[ \t]*[=\].]")
        return next((n for n, line in enumerate(lines, 2) if setting.match(line)), 1)
    from deckgen.parse.yaml_values import pairs_of

    node, at = yaml.compose("\n".join(lines), Loader=yaml.SafeLoader), 1
    for name in path:
        # Of a key that is written twice, the last one counts.
        pairs = [(key, value) for key, value in pairs_of(node) if key.value == name]
        if not pairs:
            break
        key, node = pairs[-1]
        at = key.start_mark.line + 2
    return at


def is_toml_between_rules(source: str, found: Scan) -> bool:
    """Whether the front matter is TOML between `---` lines, as hashcards writes it."""
    front = next((span for span in found.spans if span.kind is SpanKind.FRONT_MATTER), None)
    if front is None or not source.startswith("---"):
        return False
    return _is_toml("\n".join(source[: front.end].split("\n")[1:-1]))


def _is_toml(body: str) -> bool:
    """Whether a text is TOML with keys. No line `key: value` of YAML is."""
    try:
        return bool(tomllib.loads(body))
    except tomllib.TOMLDecodeError:
        return False


def _parse_yaml_or_toml(mark: str, body: str, file: str) -> object:
    from deckgen.parse.yaml_values import load_yaml, reason_of

    hint = _CLOSE % mark if _holds_a_question(body) else ""
    try:
        meta = tomllib.loads(body) if mark == "+++" or _is_toml(body) else load_yaml(body)
    except yaml.MarkedYAMLError as error:
        line, column = (error.problem_mark.line, error.problem_mark.column) if error.problem_mark else (-1, 0)
        message = f"front matter is not YAML: {error.problem}"
        # The first line of the file is the mark above the YAML, whose lines and columns begin with 0.
        raise DeckError.at(file, message, code="front-matter", line=line + 2, column=column + 1, hint=hint) from error
    except tomllib.TOMLDecodeError as error:
        reason, line, column = reason_and_place(error, body)
        message = f"front matter is not TOML: {reason}"
        # The first line of the file is the mark above the TOML.
        raise DeckError.at(file, message, code="front-matter", line=line + 1, column=column, hint=hint) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        kind = "TOML" if mark == "+++" else "YAML"
        message = f"front matter is not {kind}: {reason_of(error)}"
        raise DeckError.at(file, message, code="front-matter", line=1, hint=hint) from error
    except RecursionError as error:
        raise DeckError.at(file, "front matter is nested too deeply", code="front-matter", line=1) from error
    _require_small(meta, file)
    return meta


def _require_small(meta: object, file: str) -> None:
    wrong = excess(meta, children_of) or ("has a number with too many digits" if has_long_number(meta) else "")
    if wrong:
        raise DeckError.at(file, f"front matter {wrong}", code="front-matter", line=1)


def _never_closed(file: str, mark: str) -> DeckError:
    return DeckError.at(file, "the front matter is never closed", code="front-matter", line=1, hint=_CLOSE % mark)


def _holds_a_question(body: str) -> bool:
    """Whether a heading that asks stands in it: a rule between two notes was taken for its end.

    To YAML and TOML a heading is a comment.
    """
    return any(is_question(match[1]) for match in _COMMENT.finditer(body))


def _texts_of(value: object) -> str:
    """All texts of a mapping, one after another."""
    if isinstance(value, dict):
        return "".join(_texts_of(part) for pair in value.items() for part in pair)
    return "".join(map(_texts_of, value)) if isinstance(value, list) else str(value)
