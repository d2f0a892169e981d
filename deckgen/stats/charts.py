"""The statistics of a deck as charts: rows of bars, which the page draws."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from deckgen.stats.counting import NoteCounts, lengths
from deckgen.stats.deck import CONTENTS, DeckStats
from deckgen.stats.history import counted

_MOST_ROWS = 40
_MOST_HOSTS = 15
_ANSWERS = (0, 25, 50, 100, 200, 400, 800, 1600)  # characters
_QUESTIONS = (0, 10, 20, 30, 40, 60, 80, 120, 160)  # characters
_COUNTS = (0, 1, 2, 3, 5, 10, 20)


class Row(Struct, frozen=True):
    """One row: its label, the sizes of its bars from left to right, and the text behind them."""

    label: str
    values: tuple[int, ...]
    text: str

    @property
    def total(self) -> int:
        """The length of all bars of the row."""
        return sum(self.values)


class Chart(Struct, frozen=True):
    """A chart. `series` names the bars of a row; it is empty if a row has one bar. `note` is a sentence below the title.

    `of_deck` says that the labels are words of the deck, in its language.
    """

    title: str
    note: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    of_deck: bool = False

    @property
    def longest(self) -> int:
        """The length of the longest row, at least 1."""
        return max([1, *(row.total for row in self.rows)])


def charts(stats: DeckStats) -> list[Chart]:
    """Return the charts of a deck. A chart without rows is left out."""
    found = (
        _sections(stats),
        _contents(stats),
        _lengths("Length of answers", [note.answer for note in stats.notes], _ANSWERS),
        _lengths("Length of questions", [note.question for note in stats.notes], _QUESTIONS),
        _formulas(stats),
        _sources(stats),
        _hosts(stats),
        _releases(stats),
    )
    return [chart for chart in found if chart.rows]


def _sections(stats: DeckStats) -> Chart:
    kinds = stats.kinds
    rows = []
    for section, notes in stats.by(_first_heading).items():
        values = tuple(sum(note.cards for note in notes if note.kind == kind) for kind in kinds)
        rows.append(Row(section, values, str(sum(values))))
    return _limited(Chart("Cards by section and kind", "", tuple(kinds) if len(kinds) > 1 else (), tuple(rows), True))


def _first_heading(note: NoteCounts) -> str:
    return note.section[0] if note.section else "(no section)"


def _contents(stats: DeckStats) -> Chart:
    rows = [
        Row(name, (sum(count(note) > 0 for note in stats.notes),), f"{sum(count(note) > 0 for note in stats.notes)}")
        for name, count in CONTENTS.items()
    ]
    return Chart("Notes that contain", f"Of {len(stats.notes)} notes.", (), tuple(row for row in rows if row.total))


def _lengths(title: str, numbers: Sequence[int], limits: Sequence[int]) -> Chart:
    found = lengths(numbers)
    note = f"In characters. The middle is {found.median:.0f}, the longest {found.largest}."
    return Chart(title, note, (), tuple(_histogram(numbers, limits)))


def _formulas(stats: DeckStats) -> Chart:
    numbers = [note.formulas for note in stats.notes]
    if not any(numbers):
        return Chart("Formulas in a note", "", (), ())
    return Chart("Formulas in a note", f"{sum(numbers)} in all.", (), tuple(_histogram(numbers, _COUNTS)))


def _histogram(numbers: Sequence[int], limits: Sequence[int]) -> Iterator[Row]:
    """Yield a row for each range of numbers, without empty ranges at the end. `limits` are the least numbers of the ranges."""
    last = max(numbers, default=-1)
    for least, above in pairwise([*limits, last + 1]):
        if least <= last:
            count = sum(least <= number < max(above, least + 1) for number in numbers)
            label = f"{least}" if above - least == 1 else f"{least} to {min(above - 1, last)}"
            yield Row(label, (count,), str(count))


def _sources(stats: DeckStats) -> Chart:
    rows = []
    for section, notes in stats.by(_first_heading).items():
        sourced = sum(note.sourced for note in notes)
        rows.append(Row(section, (sourced, len(notes) - sourced), f"{sourced} of {len(notes)}"))
    known = any(note.sourced for note in stats.notes)
    chart = Chart("Notes with a source", "", ("with a source", "without a source"), tuple(rows) if known else (), True)
    return _limited(chart)


def _hosts(stats: DeckStats) -> Chart:
    rows = tuple(Row(host, (count,), str(count)) for host, count in stats.hosts[:_MOST_HOSTS])
    more = len(stats.hosts) - len(rows)
    return Chart("Where sources lead", f"And {more} more hosts." if more > 0 else "", (), rows)


def _releases(stats: DeckStats) -> Chart:
    rows = []
    for row in counted(list(stats.releases)):
        values = (row.added or 0, row.changed or 0, row.retired or 0)
        words = zip(values, ("added", "changed", "retired"))
        text = ", ".join(f"{value} {word}" for value, word in words if value) or "no notes changed"
        rows.append(Row(row.version or "not released", values, text))
    return Chart("Changes by release", "", ("added", "changed", "retired"), tuple(rows))


def _limited(chart: Chart) -> Chart:
    """Return the chart with its first rows. The rest is one row."""
    rest = chart.rows[_MOST_ROWS:]
    if not rest:
        return chart
    values = tuple(sum(column) for column in zip(*(row.values for row in rest)))
    last = Row(f"{len(rest)} more sections", values, str(sum(values)))
    return Chart(chart.title, chart.note, chart.series, (*chart.rows[:_MOST_ROWS], last), chart.of_deck)
