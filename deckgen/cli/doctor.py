"""The command `deckgen doctor`, which says what is installed and what is missing."""

from collections.abc import Sequence

import click
from msgspec.structs import asdict

from deckgen.cli import report
from deckgen.cli.options import json_option
from deckgen.doctor.check import Check, State


@click.command()
@json_option("Print a JSON list with one object per check, for a bug report.")
def doctor(as_json: bool) -> None:
    """Show what deckgen finds on this machine, what is missing, and the command that installs it.

    The exit status is 1 if deckgen itself does not work as it should. What only some commands need may be missing.
    """
    from deckgen.doctor.anki import anki_checks
    from deckgen.doctor.libraries import library_checks
    from deckgen.doctor.programs import program_checks

    checks = [*library_checks(), *program_checks(), *anki_checks()]
    if as_json:
        report.print_json([asdict(check) for check in checks])
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            purpose = f"  ({check.purpose})" if check.purpose else ""
            click.echo(f"{check.state:7}  {check.name:{width}}  {check.found}{purpose}")
            if check.remedy:
                click.echo(f"{'':7}  {'':{width}}  → {check.remedy}")
        click.echo(_verdict(checks))
    if any(check.state is State.WRONG for check in checks):
        raise SystemExit(1)


def _verdict(checks: Sequence[Check]) -> str:
    """Say whether deckgen works, and whether something must be installed."""
    wrong = [check.name for check in checks if check.state is State.WRONG]
    if wrong:
        return f"deckgen does not work as it should: {', '.join(wrong)}. Do what stands after →"
    missing = sum(check.state is State.MISSING for check in checks)
    if missing:
        return f"deckgen works. {report.many(missing, 'thing')} that only some commands need {'is' if missing == 1 else 'are'} missing: see the brackets"
    return "deckgen works, and nothing is missing"
