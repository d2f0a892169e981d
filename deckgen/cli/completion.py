"""The command `deckgen completion`, which prints the script that completes commands in a shell."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
_PROGRAM = "deckgen"
_VARIABLE = "_DECKGEN_COMPLETE"
"""The variable with which the script calls deckgen. Click reads it."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes deckgen's commands, options and arguments in a shell.

    Run it when the shell starts: eval "$(deckgen completion bash)" in ~/.bashrc, eval "$(deckgen completion zsh)" in ~/.zshrc, or
    deckgen completion fish > ~/.config/fish/completions/deckgen.fish.
    """
    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(context.find_root().command, {}, _PROGRAM, _VARIABLE).source())
