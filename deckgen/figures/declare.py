"""The decorators that authors use: `@figure(alt=…)` on a drawing function, and `@NAME.check` on a check."""

from collections.abc import Callable, Sequence
from typing import Any


class DeclaredFigure:
    """A drawing function with its checks. A call draws the figure."""

    def __init__(self, draw: Callable[..., Any], alt: str):
        self.draw = draw
        self.alt = alt
        self.checks: list[Callable[..., object]] = []
        self.__doc__ = draw.__doc__

    def check(self, function: Callable[..., object]) -> Callable[..., object]:
        """Register a check. It takes the parameters of the figure and raises an error if the picture would be wrong."""
        self.checks.append(function)
        return function

    def __call__(self, **parameters: Any) -> Any:
        return self.draw(**parameters)


def figure(
    *, alt: str, data: Sequence[str] = (), timeout: float = 60
) -> Callable[[Callable[..., Any]], DeclaredFigure]:
    """Declare a function with annotated, defaulted parameters that returns a matplotlib `Figure`.

    `alt` says in words what the picture shows. `data` holds the paths, below the figures folder, of the files that the
    figure reads; `data_path` returns where they are. `timeout` is the limit, in seconds, for drawing and checking.
    deckgen reads this decorator from the code and does not run it.
    """

    def declare(draw: Callable[..., Any]) -> DeclaredFigure:
        return DeclaredFigure(draw, alt)

    return declare
