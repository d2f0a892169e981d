"""Why a picture had to be computed: its parts beside those of the pictures there were before."""

from collections.abc import Iterable

from deckgen.figures.key import Part

NAMES = {"code": "code of {}", "data": "data file {}", "font": "font {}", "style": "house style ({})", "library": "{}"}


def reasons(parts: tuple[Part, ...], history: Iterable[tuple[Part, ...]]) -> tuple[str, ...]:
    """What differs from the latest picture with the same parameters, else from the latest of the figure.

    `history`: the parts of earlier pictures of the same figure, the latest first.
    """
    history = list(history)
    if not history:
        return ("new",)
    before = next((old for old in history if of("parameter", old) == of("parameter", parts)), history[0])
    if set(before) == set(parts):
        return ("the picture was gone",)
    return tuple(differences(before, parts))


def of(kind: str, parts: Iterable[Part]) -> set[Part]:
    return {part for part in parts if part.kind == kind}


def differences(before: tuple[Part, ...], after: tuple[Part, ...]) -> list[str]:
    """In words, in the order of the parts."""
    old, new = ({(part.kind, part.name): part.value for part in parts} for parts in (before, after))
    return [difference(*place, old.get(place), new.get(place)) for place in {**new, **old} if old.get(place) != new.get(place)]


def difference(kind: str, name: str, old: str | None, new: str | None) -> str:
    """One part that came, went or changed; versions and parameters with their values."""
    if kind == "parameter":
        return f"parameter {name}={new}" if new is not None else f"no parameter {name}"
    what = NAMES[kind].format(name)
    if old is None or new is None:
        return f"{what} {'added' if old is None else 'removed'}"
    return f"{what} {old} → {new}" if kind == "library" else f"{what} changed"
