"""Read deck.toml. Its values are validated once, and each problem is at its line."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from semver import Version

from deckgen.commonmark import is_self_contained
from deckgen.conflict import require_merged
from deckgen.note_files import linked_folders, note_files, require_no_linked_notes, require_regular
from deckgen.problems import DeckError, Problem, Severity
from deckgen.tex import macros as tex_macros
from deckgen.toml_file import parse_toml
from deckgen.translations import TRANSLATIONS

FILE = "deck.toml"
CHANGELOG = "CHANGELOG.md"
FIGURES = "figures"
# The version is part of file names, which have at most 255 bytes.
_LONGEST_VERSION = 100
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\]+")


@dataclass(frozen=True, slots=True)
class Project:
    """The values of deck.toml. `root` is the deck's folder.

    `id` is made once. The guids of the notes and the ids of the note types are computed from it. `lint` are the lints that
    the deck chose, None if it chose none. `lock` says that the deck has a lock; the first build sets it. `figures` is the
    folder with the code of the figures, relative to `root`. `html` says whether fields keep all HTML of the notes ("unsafe").
    """

    root: Path
    id: str
    name: str
    slug: str
    version: str
    author: str = ""
    license: str = ""
    homepage: str = ""
    description: str = ""
    language: str = "en"
    base_url: str = ""
    sections: str = "tags"
    dialect: str | None = None
    level: int | None = None
    tags: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    math: str = "mathjax"
    macros: Mapping[str, str] = field(default_factory=dict)
    lint: tuple[str, ...] | None = None
    lock: bool = False
    figures: str = FIGURES
    html: str = "safe"

    @property
    def figures_code(self) -> Path:
        """The folder with the code of the figures. If deck.toml does not name it, it may not exist."""
        return _figures_folder(self.root, self.figures)

    @property
    def frozen(self) -> Path:
        """The folder with the frozen pictures of this deck. It is always in the deck's own folder."""
        return self.root / FIGURES / "frozen"

    @property
    def mathml(self) -> bool:
        """Whether formulas become MathML."""
        return self.math == "mathml"

    def files(self) -> list[Path]:
        """Return the note files in reading order, without the files of `exclude` and the changelog of releases.

        Raises DeckError if there are no note files, or if notes are in a folder that is a symbolic link.
        """
        require_no_linked_notes(
            [path for path in linked_folders(self.root) if not self._excludes(path.relative_to(self.root))]
        )
        found = ((path, path.relative_to(self.root)) for path in note_files(self.root))
        files = [path for path, inside in found if inside != Path(CHANGELOG) and not self._excludes(inside)]
        if not files:
            raise DeckError.at(
                str(self.root),
                "all note files (*.md) in this folder are excluded",
                code="deck-empty",
                hint=f"exclude in {FILE} has patterns of files that are not notes",
            )
        return files

    def _excludes(self, path: Path) -> bool:
        """Whether a pattern of `exclude` matches the path or a folder of the path.

        As in .gitignore, a pattern without a slash matches in every folder. A slash at the end of a pattern does not count.
        """
        places = [place for place in (path, *path.parents) if place.name]
        return any(
            fnmatchcase(place.as_posix() if "/" in pattern.rstrip("/") else place.name, pattern.strip("/"))
            for pattern in self.exclude
            for place in places
        )


def deck_name(text: str) -> str:
    """Return the full name of a deck as Anki stores it: in Unicode form NFC, without spaces around parts and empty parts."""
    return "::".join(part.strip() for part in unicodedata.normalize("NFC", text).split("::") if part.strip())


def load_project(root: Path, dialects: Sequence[str], lints: Sequence[str]) -> Project:
    """Return the project of a folder. `dialects` and `lints` are the names that deck.toml may use.

    Raises DeckError if there is no such folder or no deck.toml, or if deck.toml has wrong values.
    """
    path = root / FILE
    file = str(path)
    if not root.is_dir():
        raise DeckError.at(str(root), "no such folder", code="deck-missing")
    try:
        require_regular(path, file)
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DeckError.at(
            str(root), f"no {FILE} in this folder", code="deck-missing", hint=f"deckgen init {root} writes one"
        ) from None
    except UnicodeDecodeError as error:
        raise DeckError.at(file, "is not UTF-8 text", code="file-encoding") from error
    except OSError as error:
        raise DeckError.at(file, f"cannot be read: {error.strerror}", code="file-unreadable") from error
    require_merged(text, file)
    values = parse_toml(text, file, code="deck-toml")
    problems = list(_value_problems(values, text, file, _rules(dialects, lints)))
    if problems := problems or list(_folder_problems(root, values, text, file)):
        raise DeckError(problems)
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Project(root=root, **{**values, **lists})


def key_line(root: Path, key: str) -> int:
    """Return the line (1-based) of a folder's deck.toml that sets a key, or 1 if no line does."""
    return _line_of((root / FILE).read_bytes().decode("utf-8-sig"), key)


def is_version(text: str) -> bool:
    """Whether a text is a semantic version of at most 100 characters, without build metadata: `1.4.0`, `2.0.0-rc.1`."""
    return len(text) <= _LONGEST_VERSION and Version.is_valid(text) and "+" not in text


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


