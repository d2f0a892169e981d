"""The words of a figure in the language of the note that shows it."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def in_language(labels: Mapping[str, T], lang: str) -> T:
    """What `labels` has for `lang`. ValueError for a language that it lacks."""
    if lang not in labels:
        raise ValueError(f"lang = {lang!r}: the labels are written in {' and '.join(labels)}")
    return labels[lang]
