"""One note → the HTML of its fields: mask, render as MkDocs does, attach media, restore.

The rules of math, clozes, media and links stand beside this module; here is only their order.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from msgspec import Struct, field
from msgspec.structs import replace

from deckgen.cloze.highlight import highlight_clozes
from deckgen.cloze.source import escape_cloze_marks, find_cloze_marks, find_unclosed_clozes
from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Media, Note, NoteType, RenderedNote, Text
from deckgen.problems import Problem, Severity
from deckgen.render import links, occlusion
from deckgen.render.clean import clean
from deckgen.render.content import content_problems, plain_math_problems
from deckgen.render.convert import Converter
from deckgen.render.diagrams import with_diagrams
from deckgen.render.figures import with_images
from deckgen.render.html import html_of, parse_html, plain_text
from deckgen.render.input import RenderInput
from deckgen.render.left_out import UNSEEN, left_out
from deckgen.render.mask import Masks, literal_tokens, masked
from deckgen.render.math import Formulas
from deckgen.render.media import ACTIVE_TEXT, MediaFiles
from deckgen.render.options import RenderOptions
from deckgen.render.plain_source import is_bare_line, is_plain_line, plain_paragraphs
from deckgen.render.references import Lookup
from deckgen.render.source import with_closed_fence, without_comments
from deckgen.render.unknown_tags import unknown_tags
from deckgen.render.wiki import resolve_wiki_links
from deckgen.scan import Scan, SpanKind, scan

_NEEDS_TREE = lazy_pattern(r"<(?:img|a|audio|video|source|object|embed)\b", re.I)
_SOUND = lazy_pattern(r"\[sound:([^\]\n]+)\]")
_ACTIVE = lazy_pattern(r"\[(?=sound:|anki:|latex\]|/latex\]|\$\$?\]|/\$\$?\])", re.I)
_BLANK_LINE = lazy_pattern(r"\n[ \t]*(?:\n|\Z)")
_MARKUP = lazy_pattern("[<>\"']")


class _Field(Struct):
    """What rendering one text leaves behind."""

    html: str = ""
    media: list[Media] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    occluded: occlusion.Occluded = field(default_factory=occlusion.Occluded)


class FieldRenderer:
    """Renders values: what comes out depends on the value alone. For one thread at a time."""

    def __init__(self) -> None:
        self._converter = Converter()
        self._formulas_of = lru_cache(maxsize=8)(_formulas)

    def render(self, value: RenderInput) -> tuple[RenderedNote, list[Problem]]:
        """The fields and media of a value, and problems whose lines count from the question."""
        return self.render_with(
            value.note, value.notetype, value.page, value.options, dict(value.references).__getitem__
        )

    def render_with(
        self, note: Note, notetype: NoteType, page: str, options: RenderOptions, lookup: Lookup
    ) -> tuple[RenderedNote, list[Problem]]:
        """The same with a function that says what each reference stands for."""
        formulas = self._formulas_of(options.macros, options.mathml)
        try:
            drawn, wrong = with_images(note, lookup)
            answer, undrawn = with_diagrams(drawn, drawn.answer, lookup)
            drawn = drawn if answer is drawn.answer else replace(drawn, answer=answer)
            rendered, problems = _Rendering(
                self._converter, notetype, formulas, page, lookup, options.unsafe
            )._rendered(drawn)
        except RecursionError:
            # The instance stays in the middle of the note.
            self._converter = Converter()
            return RenderedNote(note, notetype, {each.name: "" for each in notetype.fields}, ()), [_too_deep(note)]
        return rendered if drawn is note else replace(rendered, note=note), wrong + undrawn + problems


def _too_deep(note: Note) -> Problem:
    message, hint = "the note is nested too deeply", "use fewer lists or quotes inside each other"
    return Problem(note.file, note.line, 1, Severity.ERROR, "note-nested", message, hint)


def _formulas(macros: tuple[tuple[str, str], ...], mathml: bool) -> Formulas:
    return Formulas(dict(macros), mathml)


class _Rendering:
    """The rendering of one note. `page` is the address that its relative links start from (empty: they lose their target).

    With `unsafe`, all HTML of the note is kept.
    """

    def __init__(
        self, converter: Converter, notetype: NoteType, formulas: Formulas, page: str, lookup: Lookup, unsafe: bool
    ):
        self._converter = converter
        self._notetype = notetype
        self._formulas = formulas
        self._base_url = page
        self._lookup = lookup
        self._media = MediaFiles(lookup, keeps_missing=notetype.imported)
        self._unsafe = unsafe

    def _rendered(self, note: Note) -> tuple[RenderedNote, list[Problem]]:
        notetype = self._notetype
        static, left = self._formulas.static(note, notetype)
        # In an imported type any field may have clozes, and blocks.
        imported, clozes = notetype.imported, notetype.asks_clozes
        question = (
            _Field()
            if note.statement
            else self._text(note, note.question, static, inline=True, cloze_marks=imported and clozes)
        )
        given = [self._text(note, text, static) for text in note.given]
        answer = self._text(note, note.answer, static, cloze_marks=clozes)
        source = self._text(note, note.source, static, inline=True) if note.source else _Field()
        labelled = {
            name: self._text(note, text, static, inline=not imported, cloze_marks=imported and clozes)
            for name, text in note.labelled
        }
        texts = (question, *given, answer, source, *labelled.values())
        section, unsafe = self._section(note)
        values = {
            "question": _front(note, question, given),
            "answer": answer.html,
            "section": section,
            "source": source.html,
            "id": escape(note.id) if note.id and _MARKUP.search(note.id) else note.id or "",
            "reversed": "1" if "reversed" in note.classes else "",
            "typed": _typed(answer.html) if "typed" in note.classes else "",
            **occlusion.fields(answer.occluded),
        }
        media = {m.name: m for text in texts for m in text.media}
        rendered = RenderedNote(
            note,
            notetype,
            {
                each.name: labelled[each.name].html if each.name in labelled else values.get(each.role, "")
                for each in notetype.fields
            },
            tuple(media[name] for name in sorted(media)),
            answer.occluded.parts,
        )
        problems = left + unsafe + [problem for text in texts for problem in text.problems]
        if notetype.occludes:
            problems += occlusion.problems(note, answer.occluded)
        elif not imported:
            problems += content_problems(note, rendered)
        return rendered, problems

    def _section(self, note: Note) -> tuple[str, list[Problem]]:
        """The breadcrumb: title and headings above the question, each with its inline markup. Also what was taken out of it."""
        names = [self._text(note, Text(name, note.line), False, inline=True) for name in note.section]
        # The note does not know the lines of the headings.
        unsafe = [replace(each, column=1) for name in names for each in name.problems if each.code == "html-unsafe"]
        return escape_cloze_marks(" › ".join(name.html for name in names)), unsafe

    def _text(self, note: Note, text: Text, static: bool, *, inline: bool = False, cloze_marks: bool = False) -> _Field:
        if inline and is_bare_line(text.source):
            return _Field(text.source)
        result = _Field()
        masks = Masks()
        found = scan(text.source)
        result.problems += [
            *self._formulas.problems(note, text, found, cloze_marks),
            *plain_math_problems(note, text, found),
        ]
        source = self._mask(note, text, found, masks, result, cloze_marks, static)
        if inline:
            html = self._inline(source, masks, note.link_targets)
        elif self._notetype.imported:
            html = self._field(source, masks, found)
        else:
            html = self._block(
                with_closed_fence(source, found), note.definitions if text is note.answer else note.link_targets
            )
        if not self._unsafe:
            html, taken_out = clean(html, note, text, found)
            result.problems += [*taken_out, *self._formulas.unsafe(note, text, found, cloze_marks)]
        if _NEEDS_TREE.search(html):
            soup = parse_html(html)
            problems = resolve_wiki_links(soup, note, text, found, self._base_url, self._lookup)
            media, wrong = self._media.attach(soup, note, text, found, lambda name: _sound(masks, name))
            result.media += media
            result.problems += problems + wrong
            if self._base_url or not self._notetype.imported:
                result.problems += links.resolve_links(soup, note, text, found, self._base_url)
            if self._notetype.occludes and text is note.answer:
                taken = occlusion.take_out(soup, media)
                result.occluded = replace(taken, picture=masks.restore(_ACTIVE.sub("&#91;", taken.picture)))
            html = html_of(soup)
        if self._notetype.cloze:
            html = escape_cloze_marks(html)
        html = _ACTIVE.sub("&#91;", html)
        result.html = masks.restore(html)
        return result

    def _mask(
        self, note: Note, text: Text, found: Scan, masks: Masks, result: _Field, cloze_marks: bool, static: bool
    ) -> str:
        """The text with formulas, clozes, sounds and comments masked."""
        source = text.source
        cuts = [(m.start(), m.end(), m[0]) for m in literal_tokens(source)]
        if self._notetype.imported:
            cuts += [(match.start(), match.end(), match[0]) for match in ACTIVE_TEXT.finditer(source)]
        else:
            cuts += [(start, end, escape(source[start:end], quote=False)) for start, end in unknown_tags(source, found)]
        for span in found.spans:
            if span.kind is SpanKind.FORMULA:
                html = self._formulas.html(source, span, cloze_marks, static)
                cuts.append((span.start, span.end, _ACTIVE.sub("&#91;", html)))
        visible = found.blanked(source, UNSEEN)
        for each in left_out(source, found.blanked(source, UNSEEN, "\0"), found):
            cuts.append((each.start, each.end, ""))
            result.problems += [each.problem(note, text)] if each.what else []
        for match in _SOUND.finditer(visible):
            media, problems = self._media.sound(match[1], note, text, match.start())
            result.media += media
            result.problems += problems
            if media or self._notetype.imported:
                # Learners may have the sound that the package of an imported note lacked.
                name = media[0].name if media else match[1]
                cuts.append((match.start(), match.end(), f"[sound:{name}]"))
        if cloze_marks:
            cuts += [(start, end, source[start:end]) for start, end, _ in find_cloze_marks(visible)]
            if note.highlight_clozes:
                cuts += highlight_clozes(found.blanked(source, UNSEEN, "\0"))
            result.problems += [
                Problem(
                    note.file,
                    *text.place(offset),
                    Severity.ERROR,
                    "cloze-unclosed",
                    "the cloze is never closed",
                    "close it with }}",
                )
                for offset in find_unclosed_clozes(visible)
            ]
        return masked(source, cuts, masks, cloze_marks)

    def _inline(self, text: str, masks: Masks, definitions: str = "") -> str:
        """Text of one line, with inline markup only: behind a mask for nothing no block can open."""
        if is_plain_line(text):
            return text
        line = masks.add("", "") + " ".join(text.split("\n"))
        html = self._converter.convert(_with_definitions(line, definitions))
        return html.removeprefix("<p>").removesuffix("</p>")

    def _field(self, text: str, masks: Masks, found: Scan) -> str:
        """The field of an imported type: text up to the first empty line without a paragraph around it, and then blocks."""
        head, _, tail = _BLANK_LINE.sub("\0", text, count=1).partition("\0")
        html = [self._inline(head.strip(), masks)] if head.strip() else []
        return "\n".join([*html, *([self._block(with_closed_fence(tail, found), "")] if tail.strip() else [])])

    def _block(self, text: str, definitions: str) -> str:
        if definitions:
            return self._converter.convert(_with_definitions(text, definitions))
        html = plain_paragraphs(text)
        return self._converter.convert(text) if html is None else html


def _with_definitions(text: str, definitions: str) -> str:
    return f"{text}\n\n{without_comments(definitions)}" if definitions else text


def _front(note: Note, question: _Field, given: Sequence[_Field]) -> str:
    """The question with what is given, in the order in which they stand in the file."""
    if not given:
        return question.html
    above = sum(text.line < note.question.line for text in note.given)
    asked = [f"<p>{question.html}</p>"] if question.html else []
    return "\n".join([*(each.html for each in given[:above]), *asked, *(each.html for each in given[above:])])


def _sound(masks: Masks, name: str) -> str:
    """What plays a media file, as one character that stays as it is."""
    return masks.add(f"[sound:{name}]", f"[sound:{name}]")


def _typed(answer: str) -> str:
    """The answer as text, for `{{type:…}}`."""
    return _ACTIVE.sub("&#91;", escape(plain_text(answer), quote=False))
