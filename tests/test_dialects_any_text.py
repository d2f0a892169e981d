"""Any text made of pieces of the dialects: reading never fails, every text is in the file where it says, and no line is lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.parse.detect import detections
from deckgen.parse.dialects import DIALECTS
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote
from deckgen.parse.reading import read_as
from deckgen.problems import Problem
from deckgen.scan import scan

PIECES = """
# Title
## What is asked?
### 1. Numbered
### 2、第二
#### Answer
## Term #card
## Q: Labelled?
Q: What?
**Q1：Bold？**
**Q**: Bold label?
**2.** Led?
**Run in?** Answer.
A: Answer.
**A:** Bold answer
答：回答
参考答案：
C: A [cloze] here
C: none
1、第一？
2、第二？ 答：有
3. Third?
   indented
    more
\tTab
- item
- A: option
- B: option
- [ ] open
- [x] checked
  - nested
?
??
???
%
---
***
??? question "Asked?"
??? success "Answer"
???+ note
    body
!!! note "Box"
<details><summary>What?</summary>
<details>
<summary>Show answer</summary>
</details>
<details><summary>Q?</summary>A</details>
<p>
</p>
+++info
+++info What?
+++
#question
#answer
> [!question]- What?
> > [!success]- Answer
> [!faq]
> [!answer]
> [!hint]
> quoted?
> > nested
>
#card
#flashcards
```
```js
~~~
$$
$x$ and `code`
<!--ID: 123-->
<!--SR:!2024-01-01,1,250-->
<!-- note_key: k1 -->
<!--
-->
^block-1
noteId: 1234567
[back to top](#top)
**Status**: done
Tags: a, b
1. ### In a list?
> quote
| a | b |
[^1]: note
text with words
{#id .reversed}
\u200b\t1、odd
""".strip("\n").split("\n")
TEXT = st.lists(st.sampled_from(["", "", *PIECES]), min_size=1, max_size=30).map("\n".join)


def document(source: str) -> Document:
    return Document("a.md", "a.md", source, scan(source, front_matter=True), {})


def at_its_place(note: RawNote, source: str) -> None:
    """The first line of each text stands in the file at the line and column that the text names."""
    lines = source.split("\n")
    for text in (note.question, *note.given, note.answer):
        for number, line in enumerate(text.source.split("\n"), text.line):
            assert not line.strip() or 1 <= number <= len(lines)
        if text.source and not note.statement and "[x]" not in lines[text.line - 1].lower():
            line, column = text.place(0)
            assert lines[line - 1][column - 1 :].startswith(text.source[:1]), (text, lines[line - 1])


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@settings(deadline=None, max_examples=60)
@given(source=TEXT)
def test_each_dialect_reads_any_text(dialect, source):
    read = document(source)
    reading = read_as(read, dialect, ())
    lines = source.split("\n")
    for note in reading.notes:
        at_its_place(note, source)
    for problem in reading.problems:
        assert isinstance(problem, Problem) and 1 <= problem.line <= len(lines)
    assert all(1 <= number <= len(lines) for number in reading.shown | reading.marks)


@settings(deadline=None, max_examples=150)
@given(source=TEXT)
def test_detections_are_ranked_and_say_what_they_saw(source):
    ranked = detections(document(source))
    assert list(ranked) == sorted(ranked, key=lambda each: each.rank, reverse=True)
    for each in ranked:
        assert each.detection.reason and (each.usable or each.shortfall)
        if each.usable:
            reading = read_as(document(source), each.dialect, ranked)
            assert reading.notes or reading.problems


@settings(deadline=None, max_examples=150)
@given(source=TEXT)
def test_no_dialect_sees_something_without_its_sign(source):
    """Dialects without their sign are not asked."""
    for dialect in DIALECTS:
        assert dialect.has_sign(f"\n{source}") or not dialect.detect(document(source)).strength, dialect.name


def test_most_dialects_have_a_sign_that_prose_lacks():
    prose = "\n# Title\n\n## What is it?\n\nAn answer: **bold** words, `code` and $x$.\n"
    assert sum(dialect.has_sign(prose) for dialect in DIALECTS) < 10


@settings(deadline=None, max_examples=100)
@given(source=TEXT)
def test_no_two_notes_have_the_same_question_line(source):
    for each in detections(document(source)):
        lines = [note.question.line for note in read_as(document(source), each.dialect, ()).notes]
        assert lines == sorted(lines)
        if each.dialect.name not in ("details", "labels"):
            assert len(set(lines)) == len(lines)


def test_the_pieces_show_every_dialect():
    """Else the texts above would leave one out."""
    folder = Path(__file__).parents[1] / "deckgen" / "parse" / "dialects"
    assert len(DIALECTS) >= len(list(folder.glob("[a-z]*.py")))
    source = "\n\n".join(PIECES)
    seen = {each.dialect.name for each in detections(document(source))}
    assert len(seen) >= len(DIALECTS) // 2
