"""The labels of the figures in each language."""


def labels_in(lang: str, labels: dict[str, dict[str, str]]) -> dict[str, str]:
    """The labels of one language by their names, from a figure's table of languages.

    Raises ValueError if the table does not have the language.
    """
    if lang not in labels:
        raise ValueError(f"lang is {lang!r}, but there are labels in {', '.join(sorted(labels))} only")
    return labels[lang]
