"""Words that say "here is the answer": as a label before it, as a heading over it, as the title of a block that hides it."""

import re

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.parse.document import Document, Line

_LONG = (
    "(?:the |model |sample |suggested |correct |right )?answers?(?: key)?|(?:model |sample |full )?solutions?|参考答案|标准答案|正确答案|答案解析|参考解答|答案|解答|回答"
    "|參考答案|標準答案|正確答案|答え|解答例|正解|정답|해답|모범 ?답안|ответы?|решение|réponses?|la réponse|corrigé|antwort(?:en)?|lösung(?:en)?|musterlösung"
    "|respuestas?|soluci[oó]n(?:es)?|rispost[ae]|soluzion[ei]|respostas?|solução|đáp án|lời giải|câu trả lời|cevap|odpowiedź|odpověď|vastaus|antwoord|svar"
)
_SHORT = "a|ａ|ans|答|解|답|ответ"
_NAMED = lazy_pattern(_LONG, re.I)
# What a reader is told to do with a block that is folded.
_DO = r"(?:(?:please )?(?:click|tap|press|hover)(?: here| me)?(?: to| for)?|点击(?:这里|此处|我)?|點擊(?:這裡|此處)?|點我|点我|クリックして|クリックで)"
_SHOW = "(?:show|see|view|reveal|display|expand|open|unfold|toggle|check|查看|显示|顯示|展开|展開|看|揭晓|voir|afficher|ver|mostrar|mostra|zeigen?|anzeigen|показать|посмотреть|表示|を見る)"
_TAIL = r"(?:\s*(?:to|of|for)?\s*(?:the )?(?:question|exercise|problem|task|q|题|问题|練習)?\s*#?\d*)?"
_WORDS = rf"(?:{_LONG}|ans|hidden|spoiler|explanation|results?|output|details?|more|it|解析|解説|详解|詳解|详情|详细|解释|說明|说明|結果|结果|更多|折叠|全部)"
_TITLE = lazy_pattern(
    rf"(?!{_TAIL}$){_DO}?\s*(?:{_SHOW}\s*){{0,2}}(?:me )?(?:the |my |our |la |le |l |les |die |der |das |el |los |il |lo |a |o )?"
    rf"(?:{_WORDS}(?:\s*(?:and|&|与|和|及|\+|、)?\s*(?:explanations?|solutions?|answers?|解析|解説|解释|解答|discussion))?)?"
    rf"(?:\s*(?:を表示|を見る|보기|zeigen|anzeigen))?{_TAIL}",
    re.I,
)
_LONGEST_TITLE = 200  # characters; the time grows with the cube of the number of blanks
_DECORATION = lazy_pattern(r"<[^<>]*>|[\W_]+")
_HINT = lazy_pattern(
    r"(?:(?:show|see|view|need a?|查看|显示)\s*)?(?:a )?(?:hints?|tips?|clues?|提示|ヒント|힌트|подсказка|indice|pista|hinweis|tipp|dica|suggerimento)\s*\d*",
    re.I,
)
_MARK = r"\*\*\*|\*\*|__|\*|_"
_LABEL = lazy_pattern(
    rf"[ \t]*+(?P<bullet>[-*+][ \t]++)?(?:(?P<mark>{_MARK})?(?P<word>(?P<long>{_LONG})|(?P<short>{_SHORT}))[ \t]*+\d*+(?P<inner>(?P=mark))?[ \t]*+[:：]"
    rf"|(?P<mark2>{_MARK})?[【\[［](?:{_LONG})[】\]］](?:(?P=mark2))?[:：]?"
    rf"|(?:\*\*|__)(?:{_LONG})[.。]?(?:\*\*|__)(?=[ \t]*$))[ \t]*",
    re.I,
)
# Most lines have none of these, and are no labels.
_MARK_OF_LABEL = lazy_pattern(r"[:：】\]］]|\*\*|__")
_OPTION = lazy_pattern(
    r"[ \t]*(?:[-*+][ \t]+)?(?:\[[ xXхХ]?\][ \t]*)?(?:\*\*)?[（(]?([A-Ha-hＡ-Ｈ])(?:\*\*)?[.．、)）:：](?!//)"
)
_LISTED = lazy_pattern(r"[ \t]*[-*+][ \t]+\S")
_FEWEST_OPTIONS = 2


class Label(Struct, frozen=True):
    """An answer's label at the beginning of a line, up to the character at `end`; `long` says that it is a word and no letter.

    `emphasis` is the mark that opens before the label and closes behind the answer, from the character at `start` on. The
    label of a list item has so many characters of `indent` before it.
    """

    start: int
    end: int
    long: bool
    emphasis: str = ""
    indent: int = 0


def answer_labels(document: Document) -> dict[int, Label]:
    """Index of a line → the label of an answer with which it begins. Call it with `document.once`."""
    return {i: label for i, line in enumerate(document.lines) if (label := answer_label(line))}


def answer_label(line: Line) -> Label | None:
    """The label of an answer with which a line begins: `A:`, `答：`, `**Answer:**`, `【答案】`."""
    match = _LABEL.match(line.text) if line.open and _MARK_OF_LABEL.search(line.text) else None
    if match is None:
        return None
    end, indent = match.end(), match.end("bullet") if match["bullet"] else 0
    mark = match["mark"] if match["word"] else None
    if not mark or match["inner"]:
        return Label(match.start(), end, match["short"] is None, indent=indent)
    if line.text.startswith(mark, end):
        end += len(mark)
        return Label(match.start(), end + _blanks(line.text, end), match["short"] is None, indent=indent)
    return Label(match.start("mark"), end, match["short"] is None, mark, indent)


def _blanks(text: str, at: int) -> int:
    return len(text) - at - len(text[at:].lstrip(" \t"))


def hides_an_answer(title: str) -> bool:
    """Whether the title of a block says only that the answer is in it, or nothing at all."""
    plain = plain_title(title)
    return not plain or (len(plain) <= _LONGEST_TITLE and _TITLE.fullmatch(plain) is not None)


def names_an_answer(title: str) -> bool:
    """Whether a word for an answer is in a title."""
    return _NAMED.search(plain_title(title)) is not None


def is_hint(title: str) -> bool:
    """Whether the title of a block says that it helps with the question."""
    return _HINT.fullmatch(plain_title(title)) is not None


def is_answer_heading(text: str) -> bool:
    """Whether a heading says nothing but that the answer is below it."""
    plain = plain_title(text)
    return bool(plain) and bool(re.fullmatch(rf"(?:(?:{_LONG}|答|ans)s?)(?: ?\d+)?", plain, re.I))


def plain_title(title: str) -> str:
    """The words of a title, without tags, marks and emoji around and between them."""
    return _DECORATION.sub(" ", title).strip()


def has_options(document: Document, first: int, last: int) -> bool:
    """Whether the lines with indices `first` to `last` hold options to choose from: A, B, …"""
    letters = [
        match[1].upper()
        for line in document.lines[first : last + 1]
        if line.open and (match := _OPTION.match(line.text))
    ]
    return len(letters) >= _FEWEST_OPTIONS and letters[0] in "AＡ"


def is_first_option(document: Document, index: int, last: int) -> bool:
    """Whether a line that begins with `A:` is the first of several options, and no label."""
    match = _OPTION.match(document.lines[index].text)
    if match is None or match[1].upper() not in "AＡ":
        return False
    following = (_OPTION.match(line.text) for line in document.lines[index + 1 : last + 1] if line.open)
    return next((found[1].upper() for found in following if found), "") in ("B", "Ｂ")
