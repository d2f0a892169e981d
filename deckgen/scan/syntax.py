"""Regular expressions for Markdown syntax that several packages use."""

FENCE_MARK = r"(?:`{3,}|~{3,})"
"""The mark that opens or closes a code fence."""
# Brackets may be nested twice, as in figure:f?points=((1,2),(3,4)).
_TARGET = r"<[^<>\n]*>|(?:[^\s()]|\((?:[^\s()]|\([^\s()]*\))*\))+"
IMAGE = rf"""!\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\(\s*(?P<target>{_TARGET})(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)"""
"""An image, `![alt](target "title")`. The group `target` is its path or reference."""
