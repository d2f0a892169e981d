"""The command line. Each command has a few lines and calls other packages for its work."""

import click

from deckgen import __version__
from deckgen.cli.group import Group

# Name of a command → its module in this package, and its line in `deckgen --help`. The module has a command of its own name.
COMMANDS = {
    "build": ("build", "Build the deck in DIR into OUT/<slug>-<version>.apkg."),
    "check": ("check", "Show how the files in PATHS are read, and report their problems."),
    "completion": (
        "completion",
        "Print the script that completes deckgen's commands, options and arguments in a shell.",
    ),
    "diff": ("diff", "Show the differences between the packages OLD and NEW."),
    "doctor": ("doctor", "Show what deckgen finds on this machine, what is missing, and the command that installs it."),
    "explain": ("explain", "Explain the problems that have the code CODE."),
    "fetch-media": ("fetch_media", "Download the media at web addresses that the notes in DIR name."),
    "figures": ("figures", "List the figures of the deck in DIR."),
    "import": ("import_package", "Make a deck in DIR of the notes, media and note types in PACKAGE."),
    "init": ("init", "Make a deck of the notes in DIR."),
    "list": ("list_notes", "List the notes that deckgen finds in PATHS."),
    "lock": ("lock", "Decide whether a note is new or an edited older one, and whether a translation fits."),
    "preview": ("preview", "Show the cards of the deck in DIR in a browser."),
    "pull": ("pull", "Bring edits made in Anki into the notes of the deck in DIR."),
    "push": ("push", "Build the deck in DIR, import it into the running Anki, and show what changed there."),
    "release": ("release", "Release the deck in DIR as VERSION."),
    "schema": ("schema", "Print the JSON schema NAME."),
    "stats": ("stats", "Count what the deck in DIR contains, and how it changed by release."),
    "status": ("status", "Show what differs between the notes, the last build, the last release and the running Anki."),
    "verify": ("verify", "Test the import of the package NEW in Anki's own engine."),
}


@click.group(cls=Group, table=COMMANDS, package=__name__, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Turn Markdown study notes into Anki decks that update in place."""


__all__ = ["COMMANDS", "main"]
