"""Run the case files of `deckgen pull`: who edited what, and what comes of it. Anki's engine judges the next import."""

import pytest
from case_files import cases
from decks import run
from engine import collection
from pulling import DAY, NOW, Editing, edit, new_editing

_FILES = ("fields", "tags", "notes")


@pytest.mark.parametrize("case", [case for name in _FILES for case in cases(f"cases/pull/{name}.md")], indirect=True)
def test_edits_in_anki_come_into_the_notes(case, tmp_path):
    parts = dict(case.parts)
    edits = parts.pop("anki", "").splitlines()
    after = {name.removeprefix("after "): parts.pop(name) for name in [*parts] if name.startswith("after ")}
    editing = new_editing(tmp_path, parts)
    before = editing.texts()
    with collection(editing.editor) as col:
        for line in edits:
            edit(col, line)
    for name, text in after.items():
        path = editing.deck / name
        path.write_text(text) if text.strip() else path.unlink()
        before[name] = text
    result = editing.pull()
    lines = [*result.stdout.splitlines()[:-1], *result.stderr.splitlines()]
    for name, text in editing.texts().items():
        if text != before.get(name):
            lines += [f"=== {name}", *text.splitlines()]
    case.agrees("\n".join([*lines, "===", *next_build(editing)]))


def next_build(editing: Editing) -> list[str]:
    """What the next build does to the collections of the editor and of the learner."""
    result = run("build", editing.deck, "--out", editing.out, "--json", now=NOW + 3 * DAY)
    if result.returncode:
        return ["build:", *(line.replace(f"{editing.deck}/", "") for line in result.stderr.splitlines())]
    package = next(editing.out.glob("*.apkg"))
    lines = []
    for name, folder in (("editor", editing.editor), ("learner", editing.learner)):
        done = editing.import_into(folder, package)
        assert done.conflicting == 0
        lines.append(f"{name}: {done.new} new, {done.updated} updated, {done.duplicate} unchanged")
    again = editing.pull(day=4).stdout.splitlines()
    return [*lines, *([] if len(again) == 1 else ["again:", *again[:-1]])]
