"""How Markdown writes what several packages look for: regular expressions to build others from."""

FENCE_MARK = r"(?:`{3,}|~{3,})"
"""What opens or closes a code fence."""
IMAGE = r"""!\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\(\s*(?P<target>\S+?)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)"""
"""An image, `![alt](target "title")`. The group `target` is what it loads."""
