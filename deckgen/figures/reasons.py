"""Why a picture has to be computed: what it depends on beside that of the pictures that are frozen."""

from collections.abc import Iterable

from deckgen.figures.key import Dependency

NAMES = {"code": "code of {}", "data": "data file {}", "font": "font {}", "style": "house style ({})", "library": "{}"}


def reasons(now: tuple[Dependency, ...], history: Iterable[tuple[Dependency, ...]]) -> tuple[str, ...]:
    """What differs from the latest picture with the same parameters, else from the latest of the figure.

    `history`: the dependencies of the frozen pictures of the same figure, the latest first.
    """
    history = list(history)
    if not history:
        return ("new",)
    before = next((old for old in history if of("parameter", old) == of("parameter", now)), history[0])
    if set(before) == set(now):
        return ("the frozen picture was damaged",)
    return tuple(differences(before, now))


def of(kind: str, dependencies: Iterable[Dependency]) -> set[Dependency]:
    return {each for each in dependencies if each.kind == kind}


def differences(before: tuple[Dependency, ...], after: tuple[Dependency, ...]) -> list[str]:
    """In words, in their order."""
    old, new = ({(each.kind, each.name): each.value for each in dependencies} for dependencies in (before, after))
    return [
        difference(*place, old.get(place), new.get(place))
        for place in {**new, **old}
        if old.get(place) != new.get(place)
    ]


def difference(kind: str, name: str, old: str | None, new: str | None) -> str:
    """One that came, went or changed; versions and parameters with their values."""
    if kind == "parameter":
        return f"parameter {name}={new}" if new is not None else f"no parameter {name}"
    what = NAMES[kind].format(name)
    if old is None or new is None:
        return f"{what} {'added' if old is None else 'removed'}"
    return f"{what} {old} → {new}" if kind == "library" else f"{what} changed"
