"""Finds why a picture must be computed: compares its dependencies with those of the frozen pictures."""

from collections.abc import Iterable

from deckgen.figures.key import Dependency

DEPENDENCY_NAMES = {
    "code": "code of {}",
    "data": "data file {}",
    "font": "font {}",
    "style": "house style ({})",
    "library": "{}",
}


def change_reasons(now: tuple[Dependency, ...], history: Iterable[tuple[Dependency, ...]]) -> tuple[str, ...]:
    """Return the differences from the latest picture with the same parameters, else from the latest of the figure.

    `history`: the dependencies of the frozen pictures of the same figure, the latest first.
    """
    history = list(history)
    if not history:
        return ("new",)
    before = next((old for old in history if of_kind("parameter", old) == of_kind("parameter", now)), history[0])
    if set(before) == set(now):
        return ("the frozen picture was damaged",)
    return tuple(dependency_changes(before, now))


def of_kind(kind: str, dependencies: Iterable[Dependency]) -> set[Dependency]:
    """Return the dependencies of one kind."""
    return {each for each in dependencies if each.kind == kind}


def dependency_changes(before: tuple[Dependency, ...], after: tuple[Dependency, ...]) -> list[str]:
    """Return one phrase for each dependency that differs, in the order of the dependencies."""
    old, new = ({(each.kind, each.name): each.value for each in dependencies} for dependencies in (before, after))
    return [
        describe_change(*place, old.get(place), new.get(place))
        for place in {**new, **old}
        if old.get(place) != new.get(place)
    ]


def describe_change(kind: str, name: str, old: str | None, new: str | None) -> str:
    """Describe one dependency that was added, removed or changed. Versions and parameters are given with values."""
    if kind == "parameter":
        return f"parameter {name}={new}" if new is not None else f"no parameter {name}"
    what = DEPENDENCY_NAMES[kind].format(name)
    if old is None or new is None:
        return f"{what} {'added' if old is None else 'removed'}"
    return f"{what} {old} → {new}" if kind == "library" else f"{what} changed"
