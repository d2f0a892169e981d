"""Measure how the time to read and render a note file grows with its length.

A file of each kind is read in five lengths, each twice the one before. The growth is the time of the longest, divided by four times the
time of the one that is a quarter as long: 1 is linear, 4 is quadratic. The arguments are names of kinds; without them, all are measured. The
exit status is 1 if a growth is above the bound.
"""

import sys
import time
from collections.abc import Callable

from deckgen.parse.meta import Settings
from deckgen.pipeline.file_task import FileTask, run_task
from deckgen.render import RenderOptions

BOUND = 1.8
LENGTHS = (1, 2, 4, 8, 16)
# A file that is read faster than this says nothing about growth.
LEAST_SECONDS = 0.05


def notes(answer: str) -> Callable[[int], str]:
    """Return a function that gives a file of notes. `answer` is the text of each; `@` is its number."""
    return lambda count: "".join(f"## What is number {n}?\n\n{answer.replace('@', str(n))}\n\n" for n in range(count))


def lines(line: str, above: str = "## What is it?\n\n", below: str = "\n") -> Callable[[int], str]:
    """Return a function that gives a file with one line many times. `@` is its number."""
    return lambda count: above + "".join(f"{line.replace('@', str(n))}\n" for n in range(count)) + below


def text(piece: str, above: str = "## What is it?\n\nText ", below: str = "\n") -> Callable[[int], str]:
    """Return a function that gives a file with one text many times in a line."""
    return lambda count: above + piece * count + below


