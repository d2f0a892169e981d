"""Formulas as a field holds them: TeX between Anki's delimiters, or static MathML; and what is wrong with them."""

from collections.abc import Iterator, Mapping
from html import escape

from deckgen.cloze.source import escape_cloze_marks, escape_cloze_marks_in_tex, find_cloze_marks, hidden_ranges
from deckgen.model import Note, NoteType, Text
from deckgen.problems import Problem, Severity
from deckgen.render.clean import formula_error
from deckgen.scan import Scan, Span, SpanKind, scan
from deckgen.tex import FormulaFinding, Prepared, Preparer
from deckgen.tex.mathml import mathml


class Formulas:
    """Renders the formulas of one deck: `macros` by name, as MathML where `static`."""

    def __init__(self, macros: Mapping[str, str], static: bool):
        self._prepare = Preparer(macros).prepare
        self._static = static

    def prepare(self, source: str, span: Span, in_cloze: bool) -> Prepared:
        """The formula of a span of `source`, which may hold the marks of clozes where `in_cloze`."""
        raw = source[span.tex_start : span.tex_end]
        marks = tuple(hidden_ranges(raw)) if in_cloze else ()
        return self._prepare(raw, span.quotes, marks)

    def problems(self, note: Note, text: Text, found: Scan, in_cloze: bool) -> Iterator[Problem]:
        """What is to be said about the formulas of a text, at their places in the file."""
        for span in _formulas(found):
            for finding in self.prepare(text.source, span, in_cloze).findings:
                yield _problem(note, text, span, finding)

    def unsafe(self, note: Note, text: Text, found: Scan, in_cloze: bool) -> Iterator[Problem]:
        """Yield an error for each formula with a link or a style that cards may not have."""
        for span in _formulas(found):
            if message := formula_error(self.prepare(text.source, span, in_cloze).tex):
                place = text.place(span.tex_start)
                hint = 'html = "unsafe" in deck.toml allows it'
                yield Problem(note.file, *place, Severity.ERROR, "html-unsafe", message, hint)

    def static(self, note: Note, notetype: NoteType) -> tuple[bool, list[Problem]]:
        """Whether the whole note can be set as MathML, and a problem at the first formula that cannot where it is asked for."""
        if not self._static:
            return False, []
        for text in filter(None, (note.question, *note.body, note.source)):
            in_cloze = notetype.asks_clozes and text is note.answer
            for span in _formulas(scan(text.source)):
                if reason := self._obstacle(text.source, span, in_cloze):
                    finding = FormulaFinding(
                        0, False, "tex-mathml", f"the note's formulas are left to MathJax: {reason}"
                    )
                    return False, [_problem(note, text, span, finding)]
        return True, []

    def html(self, source: str, span: Span, in_cloze: bool, static: bool) -> str:
        """What a field holds for a formula."""
        prepared = self.prepare(source, span, in_cloze)
        if static:
            html = mathml(prepared.tex, span.display)[0]
            return escape_cloze_marks(html) if in_cloze else html
        body = escape(prepared.tex, quote=False)
        if in_cloze:
            body = escape_cloze_marks_in_tex(body)
        return f"\\[{body}\\]" if span.display else f"\\({body}\\)"

    def _obstacle(self, source: str, span: Span, in_cloze: bool) -> str:
        """Why a formula cannot be set as MathML, or nothing."""
        if in_cloze and any(find_cloze_marks(source[span.tex_start : span.tex_end])):
            return "this one holds a cloze"
        prepared = self.prepare(source, span, in_cloze)
        if prepared.unchecked:
            return f"math-core does not know {prepared.unchecked}"
        return mathml(prepared.tex, span.display)[1]


def _formulas(found: Scan) -> Iterator[Span]:
    return (span for span in found.spans if span.kind is SpanKind.FORMULA)


def _problem(note: Note, text: Text, span: Span, finding: FormulaFinding) -> Problem:
    line, column = text.place(span.tex_start + finding.offset)
    severity = Severity.ERROR if finding.wrong else Severity.INFO
    return Problem(note.file, line, column, severity, finding.code, finding.message, finding.hint)
