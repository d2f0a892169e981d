"""The command `deckgen release`, which makes a package for learners."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckgen.cli import report
from deckgen.cli.options import FORMAT, NO_EXEC, OUT, PATH, SCHEDULER, complete_folder, json_option, now
from deckgen.cli.place import deck_and_out
from deckgen.command_word import word
from deckgen.diff.heading import heading
from deckgen.diff.summary import counts
from deckgen.project_rules import is_version

if TYPE_CHECKING:
    from deckgen.release.make import ReleaseResult


@click.command()
@click.argument("where", nargs=-1, required=True, metavar="[DIR] VERSION", shell_complete=complete_folder)
@OUT
@click.option(
    "--after",
    type=PATH,
    metavar="FOLDER",
    help="The folder with the last release. Default: OUT/<slug>-<version>.",
)
@click.option(
    "--allow-dirty",
    is_flag=True,
    help="Release files that are not committed or not in a repository. Commit and tag nothing.",
)
@click.option("--allow-empty", is_flag=True, help="Release also if nothing changed since the last release.")
@click.option(
    "--dry-run", is_flag=True, help="Make the release, run the import tests, show the result, and write nothing."
)
@FORMAT
@NO_EXEC
@SCHEDULER
@json_option("Print the release and its import tests as JSON.")
def release(
    where: tuple[str, ...],
    out: Path | None,
    after: Path | None,
    allow_dirty: bool,
    allow_empty: bool,
    dry_run: bool,
    no_exec: bool,
    scheduler: str,
    as_json: bool,
) -> None:
    """Release the deck in DIR as VERSION.

    By default, DIR is the deck that contains the current folder. The files of the release go to
    OUT/<slug>-<version>/. Notes that changed since the last release get a new time of change. The import is tested in
    Anki's own engine. The version, the changelog and the lock are committed and tagged. If the command was interrupted,
    run it again to finish the release.
    """
    named, version = _folder_and_version(where)
    if no_exec and scheduler:
        raise click.UsageError("--no-exec excludes --scheduler")
    with report.needs("anki", "verify"):
        from deckgen.release.make import release as make_release
        from deckgen.release.options import ReleaseOptions

    folder, out = deck_and_out(named, out)
    begun = time.perf_counter()
    with report.progress("releasing") as progress:
        options = ReleaseOptions(folder, version, out, now(), after, allow_dirty, dry_run, allow_empty, no_exec)
        done = make_release(options, progress, scheduler)
    seconds = round(time.perf_counter() - begun, 2)
    report.show(done.problems)
    if as_json:
        written = {"version": version, "folder": None if dry_run else str(done.folder)}
        report.print_json({**written, **_json(done), "seconds": seconds})
        return
    _show_result(done)
    click.echo(_outcome(done.folder, version, done.tag, done.again, dry_run, seconds))
    if not done.tag and not dry_run:
        package = done.folder / f"{done.folder.name}.apkg"
        report.next_step(f"give {package} to learners; they import it with File → Import")
    elif dry_run and not done.again:
        report.next_step("the same command without --dry-run")


def _folder_and_version(where: tuple[str, ...]) -> tuple[Path | None, str]:
    """The folder, None for the deck that contains the current folder, and the version. Raises click.UsageError if they are exchanged."""
    *folders, version = where
    if len(folders) > 1:
        raise click.UsageError("name the folder of one deck, and a version")
    if folders and is_version(folders[0]) and not is_version(version):
        raise click.UsageError(f"the version is the last argument: deckgen release {word(version)} {folders[0]}")
    if not folders and not is_version(version) and Path(version).is_dir():
        raise click.UsageError(f"name a version after the folder: deckgen release {word(version)} 1.0.0")
    return Path(folders[0]) if folders else None, version


def _show_result(done: "ReleaseResult") -> None:
    from deckgen.verify.summary import HEADS, rows

    for found in done.import_tests:
        click.echo(found.package.path.name)
        report.print_columns(HEADS, rows(found))
    click.echo(f"\n{done.made.changes}")
    if done.made.diff:
        click.echo(
            f"{heading(done.made.diff)}: {counts(done.made.diff)}; these changes suggest the version {done.suggested}"
        )


def _json(done: "ReleaseResult") -> dict[str, Any]:
    from deckgen.verify.summary import import_tests_json

    diff = done.made.diff
    names = ("added", "changed", "removed", "moved")
    return {
        "tag": done.tag,
        "again": done.again,
        "suggested": done.suggested,
        "counts": {**{name: len(getattr(diff, name)) for name in names}, "unchanged": diff.unchanged} if diff else None,
        "changes": done.made.changes,
        "packages": [
            {"package": found.package.path.name, "import_tests": import_tests_json(found)}
            for found in done.import_tests
        ],
        "problems": report.problems_json(done.problems),
    }


def _outcome(folder: Path, version: str, tag: str | None, again: bool, dry_run: bool, seconds: float) -> str:
    if dry_run:
        return f"{version} {'is released already' if again else 'could be released'}; nothing was written, in {seconds:.1f} s"
    made = f"{folder}: {version} is {'made once more' if again else 'released'}, in {seconds:.1f} s"
    return (
        f"{made}\ncommitted and tagged {tag}; next: git push --follow-tags"
        if tag
        else f"{made}\nnot committed, not tagged"
    )
