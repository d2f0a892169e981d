"""Measures the speed of the scan and of rendering: for 305 files with 16,000 formulas, and for pages with unclosed marks.

Bounds: 3 s to scan the files, and 5 s for each page of 200 kB. If the time grew with the square of the length, it would take
minutes. Otherwise the exit status is 1.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from deckgen.parse import parse_file
from deckgen.parse.meta import Settings
from deckgen.render import Renderer, RenderOptions
from deckgen.scan import SpanKind, scan

FILES, FORMULAS, PAGE = 305, 16_000, 200_000
SCAN_SECONDS, PAGE_SECONDS = 3, 5
PARTS = (
    r"\frac{{a_{n}}}{{b}}",
    r"\operatorname{{softmax}}(z_{n})",
    r"x_{{{n}}}^2",
    r"\mathbb{{R}}^{{{n}\times d}}",
    r"O(n^{n}\log n)",
)
PROSE = "注意力的复杂度随长度增长，价格从 $5 涨到 $10，见 [论文](https://a.b/c_d) 与 `code $x$`。"
UNITS = (
    "$", "$$", "$a ", "$$ $ ", "$\\text{", "$\\text{$", "$\\text{$a$ ", "`", "``a`", "<!--", "<pre", "<pre>", "<svg ", '<a b="', "<a ",
    r"\(", r"\[ ", "\\begin{align}\n", "](", "](<", "{", " ", "\t", ">", "> ", "- ", "1. ", "```\n", "\n# $$", "$$\n\n", "\n\n", "\\",
)  # fmt: skip


def page(chance: random.Random, formulas: int) -> str:
    """Return a note file with `formulas` formulas. Every fifth is displayed."""
    lines = []
    for n in range(formulas):
        tex = chance.choice(PARTS).format(n=n)
        if n % 20 == 0:
            lines.append(f"### 第 {n} 题？\n")
        lines.append(f"$$\n{tex}\n$$\n" if n % 5 == 0 else f"{PROSE}其中 ${tex}$ 是第 {n} 项。\n")
    return "# D\n\n" + "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def bench_files(folder: Path) -> bool:
    chance = random.Random(1)
    share = [FORMULAS // FILES + (n < FORMULAS % FILES) for n in range(FILES)]
    pages = [page(chance, count) for count in share]
    scans = []
    scanned = seconds(lambda: scans.extend(map(scan, pages)))
    found = sum(span.kind is SpanKind.FORMULA for result in scans for span in result.spans)
    print(f"{FILES} files, {sum(map(len, pages)) / 1e6:.1f} M characters, {found} formulas: scanned in {scanned:.2f} s")
    notes = []
    for n, text in enumerate(pages):
        path = folder / f"{n}.md"
        path.write_text(text, "utf-8")
        notes += parse_file(path, path.name, path.name, Settings(dialect="heading", level=3)).notes
    for mathml in (False, True):
        renderer = Renderer(folder, lambda ref: None, RenderOptions(mathml=mathml))
        rendered = seconds(lambda: [renderer.render(note) for note in notes])
        print(f"{len(notes)} notes rendered, formulas checked{', as MathML' if mathml else ''}: {rendered:.2f} s")
    return found == FORMULAS and scanned <= SCAN_SECONDS


def hostile() -> Iterable[tuple[str, str]]:
    for unit in UNITS:
        yield repr(unit), unit * (PAGE // len(unit))
        yield repr(unit) + " numbered", "".join(f"{unit}{n}" for n in range(PAGE // (len(unit) + 5)))
    yield "runs of backticks", " ".join("`" * n for n in range(1, 632))
    yield "late end", "\\begin{align}\n" * 14_000 + "# x\n\\end{align}"


def bench_hostile() -> bool:
    times = sorted(((seconds(lambda text=text: scan(text)), name) for name, text in hostile()), reverse=True)
    for taken, name in times[:5]:
        print(f"200 kB of {name}: {taken:.2f} s")
    return times[0][0] <= PAGE_SECONDS


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if not all([bench_files(Path(folder)), bench_hostile()]):
            sys.exit("beyond the bounds")


if __name__ == "__main__":
    main()
