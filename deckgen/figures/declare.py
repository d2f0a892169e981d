"""What an author writes: `@figure(alt=…)` on a drawing function, and `.check` beside it."""

from collections.abc import Callable, Sequence
from typing import Any


class DeclaredFigure:
    """A function that draws, with the checks that prove its picture. Called, it draws."""

    def __init__(self, draw: Callable[..., Any], alt: str):
        self.draw = draw
        self.alt = alt
        self.checks: list[Callable[..., object]] = []
        self.__doc__ = draw.__doc__

    def check(self, function: Callable[..., object]) -> Callable[..., object]:
        """Register an invariant: it takes the figure's parameters, and raises where the picture would be wrong."""
        self.checks.append(function)
        return function

    def __call__(self, **parameters: Any) -> Any:
        return self.draw(**parameters)


def figure(
    *, alt: str, data: Sequence[str] = (), timeout: float = 60
) -> Callable[[Callable[..., Any]], DeclaredFigure]:
    """Declare a function with annotated, defaulted parameters that returns a matplotlib `Figure`.

    `alt` says in words what the picture shows. `data` names the files that the figure reads, by their paths below the
    figures folder; `data_path` opens them. `timeout` is how many seconds it may take to draw and to check.
    Discovery reads this decorator without running it.
    """

    def declare(draw: Callable[..., Any]) -> DeclaredFigure:
        return DeclaredFigure(draw, alt)

    return declare
