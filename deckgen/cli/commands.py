"""The commands `deckgen init`, `list`, `check`, `build` and `figures`."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from deckgen import __version__
from deckgen.cli import changes, files, report
from deckgen.cli.place import deck_and_out, deck_folder
from deckgen.figures.gallery import gallery_page
from deckgen.files import write_text
from deckgen.identity.changes import SCREENFUL
from deckgen.init.create import create_deck
from deckgen.model import RenderedNote
from deckgen.parse.file_report import FileReport
from deckgen.pictures import FigureOptions
from deckgen.pipeline import build as build_deck
from deckgen.pipeline import check as check_paths
from deckgen.pipeline import prune_figures, survey_figures, warnings_as_errors
from deckgen.render import plain_question
from deckgen.sources import deck_around

# Anki refuses times that are further in the future than this.
_DAY = 24 * 60 * 60  # seconds
_PATH = click.Path(path_type=Path)
_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
DIR = click.argument("folder", required=False, type=_PATH, metavar="[DIR]")
OUT = click.option(
    "--out", type=_PATH, help="The folder for packages.", show_default="build; without DIR, in the deck's folder"
)
_REFRESH = click.option("--refresh", is_flag=True, help="Compute all figures again, also the frozen ones.")
SCHEDULER = click.option(
    "--scheduler", default="", metavar="tcp://HOST:PORT", help="Compute figures on the Dask cluster of this scheduler."
)
NO_EXEC = click.option(
    "--no-exec", is_flag=True, help="Run no code of the deck. A figure without a frozen picture is then an error."
)
_GITHUB = click.option(
    "--github", is_flag=True, callback=report.for_github, help="Print problems as annotations for GitHub Actions."
)
_STRICT = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


@click.group(cls=report.Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Turn Markdown study notes into Anki decks that update in place."""


@main.command()
@click.argument("folder", default=".", type=_PATH, metavar="[DIR]")
def init(folder: Path) -> None:
    """Make a deck of the notes in DIR.

    The command reads the notes and writes DIR/deck.toml. It also writes workflows for the repository on GitHub.
    """
    created = create_deck(folder)
    for line in files.lines([file.report for file in created.files]):
        click.echo(line)
    for name in created.written:
        click.echo(f"{name} written")
    for kept in created.kept:
        lacking = f"; it lacks {', '.join(kept.missing_lines)}" if kept.missing_lines else ""
        click.echo(f"{kept.file} exists and was not changed{lacking}")
    report.show(problem for file in created.unread for problem in file.problems)
    notes = report.many(sum(file.notes for file in created.files), "note")
    click.echo(f"{created.path} written: {created.name!r}, {notes}. Next: deckgen build {folder}")


@main.command("list")
@_PATHS
@click.option("--long", is_flag=True, help="Show also the deck and the tags of each note.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one object per note.")
def list_notes(paths: tuple[Path, ...], long: bool, as_json: bool) -> None:
    """List the notes that deckgen finds in PATHS. Write nothing."""
    with report.progress() as progress:
        checked = check_paths(paths, progress)
    if as_json:
        report.print_json([_note_json(rendered) for rendered in checked.notes])
    else:
        for rendered in checked.notes:
            note = rendered.note
            click.echo(f"{note.file}:{note.line}: {note.kind}: {plain_question(note)}")
            if long:
                click.echo(f"  deck: {note.deck or 'the name in deck.toml'}; tags: {' '.join(note.tags) or 'none'}")
    report.show(checked.problems)
    if report.failed(checked.problems):
        raise SystemExit(1)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--left-out", is_flag=True, help="List each text that is on no card, with its place.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one object per problem.")
@click.option("--files", "as_files", is_flag=True, help="With --json: one object per file, with its problems.")
@_GITHUB
@_STRICT
def check(paths: tuple[Path, ...], left_out: bool, as_json: bool, as_files: bool, github: bool, strict: bool) -> None:
    """Show how the files in PATHS are read, and report their problems. Write nothing.

    For each file: the dialect and why, its notes, questions without an answer, lines left out. Without PATHS, the deck
    that contains the current folder is checked, or else the current folder.
    """
    if (as_json or left_out) and github:
        raise click.UsageError("--github excludes --json and --left-out")
    if as_files and not as_json:
        raise click.UsageError("--files goes with --json")
    with report.progress() as progress:
        checked = check_paths(paths or (deck_around(Path(".")) or Path("."),), progress)
    problems = warnings_as_errors(checked.problems) if strict else checked.problems
    if as_json:
        report.print_json(files.as_json(checked.reports, problems) if as_files else report.problems_json(problems))
    else:
        if not github:
            _show_files(checked.reports, left_out)
        report.show(problems)
    if report.failed(problems):
        raise SystemExit(1)


def _show_files(reports: Sequence[FileReport], left_out: bool) -> None:
    for line in files.lines(reports):
        click.echo(line)
    for line in files.left_out_lines(reports) if left_out else ():
        click.echo(line)


