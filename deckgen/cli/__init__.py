"""The command line. Each command has a few lines and calls other packages for its work."""

from deckgen.cli import explain, fetching, lock, packages, preview, release
from deckgen.cli.commands import main

main.add_command(packages.diff)
main.add_command(packages.verify)
main.add_command(release.release)
main.add_command(preview.preview)
main.add_command(explain.explain)
main.add_command(fetching.fetch)
main.add_command(lock.lock)

__all__ = ["main"]
