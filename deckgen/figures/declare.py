"""What an author writes: `@figure(alt=…)` on a drawing function, and `.check` beside it."""

from collections.abc import Callable
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


def figure(*, alt: str) -> Callable[[Callable[..., Any]], DeclaredFigure]:
    """Declare a function with annotated, defaulted parameters that returns a matplotlib `Figure`.

    `alt` says in words what the picture shows. Discovery reads this decorator without running it.
    """

    def declare(draw: Callable[..., Any]) -> DeclaredFigure:
        return DeclaredFigure(draw, alt)

    return declare
