"""Run the case files of releases. The input is a deck on several days; the output is the last release and the changelog."""

import pytest
from author import DAY, NOW, TOML, Author, new_author
from case_files import cases

from deckgen.problems import DeckError


def write(author: Author, text: str, day: int) -> None:
    """Write the deck of a day. Each line is a note, `NAME: ANSWER`. A line `! LINE` is added to deck.toml."""
    lines = text.splitlines()
    author.deck.joinpath("deck.toml").write_text(
        author.toml() + "".join(f"{line[2:]}\n" for line in lines if line.startswith("! "))
    )
    author.write(dict(line.split(": ", 1) for line in lines if not line.startswith("! ")), day)


def stamped(author: Author, version: str, part: str = "") -> list[str]:
    """A line for each note of a package, with the day of its time of change."""
    return [f"{name}: stamped on day {(note.mod - NOW) / DAY:g}" for name, note in author.packed(version, part).items()]


@pytest.mark.parametrize("case", cases("cases/release/days.md"), indirect=True)
def test_releases_of_a_deck_on_several_days(case, tmp_path):
    """Each part is a day. `=== release VERSION` writes its notes and releases them; `=== build` only builds them."""
    author = new_author(tmp_path / "author")
    (author.deck / "deck.toml").write_text(TOML)
    found: list[str] = []
    for day, (name, text) in enumerate(case.parts.items()):
        write(author, text, day)
        if version := name.partition("release ")[2]:
            try:
                done = author.release(version, day)
            except DeckError as error:
                found = [f"{problem.severity}: {problem.message_with_hint}" for problem in error.problems]
                continue
            cleanup = [
                f"cleanup {line}" for line in (stamped(author, version, "-cleanup") if done.made.cleanup else [])
            ]
            found = [f"suggested: {done.suggested}", *stamped(author, version), *cleanup]
    changelog = author.deck / "CHANGELOG.md"
    case.agrees("\n".join([*found, *(["", changelog.read_text()] if changelog.exists() else [])]))