Rule = tuple[Callable[[Any], bool], str]
"""A function that says whether a value is right, and a description of right values."""

_RULES: dict[str, Rule] = {
    "id": (lambda v: _is_text(v) and bool(v.strip()), "a text that is not empty"),
    "name": (lambda v: _is_text(v) and bool(v.strip()) and '"' not in v, 'a text that is not empty, without "'),
    "slug": (
        lambda v: _is_text(v) and bool(_SLUG.fullmatch(v)) and v not in ("collection", "backup"),
        "lower-case letters, digits, - and _, and neither collection nor backup",
    ),
    "version": (lambda v: _is_text(v) and is_version(v), 'a version like "1.4.0"'),
    "sections": (lambda v: v in ("tags", "decks", "none"), "one of tags, decks, none"),
    "level": (lambda v: type(v) is int and 1 <= v <= 6, "a number from 1 to 6"),
    "tags": (
        lambda v: (
            _is_text_list(v) and not any(t.lower() in ("marked", "leech") or not re.fullmatch(r'[^\s"]+', t) for t in v)
        ),
        "a list of tags: no spaces or quotes in them, and none of Anki's own marked and leech",
    ),
    "exclude": (_is_text_list, "a list of patterns"),
    "html": (lambda v: v in ("safe", "unsafe"), "one of safe, unsafe"),
    "math": (lambda v: v in ("mathjax", "mathml"), "one of mathjax, mathml"),
    "macros": (
        lambda v: isinstance(v, dict) and all(map(_is_text, v.values())),
        "a table of names and their TeX, as texts",
    ),
    "figures": (
        lambda v: _is_text(v) and bool(v.strip()) and not PurePosixPath(v).is_absolute() and "\\" not in v,
        "a folder, relative to the deck's folder, with /",
    ),
    "lock": (lambda v: v is True, "true (without a lock leave the line out)"),
    "description": (lambda v: _is_text(v) and is_self_contained(v), "Markdown without HTML and with all blocks closed"),
    "homepage": (lambda v: _is_text(v) and (not v or bool(_ADDRESS.fullmatch(v))), "a web address (https://…)"),
    "language": (lambda v: _is_text(v) and v in TRANSLATIONS, f"one of {', '.join(TRANSLATIONS)}"),
    **dict.fromkeys(("author", "license", "base_url"), (_is_text, "a text")),
}
_REQUIRED = ("id", "name", "slug", "version")


def _rules(dialects: Sequence[str], lints: Sequence[str]) -> dict[str, Rule]:
    """Return the rules of all keys of deck.toml."""
    return {
        **_RULES,
        "dialect": (lambda v: v in dialects, f"one of {', '.join(dialects)}"),
        "lint": (lambda v: _is_text_list(v) and set(v) <= set(lints), f"a list of lints: {', '.join(lints)}"),
    }


assert set(_rules((), ())) == {field.name for field in fields(Project)} - {"root"}


def _value_problems(values: dict[str, Any], text: str, file: str, rules: Mapping[str, Rule]) -> Iterator[Problem]:
    for key, value in values.items():
        line = _line_of(text, key)
        if key not in rules:
            known = ", ".join(sorted(rules))
            yield Problem(file, line, 1, Severity.ERROR, "deck-toml", f"unknown key {key}", f"known: {known}")
        elif not rules[key][0](value):
            yield Problem(file, line, 1, Severity.ERROR, "deck-toml", f"{key} is not {rules[key][1]}")
        elif key == "macros":
            for name, error in tex_macros.macro_errors(value):
                yield Problem(file, _line_of(text, name), 1, Severity.ERROR, "deck-toml", f"the macro {name}: {error}")
    for key in _REQUIRED:
        if key not in values:
            yield Problem(file, 1, 1, Severity.ERROR, "deck-toml", f"{key} is missing: {rules[key][1]}")


def _folder_problems(root: Path, values: dict[str, Any], text: str, file: str) -> Iterator[Problem]:
    """Yield a problem if the folder of `figures` is missing, or if it is outside of the deck's git repository."""
    if "figures" not in values:
        return
    folder = _figures_folder(root, values["figures"])
    if not folder.is_dir():
        message, hint = f"figures: no such folder: {values['figures']}", f"it is relative to the folder of {FILE}"
    elif not _in_repository(root.resolve(), folder.resolve()):
        message, hint = f"figures: {values['figures']} is outside of the deck's git repository", "a clone would lack it"
    else:
        return
    yield Problem(file, _line_of(text, "figures"), 1, Severity.ERROR, "deck-toml", message, hint)


def _figures_folder(root: Path, figures: str) -> Path:
    """Return the folder of the figures, without `..` steps, so that messages show short paths."""
    return Path(os.path.normpath(root / figures))


def _in_repository(root: Path, folder: Path) -> bool:
    """Whether a folder is in the git repository of the deck in `root`. True if the deck is in no repository."""
    top = next((each for each in (root, *root.parents) if (each / ".git").exists()), None)
    return top is None or folder.is_relative_to(top)


def _line_of(text: str, key: str) -> int:
    match = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*[=\].]", text, re.M)
    return text.count("\n", 0, match.start()) + 1 if match else 1