@main.command()
@DIR
@OUT
@click.option("--locked", is_flag=True, help="Refuse to build if deck.lock would change.")
@_STRICT
@_REFRESH
@NO_EXEC
@SCHEDULER
@_GITHUB
@click.option(
    "--retire",
    multiple=True,
    type=_PATH,
    metavar="FILE",
    help="Allow many notes of this file or folder to be retired. Can be given several times.",
)
@click.option("--new-lock", is_flag=True, help="Make a new lock if the old one is lost. All notes are then new notes.")
@click.option(
    "--verbose", is_flag=True, help="Name all notes that differ from the last build, not only the first ones."
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def build(
    folder: Path | None,
    out: Path | None,
    locked: bool,
    strict: bool,
    refresh: bool,
    no_exec: bool,
    scheduler: str,
    github: bool,
    retire: tuple[Path, ...],
    new_lock: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Build the deck in DIR into OUT/<slug>-<version>.apkg.

    By default, DIR is the deck that contains the current folder. Figures without a frozen picture in
    DIR/figures/frozen are computed, and their pictures are kept there.
    """
    if no_exec and (refresh or scheduler):
        raise click.UsageError("--no-exec excludes --refresh and --scheduler")
    if as_json and github:
        raise click.UsageError("--json and --github exclude each other")
    begun = time.perf_counter()
    folder, out = deck_and_out(folder, out)
    with report.progress() as progress:
        built = build_deck(
            folder,
            out,
            now(),
            strict=strict,
            locked=locked,
            progress=progress,
            options=FigureOptions(refresh, scheduler, not no_exec),
            max_listed=None if verbose or as_json else SCREENFUL,
            retire=retire,
            new_lock=new_lock,
        )
    seconds = round(time.perf_counter() - begun, 2)
    report.show(built.problems)
    if as_json:
        report.print_json({**changes.as_json(built), "seconds": seconds})
        return
    click.echo(
        f"{built.package}: {report.many(built.notes, 'note')}, {report.many(built.cards, 'card')}, {built.media} media, {report.size(built.size)}"
    )
    for line in changes.lines(built, None if verbose else SCREENFUL):
        click.echo(line)
    click.echo(
        f"{built.added} added, {built.changed} changed, {built.unchanged} unchanged, {built.retired} retired, "
        f"in {seconds:.1f} s"
    )


@main.command()
@DIR
@click.option(
    "--gallery",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page that shows all figures in light and night mode.",
)
@click.option(
    "--check", "again", is_flag=True, help="Compute all figures again and compare them with the frozen pictures."
)
@click.option("--prune", is_flag=True, help="Remove frozen pictures that no note uses.")
@_REFRESH
@SCHEDULER
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one object per figure.")
def figures(
    folder: Path | None, gallery: Path | None, again: bool, prune: bool, refresh: bool, scheduler: str, as_json: bool
) -> None:
    """List the figures of the deck in DIR.

    The list says whether each figure is frozen, or why it was computed. By default, DIR is the deck that contains the
    current folder. With --check, no picture is written. The exit status is then 1 if a picture differs from the frozen
    one or fails its check.
    """
    if (prune and (again or refresh or scheduler or gallery or as_json)) or (again and refresh):
        raise click.UsageError("--prune excludes all other options, and --check excludes --refresh")
    folder = deck_folder(folder)
    if prune:
        _prune(folder)
        return
    with report.progress() as progress:
        found = survey_figures(folder, options=FigureOptions(refresh, scheduler), progress=progress, again=again)
    if as_json:
        report.print_json([row.json() for row in found.rows])
    else:
        for row in found.rows:
            click.echo(row)
    if gallery:
        write_text(gallery, gallery_page(found.rows))
    report.show(found.problems)
    if report.failed(found.problems):
        raise SystemExit(1)


def _prune(folder: Path) -> None:
    with report.progress() as progress:
        removed = prune_figures(folder, progress)
    for name in removed:
        click.echo(f"{name} removed")
    click.echo(f"{report.many(len(removed), 'frozen picture')} removed")


def now() -> int:
    """Return the time of the build, in seconds since 1970: SOURCE_DATE_EPOCH if it is set, else the clock."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return int(time.time())
    if not given.isdecimal() or not 0 < int(given) < time.time() + _DAY:
        raise click.UsageError(f"SOURCE_DATE_EPOCH is {given!r}, not a time in seconds up to now")
    return int(given)


def _note_json(rendered: RenderedNote) -> dict[str, Any]:
    note = rendered.note
    return {
        "file": note.file,
        "line": note.line,
        "kind": note.kind,
        "question": plain_question(note),
        "front": rendered.shown("question"),
        "back": rendered.shown("answer"),
        "deck": note.deck,
        "tags": list(note.tags),
        "dialect": note.dialect,
        "id": note.id,
    }
