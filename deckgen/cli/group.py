"""A group of commands that imports a command only when it is run, and prints expected failures as lines."""

import atexit
import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from deckgen.cli.report import show_failure, show_system_error
from deckgen.cli.terminal import colour_setting
from deckgen.problems import DeckError
from deckgen.process import prepare_process

# When a process ends, Python looks for cycles in all objects again. That takes a tenth of a short build.
atexit.register(gc.freeze)


class Group(click.Group):
    """A group of commands. An expected failure gives a line on standard error and exit status 1, never a traceback.

    `table` maps the name of a command to its module in `package` and its line of help. So `--help` imports no command.
    """

    def __init__(self, *arguments: Any, table: Mapping[str, tuple[str, str]], package: str, **settings: Any):
        super().__init__(*arguments, **settings)
        self._table = table
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, sorted."""
        return sorted(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command. None if there is no such command."""
        if cmd_name not in self._table:
            return None
        name, _ = self._table[cmd_name]
        prepare_process()
        command = getattr(import_module(f"{self._package}.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names. If there is none, the error names commands with a similar name."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            # click only knows commands that are loaded.
            raise click.NoSuchCommand(error.command_name, possibilities=self._table, ctx=ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and the options that begin with `incomplete`. No command is imported."""
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=self._table[name][1]) for name in names]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of the commands and their lines of help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._table[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Exit with status 1 after an expected failure."""
        for stream in (sys.stdout, sys.stderr):
            # Notes and paths may hold any character, but the machine's own encoding may not.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        ctx.color = colour_setting()
        try:
            return super().invoke(ctx)
        except DeckError as error:
            show_failure(error.problems)
            ctx.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)
        except OSError as error:
            show_system_error(error)
            ctx.exit(1)
