"""Case files of releases: the decks of several days in, the changelog and what the last release holds out."""

import pytest
from case_files import cases
from desk import DAY, NOW, TOML, Desk, new_desk

from deckgen.problems import DeckError


def write(desk: Desk, text: str, day: int) -> None:
    """One note a line, `NAME: ANSWER`; a line `! LINE` is one more line of deck.toml."""
    lines = text.splitlines()
    desk.deck.joinpath("deck.toml").write_text(
        desk.toml() + "".join(f"{line[2:]}\n" for line in lines if line.startswith("! "))
    )
    desk.write(dict(line.split(": ", 1) for line in lines if not line.startswith("! ")), day)


def stamped(desk: Desk, version: str, part: str = "") -> list[str]:
    return [f"{name}: stamped on day {(note.mod - NOW) / DAY:g}" for name, note in desk.packed(version, part).items()]


@pytest.mark.parametrize("case", cases("cases/release/days.md"), indirect=True)
def test_days_of_a_deck(case, tmp_path):
    """`=== release VERSION` writes the notes below it and releases them, `=== build` only builds them; a day each."""
    desk = new_desk(tmp_path / "desk")
    (desk.deck / "deck.toml").write_text(TOML)
    found: list[str] = []
    for day, (name, text) in enumerate(case.parts.items()):
        write(desk, text, day)
        if version := name.partition("release ")[2]:
            try:
                done = desk.release(version, day)
            except DeckError as error:
                found = [f"{problem.severity}: {problem.message_with_hint}" for problem in error.problems]
                continue
            cleanup = [f"cleanup {line}" for line in (stamped(desk, version, "-cleanup") if done.made.cleanup else [])]
            found = [f"suggested: {done.suggested}", *stamped(desk, version), *cleanup]
    changelog = desk.deck / "CHANGELOG.md"
    case.agrees("\n".join([*found, *(["", changelog.read_text()] if changelog.exists() else [])]))
