"""HTML of a field → Markdown that renders as the same HTML."""

from collections.abc import Collection, Mapping

from bs4 import BeautifulSoup
from bs4.element import NavigableString
from msgspec.structs import replace

from deckgen.to_markdown.active import active_masks, masked, masking, one_line, unmasked
from deckgen.to_markdown.form import Converted, Form, Render
from deckgen.to_markdown.normal import is_too_deep, parse_field
from deckgen.to_markdown.writer import Writer

_LONGEST = 200_000  # characters of a field that is rendered in several ways


def markdown_of(
    html: str,
    form: Form,
    *,
    clozes: bool = False,
    names: Mapping[str, str] | None = None,
    render: Render | None = None,
    headings_from: int = 3,
    exact: Collection[str] = (),
) -> Converted:
    """Return the Markdown of the HTML of a field.

    With `clozes` the field has the marks of clozes. `names` maps the names of media files to their references in Markdown: the path of
    a file, or `figure:NAME?a=1`. Headings above the level `headings_from` stay as HTML.

    `exact` are names of elements for which other CSS counts than for those that Markdown makes in their place: such as `b`, which would become
    `<strong>`, and `div`, which would become a line break. They stay as HTML.

    With `render`, signs of Markdown are chosen only if they give the same HTML, up to `normal_html`; other elements stay as HTML. Without
    it, the usual signs are taken, and the caller compares. Nothing is lost if Markdown cannot say the field: `same` is False then.
    """
    masks = active_masks(html)
    if masks:
        plain = masked(html, masks)
        own = None if render is None else masking(render, masks)
        result = markdown_of(
            plain, form, clozes=clozes, names=names, render=own, headings_from=headings_from, exact=exact
        )
        return replace(result, markdown=unmasked(result.markdown, masks))
    if render is not None and len(html) > _LONGEST:
        render = None
    writer = Writer(form, clozes, names or {}, headings_from, render, frozenset(exact))
    if "<" not in html and "&" not in html and form is not Form.BLOCKS:
        soup = BeautifulSoup("", "html.parser")
        soup.append(NavigableString(html))
    else:
        soup = parse_field(html)
    if is_too_deep(soup):
        return Converted(one_line(html), ("<…>",), False)
    if form is Form.FIELD and clozes and writer.top.has_cloze_of_blocks(soup):
        result = writer.flat(soup)
        return result if render is None else replace(result, same=writer.is_same(result.markdown, html))
    result = writer.usual(soup)
    if render is None or writer.is_same(result.markdown, html):
        return Converted(result.markdown, result.kept, None if render is None else True)
    return writer.careful(html)
