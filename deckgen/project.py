"""Read deck.toml. Its values are validated once, and each problem is at its line."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields

from deckgen.command_word import word
from deckgen.conflict import require_merged
from deckgen.deck_folder import FILE as FILE
from deckgen.note_files import linked_folders, note_files, require_no_linked_notes, require_regular
from deckgen.overrides import Override, Rule, matches, override_errors, overrides_of
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project_rules import HIGHLIGHTS, REQUIRED, TEXT, rules_of
from deckgen.tex import macros as tex_macros
from deckgen.toml_file import parse_toml

CHANGELOG = "CHANGELOG.md"
FIGURES = "figures"


class Project(Struct, frozen=True):
    """The values of deck.toml. `root` is the deck's folder.

    `id` is made once. The guids of the notes and the ids of the note types are computed from it. `folders`, `categories` and
    `sections` say what becomes of a note's place. `metadata` are the kinds of metadata of other tools that count. `lint` are
    the lints that the deck chose, None if it chose none. `lock` says that the deck has a lock; the first build sets it.
    `figures` is the folder with the code of the figures, relative to `root`. `translates` is the folder of the deck that this
    deck translates. `media` are further folders with media. `highlight` says what `==text==` is: `mark` or `cloze`. `html`
    says whether fields keep all HTML of the notes ("unsafe").
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
    folders: str = "none"
    categories: str = "tags"
    metadata: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    dialect: str | None = None
    level: int | None = None
    tags: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    math: str = "mathjax"
    macros: Mapping[str, str] = field(default_factory=dict)
    lint: tuple[str, ...] | None = None
    lock: bool = False
    figures: str = FIGURES
    translates: str = ""
    media: tuple[str, ...] = ()
    highlight: str = HIGHLIGHTS[0]
    html: str = "safe"

    @property
    def media_folders(self) -> tuple[Path, ...]:
        """The folders that media may be in, besides the deck's."""
        return tuple(_relative_folder(self.root, name) for name in self.media)

    @property
    def figures_code(self) -> Path:
        """The folder with the code of the figures. If deck.toml does not name it, it may not exist."""
        return _relative_folder(self.root, self.figures)

    @property
    def original(self) -> Path | None:
        """The folder of the deck that this deck translates. None if it is not a translation."""
        return _relative_folder(self.root, self.translates) if self.translates else None

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
        """Whether a pattern of `exclude` matches the path or a folder of the path."""
        return any(matches(pattern, path) for pattern in self.exclude)

    def overriding(self, path: Path) -> list[Override]:
        """The overrides for a file of the deck, in their order. Of two for the same setting the last one counts."""
        inside = path.relative_to(self.root)
        return [each for each in self.overrides if matches(each.files, inside)]


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
        raise DeckError.at(str(root), "no such folder", code="deck-missing", hint="name the folder that has deck.toml")
    try:
        require_regular(path, file)
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DeckError.at(
            str(root), f"no {FILE} in this folder", code="deck-missing", hint=f"deckgen init {word(root)} writes one"
        ) from None
    except UnicodeDecodeError as error:
        raise DeckError.at(file, "is not UTF-8 text", code="file-encoding") from error
    except OSError as error:
        raise DeckError.at(file, f"cannot be read: {error.strerror}", code="file-unreadable") from error
    require_merged(text, file)
    values = parse_toml(text, file, code="deck-toml")
    problems = list(_value_problems(values, text, file, rules_of(dialects, lints)))
    if problems := problems or list(_folder_problems(root, values, text, file)):
        raise DeckError(problems)
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    overrides = overrides_of(values.get("overrides", []))
    return Project(root=root, **{**values, **lists, "overrides": overrides})


def key_line(root: Path, key: str) -> int:
    """Return the line (1-based) of a folder's deck.toml that sets a key, or 1 if no line does."""
    return _line_of((root / FILE).read_bytes().decode("utf-8-sig"), key)


_FOLDERS = ("figures", "translates", "media")

assert set(rules_of((), ())) == {field.name for field in fields(Project)} - {"root"}


def _value_problems(values: dict[str, Any], text: str, file: str, rules: Mapping[str, Rule]) -> Iterator[Problem]:
    for key, value in values.items():
        line = _line_of(text, key)
        if key not in rules:
            known = ", ".join(sorted(rules))
            yield Problem(file, line, 1, Severity.ERROR, "deck-toml", f"unknown key {key}", f"known: {known}")
        elif not rules[key][0](value):
            yield Problem(file, line, 1, Severity.ERROR, "deck-toml", f"{key} is not {rules[key][1]}")
        elif key == "overrides":
            for written, error in override_errors(value, {**rules, "deck": TEXT}):
                yield Problem(file, _line_of_override(text, written), 1, Severity.ERROR, "deck-toml", error)
        elif key == "macros":
            for name, error in tex_macros.macro_errors(value):
                yield Problem(file, _line_of(text, name), 1, Severity.ERROR, "deck-toml", f"the macro {name}: {error}")
    for key in REQUIRED:
        if key not in values:
            yield Problem(file, 1, 1, Severity.ERROR, "deck-toml", f"{key} is missing: {rules[key][1]}")


def _folder_problems(root: Path, values: dict[str, Any], text: str, file: str) -> Iterator[Problem]:
    """Yield a problem for each named folder that is missing, outside of the deck's git repository, or not the deck that it must be."""
    for key in _FOLDERS:
        named = values.get(key, ())
        for name in (named,) if isinstance(named, str) else named:
            if wrong := _folder_error(root, key, name):
                yield Problem(file, _line_of(text, key), 1, Severity.ERROR, "deck-toml", *wrong)


def _folder_error(root: Path, key: str, name: str) -> tuple[str, str] | None:
    """Return the message and the hint for a folder that a key must not name, or None."""
    folder = _relative_folder(root, name)
    if not folder.is_dir():
        return f"{key}: no such folder: {name}", f"it is relative to the folder of {FILE}"
    if not _in_repository(root.resolve(), folder.resolve()):
        return f"{key}: {name} is outside of the deck's git repository", "a clone would lack it"
    if key == "translates" and (not (folder / FILE).is_file() or folder.resolve() == root.resolve()):
        return f"{key}: {name} is not the folder of another deck", f"it must have a {FILE}"
    return None


def _relative_folder(root: Path, folder: str) -> Path:
    """Return a folder relative to `root`, without `..` steps, so that messages show short paths."""
    return Path(os.path.normpath(root / folder))


def _in_repository(root: Path, folder: Path) -> bool:
    """Whether a folder is in the git repository of the deck in `root`. True if the deck is in no repository."""
    top = next((each for each in (root, *root.parents) if (each / ".git").exists()), None)
    return top is None or folder.is_relative_to(top)


def _line_of(text: str, key: str) -> int:
    match = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*[=\].]", text, re.M)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _line_of_override(text: str, pattern: str) -> int:
    """The number of the line that has the pattern of an override, that of `overrides` if none has it."""
    first = _line_of(text, "overrides")
    quoted = (f'"{pattern}"', f"'{pattern}'")
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if n >= first and any(each in line for each in quoted)), first)
