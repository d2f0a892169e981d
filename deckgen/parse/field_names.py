"""Names of fields and note types as Anki and its users have them, in several languages."""

import re

from deckgen.lazy_patterns import lazy_pattern

_FRONT = "Front|Question|Vorderseite|Frage|Recto|Anverso|Pregunta|Fronte|Domanda|Frente|Pergunta|Вопрос|正面|问题|表面|表|질문|앞면"
_BACK = (
    "Back|Answer|Rückseite|Antwort|Verso|Reverso|Respuesta|Retro|Risposta|Resposta|Ответ|背面|答案|裏面|裏|답변|뒷면"
)
_TEXT = "Text|文字|文本|テキスト"
_EXTRA = "Back Extra|Extra|Remarks|Notes?|Zusatz|备注|背面附加|追記"
_OPTION = "Add Reverse"
_NAMES = "|".join((_EXTRA, _OPTION, _FRONT, _BACK, _TEXT))
FIELD = lazy_pattern(rf"[ \t>]*(?:\*\*)?(?P<name>{_NAMES})(?:\*\*)?[ \t]*[:：](?:\*\*)?[ \t]*", re.I)
"""The label of a field at the beginning of a line."""
FIELD_INSIDE = lazy_pattern(rf"(?:^|(?<=\s))(?P<name>{_NAMES}):[ \t]+")
"""The label of a field inside a line."""
TYPE = lazy_pattern(
    r"^[ \t>]*(?:Basic|Cloze|问答题|填空题|基本|穴埋め|Einfach|Lückentext|Básico|Texte à trous|基础)\b", re.I
)
"""The name of one of Anki's own note types at the beginning of a line."""
_CLOZE = lazy_pattern(r"cloze|填空|穴埋め|lückentext|texte à trous|respuesta anidada", re.I)
_REVERSED = lazy_pattern(r"\band reversed|反向|逆|umgekehrt", re.I)
_TYPED = lazy_pattern(r"type in|输入|eintippen", re.I)


def is_front(name: str) -> bool:
    """Whether a field is the one on the front."""
    return re.fullmatch(_FRONT, name, re.I) is not None


def is_extra(name: str) -> bool:
    """Whether a field adds something on the back."""
    return re.fullmatch(_EXTRA, name, re.I) is not None


def is_option(name: str) -> bool:
    """Whether a field shows nothing and only asks for the reversed card."""
    return re.fullmatch(_OPTION, name, re.I) is not None


def is_cloze_type(kind: str) -> bool:
    """Whether a note type is one with clozes."""
    return _CLOZE.search(kind) is not None


def classes_of_type(kind: str) -> frozenset[str]:
    """The attributes that stand for what a note type adds to a question and an answer."""
    return frozenset(name for name, pattern in (("reversed", _REVERSED), ("typed", _TYPED)) if pattern.search(kind))
