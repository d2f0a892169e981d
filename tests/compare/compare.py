"""Compares deckgen with other tools: the same notes and edits, each tool in its own environment, the results read with Anki's engine.

    python tests/compare/compare.py [TOOL...]

It needs the registries of Python and Node.js, Anki's desktop program with AnkiConnect (see anki_desktop.py), and the port 8765.
Without names, all tools are compared. The results are kept in results.json; page.py writes docs/comparison.md and the table of the README.
"""

import json
import sys
import tempfile
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from time import sleep

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

from engine_side import State, answer_all, code_is_right, formula_in_cloze, state_of  # noqa: E402
from entries import EDIT, ENTRIES  # noqa: E402
from other_tools import TOOLS, Place, Tool  # noqa: E402

RESULTS = FOLDER / "results.json"
NOTES = len(ENTRIES) + 1  # one more is in the file that a note is moved to


@dataclass(frozen=True)
class Result:
    """What was measured of a tool."""

    name: str
    version: str
    ids: str
    edit: str
    move: str
    rebuild: str
    code: str
    cloze: str


def measure(tool: Tool, folder: Path) -> Result:
    """Install a tool, give it the notes and the edits, and ask the engine after each."""
    version = tool.install(folder / "tool")
    (folder / "notes").mkdir()
    tool.write(folder / "notes")
    place = Place(folder / "tool", folder / "notes", folder / "collection.anki2")
    before = _texts(place.notes)
    tool.bring(place)
    if (count := len(state_of(place.collection).notes)) != NOTES:
        raise RuntimeError(f"{tool.name}: {count} of {NOTES} notes are in the collection")
    changed = {path for path, text in _texts(place.notes).items() if before.get(path) != text and path in before}
    code, cloze = code_is_right(place.collection), formula_in_cloze(place.collection)
    answer_all(place.collection)
    studied = state_of(place.collection)
    # Anki compares times in seconds. Nobody builds again within one.
    sleep(2)
    tool.bring(place)
    rebuild = _rewritten(studied, state_of(place.collection))
    tool.move(place.notes)
    move = _outcome(place, tool, EDIT[0])
    _edit(place.notes)
    edit = _outcome(place, tool, EDIT[1])
    ids = f"{tool.note_ids}{f' ({len(changed)} of {len(before)} files changed)' if changed else ''}"
    return Result(tool.name, version, ids, edit, move, rebuild, "as written" if code else "changed", cloze)


def _texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in sorted(folder.rglob("*.md")) if "note_types" not in path.parts}


def _edit(folder: Path) -> None:
    """Edit a question, and nothing else."""
    done = 0
    for path in [*folder.rglob("*.md"), *folder.rglob("*.txt")]:
        text = path.read_text()
        if EDIT[0] in text:
            path.write_text(text.replace(EDIT[0], EDIT[1]))
            done += 1
    assert done == 1, f"the question is in {done} files"


def _rewritten(before: State, after: State) -> str:
    """How many notes have another time of change, without any edit. So learners lose their own edits of them."""
    assert before.notes.keys() <= after.notes.keys()
    count = sum(after.notes[note][1] != mod for note, (_, mod) in before.notes.items())
    return f"{count} of {len(before.notes)} notes rewritten"


def _outcome(place: Place, tool: Tool, question: str) -> str:
    """Bring the notes in. Say whether the studied note is the one that has the question now."""
    tool.bring(place)
    now = state_of(place.collection)
    found = [note for note, (fields, _) in now.notes.items() if any(text in fields for text in EDIT)]
    present = [note for note in found if question in now.notes[note][0]]
    if not present:
        return "not updated"
    if len(found) > 1:
        return "a second note, without progress"
    return "progress kept" if found[0] in now.answered else "progress lost"


def main(names: list[str]) -> None:
    """Measure the tools and write the results. Without names, no result of an earlier run stays. Exit with status 1 if a tool could not be measured."""
    results = {row["name"]: row for row in json.loads(RESULTS.read_text())} if names and RESULTS.exists() else {}
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for tool in TOOLS:
            if names and tool.name not in names:
                continue
            (Path(folder) / tool.name).mkdir()
            try:
                results[tool.name] = asdict(measure(tool, Path(folder) / tool.name))
            except RuntimeError:
                traceback.print_exc()
                failed.append(tool.name)
                continue
            print(json.dumps(results[tool.name]))
            _write(results)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _write(results: dict[str, dict[str, str]]) -> None:
    """Write the results in the order of the tools."""
    rows = [results[tool.name] for tool in TOOLS if tool.name in results]
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
