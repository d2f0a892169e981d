"""The command `deckgen build`, which writes the package of a deck."""

import gc
import time
from pathlib import Path

import click

from deckgen.build_result import SCREENFUL
from deckgen.cli import changes, report
from deckgen.cli.options import DIR, FORMAT, GITHUB, NO_EXEC, OUT, PATH, REFRESH, SCHEDULER, STRICT, json_option, now
from deckgen.cli.place import deck_and_out
from deckgen.last_build import LastBuild, options_of


@click.command()
@DIR
@OUT
@click.option("--locked", is_flag=True, help="Refuse to build if deck.lock would change.")
@STRICT
@REFRESH
@NO_EXEC
@SCHEDULER
@FORMAT
@GITHUB
@click.option(
    "--retire",
    multiple=True,
    type=PATH,
    metavar="FILE",
    help="Allow many notes of this file or folder to be retired. Can be given several times.",
)
@click.option("--new-lock", is_flag=True, help="Make a new lock if the old one is lost. All notes are then new notes.")
@click.option(
    "--verbose", is_flag=True, help="Name all notes that differ from the last build, not only the first ones."
)
@json_option("Print the summary as JSON.")
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
    at = now()
    last = LastBuild(folder, out, options_of(strict, not no_exec))
    built = None if refresh or scheduler or retire or new_lock else last.unchanged()
    if built is None:
        # What a build of unchanged files does not need is not imported for it.
        from deckgen.pictures import FigureOptions
        from deckgen.pipeline.build import build as build_deck

        gc.freeze()  # Python need not look for cycles in what it imported.
        with report.progress("building") as progress:
            built = build_deck(
                folder,
                out,
                at,
                strict=strict,
                locked=locked,
                progress=progress,
                options=FigureOptions(refresh, scheduler, not no_exec),
                max_listed=None if verbose or as_json else SCREENFUL,
                retire=retire,
                new_lock=new_lock,
                last=last,
            )
    seconds = round(time.perf_counter() - begun, 2)
    report.show(built.problems)
    if as_json:
        report.print_json(
            {**changes.as_json(built), "problems": report.problems_json(built.problems), "seconds": seconds}
        )
        return
    summary = changes.terminal_summary if report.on_terminal() else changes.summary
    for line in summary(built, None if verbose else SCREENFUL, seconds):
        click.echo(line)
    report.next_step(changes.next_step(built))
