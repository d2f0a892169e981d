"""Pieces of note files in all the ways of writing questions, for files that are put together at random.

Each `@` becomes a word that is in the file once.
"""

NOTES = (
    "## @ why @?\n\n@ answer\n",
    "### 3. @ numbered\n\n- @ one\n- @ two\n",
    "#### @\n\n@ text {#@}\n",
    "**Q01：@ why？**\n\n@ answer\n",
    "**2) @**. @ behind\n\n@ answer\n",
    "**@?** @ on the line\n",
    "##### @?\n\n+++info\n\n@ inside\n\n+++\n",
    "+++warning @ title\n@ inside\n+++\n",
    "<details><summary>@?</summary>\n\n@ inside\n\n</details>\n",
    "## @?\n\n- A: @\n- B: @\n\n<details><summary>Answer</summary>\n<p>\n\n@ inside\n\n</p>\n</details>\n",
    '??? question "@?"\n    @ inside\n\n    @ more\n',
    'Which @?\n\n??? success "Answer"\n    @ inside\n',
    "Q: @?\nA: @\n",
    "Q: @?\n@ second line\nA:\n@ text\n\n@ more\n",
    "**Q**: @?\n\n**A**: @\n",
    "## Q: @?\n\nA: @\n",
    "C: The [@] of a [@] is @.\n",
    "4、@？\n\n答：@\n",
    "问：@？\n答：@\n",
    "@?\n?\n@ below\n@ more\n",
    "@\n??\n@\n",
    "@\n???\n@\n\n---\n",
    "## @\n\n@ front\n\n%\n\n@ back\n",
    "@::@\n",
    "@ :: @ more @\n",
    "@:::@\n",
    "- **@?**\n    - @ one\n        - @ deep\n    - @ two\n",
    "- @? #card\n  - @\n",
    "## @ #card\n\n@ below\n",
    "@ #card\n@ below\n",
    "---\n\n1. @?\n> @ quoted\n> @ more\n\n2. @ {{c1::@}}\n\n---\n",
    "START\nBasic\n@\nBack: @\nTags: @\n<!--ID: 1@-->\nEND\n",
    "T: @ {{c1::@}}\nE: @\n\n---\n",
    "Q: @?\nC1: @\nC2: @\nA: 1\n\n---\n",
    "1. ### @?\n\n    @ inside\n",
    "#### Q5. @?\n\n- [ ] @\n- [x] @\n- [ ] @\n",
    "The ==@== of @.\n",
    "#question\n@?\n\n#answer\n@\n",
)
OTHERS = (
    "# @\n",
    "## @\n",
    "### @ {#@ .@}\n",
    "@ paragraph\n@ and more\n",
    "- @\n- @\n\n    @ inside\n",
    "```python\n@ = @\n```\n",
    "    @ indented\n",
    "> @ quoted\n",
    "<!-- @ -->\n",
    "@ <!-- @ --> @\n",
    "[@]: https://example.org/@\n",
    "[^@]: @ note\n    @ more\n",
    "*[@]: @\n",
    "| @ | @ |\n|---|---|\n| @ | @ |\n",
    "$$\n@ = 1\n$$\n",
    "<div>@</div>\n",
    "<b>@</b> [@](https://example.org/@)\n",
    "#@/tag #@\n",
    "TARGET DECK: @\n",
    "FILE TAGS: @\n",
    "Source: @\n",
    "来源：@\n",
    "---\n",
    "+++\n",
    "+++info\n",
    "</details>\n",
    "@\n---\n",
    "?\n",
    "%\n",
    "A: @\n",
    '!!! note "@"\n    @ inside\n',
)
FRONT = (
    "",
    "---\ntitle: @\n---\n",
    "---\ntitle: @\ntags: [@, '@/@']\ncategories: [@]\ndescription: @\n---\n",
    "+++\ntitle = '@'\n+++\n",
    "---\nname = '@'\n---\n",
    "---\n@ no mapping\n---\n",
    "\ufeff",
)


def with_words(text: str) -> tuple[str, list[str]]:
    """The text with a word for each `@`, and the words."""
    first, *rest = text.split("@")
    words = [f"word{n}x" for n in range(len(rest))]
    return first + "".join(word + part for word, part in zip(words, rest)), words
