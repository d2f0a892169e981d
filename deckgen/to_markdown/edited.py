"""The author's Markdown with what was edited in the HTML of a field."""

from collections.abc import Callable, Iterator, Mapping

from deckgen.merge import Chunk, merge_touching, words
from deckgen.to_markdown.convert import markdown_of
from deckgen.to_markdown.form import Converted, Form, Render
from deckgen.to_markdown.normal import same_html

_Same = Callable[[str, str], bool]
"""Whether two Markdown texts render as the same HTML."""

_Merge = Callable[[str, str, str, _Same], str]


def edited_source(
    source: str,
    base: str,
    edited: str,
    form: Form,
    *,
    render: Render,
    clozes: bool = False,
    names: Mapping[str, str] | None = None,
    headings_from: int = 3,
) -> Converted:
    """Return Markdown that renders as `edited`, in the author's style wherever the edit did not touch it.

    `source` is the author's Markdown, and `base` the HTML that it rendered as. Equal HTML returns `source` as it is, byte for byte. Other
    arguments are those of `markdown_of`.

    Both HTML texts are written as Markdown. What differs between the two is merged into the source: word by word; if that does not render as
    `edited`, by words in those lines or blocks in which it does, by lines, by blocks, and last the whole text. `same` of the result says whether it renders as `edited`.
    """
    blocks = form is Form.BLOCKS
    if same_html(base, edited, blocks=blocks):
        return Converted(source, (), True)
    before = markdown_of(base, form, clozes=clozes, names=names, render=render, headings_from=headings_from)
    after = markdown_of(edited, form, clozes=clozes, names=names, render=render, headings_from=headings_from)
    kept = tuple(tag for tag in after.kept if tag not in before.kept)
    for merged in _merged(
        source, before.markdown, after.markdown, lambda one, other: same_html(render(one), render(other), blocks=blocks)
    ):
        if same_html(render(merged), edited, blocks=blocks):
            return Converted(merged, kept, True)
    return Converted(after.markdown, after.kept, after.same)


def _merged(source: str, before: str, after: str, same: _Same) -> Iterator[str]:
    """Yield the source with the changes between two texts, merged in finer and then in coarser pieces."""
    # In a conflict the source has other signs than the text of the field. The edit counts there.
    yield merge_touching(words(before), words(source), words(after)).theirs
    yield _by_lines(source, before, after, same)
    chunks = merge_touching(_blocks(before), _blocks(source), _blocks(after)).chunks
    yield "".join(_chunk(each, same, _by_lines) for each in chunks)
    for pieces in (_lines, _blocks):
        yield merge_touching(pieces(before), pieces(source), pieces(after)).theirs


def _by_lines(source: str, before: str, after: str, same: _Same) -> str:
    chunks = merge_touching(_lines(before), _lines(source), _lines(after)).chunks
    return "".join(_chunk(each, same) for each in chunks)


def _chunk(chunk: Chunk, same: _Same, finer: _Merge | None = None) -> str:
    """A chunk of lines or blocks. If both sides changed it, finer pieces are merged, if that renders as the side of the edit."""
    if not chunk.is_conflict:
        return chunk.merged
    merged = merge_touching(words(chunk.base), words(chunk.ours), words(chunk.theirs)).theirs
    if same(merged, chunk.theirs):
        return merged
    merged = finer(chunk.ours, chunk.base, chunk.theirs, same) if finer else chunk.theirs
    return merged if same(merged, chunk.theirs) else chunk.theirs


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _blocks(text: str) -> list[str]:
    """The text in blocks, each with the empty lines after it. Code with empty lines in it may be in several pieces."""
    found: list[str] = []
    for line in _lines(text):
        if found and not (line.strip() and not found[-1].splitlines()[-1].strip()):
            found[-1] += line
        else:
            found.append(line)
    return found
