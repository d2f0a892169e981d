"""Writes the present output of commands into the documentation. It runs the tests of the pages and corrects what differs.

Check the difference before you commit it: git diff docs
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "math")]

import test_docs  # noqa: E402
import test_math_docs  # noqa: E402

DOCS = TESTS.parent / "docs"


def rewrite(page: Path, module, test: Callable[[Path], None]) -> None:
    """Correct the first wrong output that the test finds, until it finds none."""
    run, printed = module.run, []

    def recorded(*arguments, **options):
        result = run(*arguments, **options)
        printed.append((" ".join(map(str, arguments)), result.stdout + result.stderr))
        return result

    module.run = recorded
    while True:
        printed.clear()
        try:
            with TemporaryDirectory() as folder:
                test(Path(folder))
            break
        except AssertionError:
            text = page.read_text("utf-8")
            changed = corrected(text, printed)
            if changed == text:
                raise
            page.write_text(changed, "utf-8")
    module.run = run


def corrected(text: str, printed: list[tuple[str, str]]) -> str:
    """Return the page with the last output in the block of the last command. Blocks are in the order of the commands."""
    place = 0
    for command, _ in printed:
        place = text.index(f"```console\n$ deckgen {command}\n", place) + len(f"```console\n$ deckgen {command}\n")
    return text[:place] + printed[-1][1] + text[text.index("```\n", place) :]


if __name__ == "__main__":
    for name in ("notes", "deck", "lint", "updating", "releases", "terminal"):
        rewrite(
            DOCS / f"{name}.md",
            test_docs,
            lambda folder: test_docs.test_console_examples_print_what_they_show(f"docs/{name}.md", folder),
        )
    rewrite(DOCS / "math.md", test_math_docs, test_math_docs.test_examples_print_what_they_show)
