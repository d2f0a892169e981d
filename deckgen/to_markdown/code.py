"""Code of a field → a fence of Markdown with its language.

The HTML of highlighted code does not name its language. It is found by rendering the code in each of the usual languages.
"""

import re
from collections.abc import Callable

from bs4 import Tag
from pygments.token import STANDARD_TYPES

from deckgen.lazy_patterns import lazy_pattern
from deckgen.render.html import classes

# In the order in which they are tried. Of two languages with the same HTML the first is taken.
_LANGUAGES = (
    "python bash json javascript typescript c cpp java go rust sql yaml html css xml toml ini diff console pycon latex "
    "r ruby php kotlin swift scala haskell lua perl csharp matlab julia cuda dockerfile makefile powershell text"
).split()
_FENCES = lazy_pattern("`{3,}|~{3,}", re.M)
_TOKEN_CLASSES = frozenset(STANDARD_TYPES.values())
_LANGUAGE_CLASS = lazy_pattern(r"(?:language|lang)-([\w+#-]+)")


def is_code_block(element: Tag) -> bool:
    """Whether an element is a block of code as deckgen renders it, or as other Markdown renderers do."""
    pre = _pre(element)
    if pre is None or pre.find(lambda tag: tag.name not in ("code", "span")) is not None:
        return False
    return element.name == "pre" or classes(element) == ["highlight"]


def fences(element: Tag, renders: Callable[[str], bool] | None) -> list[str]:
    """The ways of writing a block of code, the best first. `renders` says whether Markdown renders as the element."""
    text = element.get_text().strip("\n")
    named = [
        match[1] for tag in element.find_all("code") for name in classes(tag) if (match := _LANGUAGE_CLASS.match(name))
    ]
    if element.find("span", class_=True) is None:
        return [_fence(text, name) for name in (*named, "")]
    if renders is None:
        return [_fence(text, name) for name in (*named, "python")]
    languages = (*named, *_LANGUAGES) if _is_of_pygments(element) else ()
    found = next((fence for name in languages if renders(fence := _fence(text, name))), None)
    return [found or _fence(text, "")]


def _is_of_pygments(element: Tag) -> bool:
    """Whether all classes of a block of code are those of Pygments. No language renders as the code of another highlighter.

    A kind of token that only one language has is written behind that of its parent: `n-Type`.
    """
    names = {name.partition("-")[0] for span in element.find_all("span", class_=True) for name in classes(span)}
    return names <= _TOKEN_CLASSES


def inline_code(text: str) -> str:
    """Code in a line, between as many backticks as it needs."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    around = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{around}{text}{around}{ticks}"


def _fence(text: str, language: str) -> str:
    longest = max(map(len, _FENCES.findall(text)), default=2)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{language}\n{text}\n{mark}"


def _pre(element: Tag) -> Tag | None:
    if element.name == "pre":
        return element
    inner = [child for child in element.contents if isinstance(child, Tag)]
    only = inner[0] if len(inner) == 1 and len(element.contents) == 1 else None
    return only if only is not None and only.name == "pre" and element.name == "div" else None
