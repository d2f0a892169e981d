"""The notes of the comparison, and the edits that each tool gets. Each tool has the same notes in its own notation."""

from dataclasses import dataclass

CODE = 'total = a_1 * b_2 * c_3 if a < b else "$5 and $6"'
FORMULA = r"\frac{a}{b^{c}}"


@dataclass(frozen=True)
class Entry:
    """A note of the comparison: its question and answer, or a text with a cloze."""

    key: str
    question: str
    answer: str


QUERY = Entry("query", "What is a query?", "What a position asks for.")
KEY = Entry("key", "What is a key?", "What a position offers.")
PROGRAM = Entry("code", "What does this line add?", f"```python\n{CODE}\n```")
CLOZE = Entry("cloze", "", f"The quotient is {{{{c1::${FORMULA}$}}}} of two numbers.")
ENTRIES = (QUERY, KEY, PROGRAM, CLOZE)
# The question of the first note before and after it is edited.
EDIT = ("What is a query?", "What is a query vector?")