# Name → a function of the length, and the shortest length.
KINDS: dict[str, tuple[Callable[[int], str], int]] = {
    "notes": (notes("A @."), 250),
    "notes with references": (notes("See [a@].\n\n[a@]: https://example.com/@"), 250),
    "notes with footnotes": (notes("See it[^a@].\n\n[^a@]: More."), 250),
    "notes with abbreviations": (notes("The AB@ of.\n\n*[AB@]: More."), 250),
    "notes with comments": (notes("A <!-- b @ --> c."), 250),
    "notes with formulas": (notes("A $x_@$ and $$y_@$$."), 250),
    "notes with code": (notes("A `x@`.\n\n```python\ny = @\n```"), 250),
    "notes with clozes": (notes("A {{c1::x@}} and {{c2::y}}."), 250),
    "notes with sections": (lambda count: "".join(f"# Part {n}\n\n## What is {n}?\n\nA.\n\n" for n in range(count)), 250),
    "notes with ids": (lambda count: "".join(f"## What is {n}? {{#n{n}}}\n\nA.\n\n" for n in range(count)), 250),
    "notes in labels": (lambda count: "".join(f"Q: What is {n}?\nA: It is {n}.\n\n" for n in range(count)), 250),
    "notes in bold": (lambda count: "".join(f"**Q{n}: What is {n}?**\n\nIt is {n}.\n\n" for n in range(count)), 250),
    "notes in details": (
        lambda count: "".join(
            f"<details><summary>What is {n}?</summary>\n\nIt is {n}.\n\n</details>\n\n" for n in range(count)
        ),
        250,
    ),
    "notes in colons": (lambda count: "".join(f"What is {n} :: It is {n}\n\n" for n in range(count)), 250),
    "notes with tags": (lambda count: "".join(f"What is {n}? #card\nIt is {n}.\n\n" for n in range(count)), 250),
    "notes with tagged headings": (
        lambda count: "".join(f"## What is {n}? #card\n\nIt is {n}.\n\n" for n in range(count)), 250,
    ),
    "notes with separators": (lambda count: "".join(f"What is {n}?\n?\nIt is {n}.\n\n" for n in range(count)), 250),
    "notes in lists": (lambda count: "".join(f"- What is {n}?\n    - It is {n}.\n" for n in range(count)), 250),
    "notes with numbers": (lambda count: "".join(f"{n}. What is {n}?\n\nIt is {n}.\n\n" for n in range(1, count)), 250),
    "notes in admonitions": (
        lambda count: "".join(f'??? question "What is {n}?"\n    It is {n}.\n\n' for n in range(count)), 250,
    ),
    "notes in callouts": (lambda count: "".join(f"> [!faq] What is {n}?\n> It is {n}.\n\n" for n in range(count)), 250),
    "notes of Hexo": (
        lambda count: "".join(f"##### What is {n}?\n\n+++info Answer\nIt is {n}.\n+++\n\n" for n in range(count)), 250,
    ),
    "notes of Logseq": (lambda count: "".join(f"- What is {n}? #card\n\t- It is {n}.\n" for n in range(count)), 250),
    "unused definitions": (lines("[a@]: https://example.com/@", below="\n## What?\n\nA.\n"), 1000),
    "lines outside of notes": (lines("Some text @.", above="", below="\n## What?\n\nA.\n"), 1000),
    "blank lines": (lines("", below="\nx\n"), 20_000),
    "headings": (lines("## Heading @", above=""), 1000),
    "lines of question marks": (lines("?", above=""), 500),
    "empty headings": (lines("##", above=""), 1000),
    "rules": (lines("---\n", above="## What?\n\nA.\n\n"), 1000),
    "fences": (lines("```", above="## What?\n\n"), 250),
    "lines of an answer": (lines("Text @."), 300),
    "tags in a line": (text("#a ", "What? ", "x #card\n\nA.\n"), 1000),
    "card tags in a line": (text("#card ", "What? ", "x #card\n\nA.\n"), 1000),
    "blanks in a line of tags": (text(" ", "What? #a", "x #card\n\nA.\n"), 20_000),
    "blanks": (text(" ", below="x\n"), 20_000),
    "words": (text("word "), 5_000),
    "letters": (text("a"), 50_000),
    "Chinese characters": (text("字"), 50_000),
    "backslashes": (text("\\"), 1_200),
    "dollars": (text("$"), 1_200),
    "formulas": (text("$x$ "), 600),
    "stars": (text("*a "), 1_200),
    "underscores": (text("_a "), 1_200),
    "opening brackets": (text("["), 1_200),
    "closing brackets": (text("]"), 1_200),
    "links": (text("[a](b) "), 300),
    "wiki links": (text("[[a]] "), 300),
    "highlights": (text("==a== "), 600),
    "opening braces": (text("{"), 1_200),
    "clozes": (text("{{c1::a}} "), 300),
    "clozes that are not closed": (text("{{c1::a "), 300),
    "attribute lists": (text("*a*{: .b} "), 300),
    "characters by number": (text("&#1234; "), 300),
    "tags of HTML": (text("<b>a</b> "), 300),
    "closing tags": (text("</b>"), 300),
    "comments": (text("<!-- a -->"), 300),
    "comments that are not closed": (text("<!--a "), 30),
    "code": (text("`a` "), 300),
    "tildes": (text("~a "), 1_200),
    "carets": (text("^a "), 1_200),
    "quotes": (lines("> a"), 150),
    "list items": (lines("- a"), 300),
    "tables": (lines("| a | b |", "## What?\n\n| a | b |\n|---|---|\n"), 150),
    "footnotes of a note": (lines("[^@]: a\n", "## What?\n\nText[^1]\n\n"), 150),
    "front matter": (lines("a@: b", "---\n", "---\n\n## What?\n\nA.\n"), 100),
}  # fmt: skip


def seconds(content: str) -> float:
    """Return the processor seconds to read and render a file."""
    task = FileTask(content.encode(), "a.md", "a.md", Settings(), RenderOptions())
    begun = time.process_time()
    run_task(task)
    return time.process_time() - begun


def growth(kind: str) -> float:
    """Measure one kind, print its times, and return the growth."""
    content, shortest = KINDS[kind]
    times = [seconds(content(shortest * length)) for length in LENGTHS]
    found = times[-1] / max(times[-3], LEAST_SECONDS) / (LENGTHS[-1] / LENGTHS[-3])
    print(f"{kind}: {' '.join(f'{each:.3f}' for each in times)} s: {found:.2f}", flush=True)
    return found


def main() -> None:
    seconds("## What?\n\nA $x$ `y`.\n")  # imports
    steep = [kind for kind in sys.argv[1:] or KINDS if growth(kind) > BOUND]
    if steep:
        sys.exit(f"grows faster than its input: {', '.join(steep)}")


if __name__ == "__main__":
    main()
