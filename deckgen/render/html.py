"""HTML as text: of fields, and of attributes, for which Beautiful Soup has a list, a text or None."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.element import AttributeValueList
from bs4.exceptions import ParserRejectedMarkup
from bs4.formatter import HTMLFormatter

from deckgen.lazy_patterns import lazy_pattern


class _DoubleQuotes(HTMLFormatter):
    """Writes all attributes in double quotes: text that is put into them later has its double quotes escaped, and no others."""

    @classmethod
    def quoted_attribute_value(cls, value: str) -> str:
        """Quote a value in which `&` and `<` are escaped."""
        return '"' + value.replace('"', "&quot;") + '"'


_FORMATTER = _DoubleQuotes(entity_substitution=EntitySubstitution.substitute_xml)


# What Python's parser refuses: `<![` before other words than those of SGML and Word. Browsers take it for a comment.
_REFUSED = lazy_pattern(r"<!\[(?!(?:temp|cdata|ignore|include|rcdata|if|else|endif)(?![-_.a-z0-9]))([^>]*)>?", re.I)


def parse_html(html: str, **options: Any) -> BeautifulSoup:
    """Return the tree of any text as HTML. `options` are those of Beautiful Soup."""
    try:
        return BeautifulSoup(html, "html.parser", **options)
    except ParserRejectedMarkup:
        return BeautifulSoup(_REFUSED.sub(r"<!--[\1-->", html), "html.parser", **options)


def html_of(element: Tag) -> str:
    """The HTML of an element or a tree."""
    return element.decode(formatter=_FORMATTER)


def attribute(element: Tag, name: str) -> str:
    """The value of an attribute; "" if the element does not have it."""
    value = element.get(name)
    return value if isinstance(value, str) else " ".join(value or ())


def take_attribute(element: Tag, name: str) -> str:
    """Remove an attribute and return its value; "" if the element did not have it."""
    value = attribute(element, name)
    element.attrs.pop(name, None)
    return value


def classes(element: Tag) -> list[str]:
    """The classes of an element, in their order."""
    return attribute(element, "class").split()


def set_classes(element: Tag, names: list[str]) -> None:
    """Make these the classes of an element."""
    element["class"] = AttributeValueList(names)


def parent_of(element: Tag) -> Tag:
    """The element around an element that stands in a tree."""
    assert element.parent is not None
    return element.parent


def plain_text(html: str) -> str:
    """The text of a field, white space folded."""
    if "<" in html or "&" in html:
        soup = parse_html(html)
        for annotation in soup.select("math annotation"):
            math = annotation.find_parent("math")
            if math is not None:
                math.replace_with(f"\\({annotation.get_text()}\\)")
        html = soup.get_text()
    return " ".join(html.split())
