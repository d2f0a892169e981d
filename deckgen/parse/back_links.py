"""Links from below an answer back to the top of a page."""

import re

from deckgen.lazy_patterns import lazy_pattern

_TO_ANCHOR = lazy_pattern(r"\]\(#[^()]*\)|<a\b[^<>]*href=[\"']?#[^<>]*>", re.I)
_BACK = lazy_pattern(
    r"(?:(?:go )?(?:back|return)? ?to (?:the )?)?(?:top|table of contents?|contents?|index|menu|toc|questions|list)|top of page|返回(?:顶部|目录|首页|上一级)?|回到?(?:顶部|目录)|目录|トップへ戻る|目次へ"
)


def leads_back(line: str) -> bool:
    """Whether a line is only a link to the top of the page, or to its contents."""
    if not _TO_ANCHOR.search(line):
        return False
    plain = re.sub(r"<[^<>]*>", " ", _TO_ANCHOR.sub(" ", line))
    words = re.sub(r"[\W_]+", " ", plain).strip().lower()
    return bool(_BACK.fullmatch(words)) or (not words and any(sign in line for sign in "⬆↑▲🔝🔙↥"))
