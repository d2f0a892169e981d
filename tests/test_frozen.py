"""deckgen's frozen dataclasses behave as those of the standard library."""

import copy
import dataclasses
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, field
from typing import Any, get_type_hints

import pytest

from deckgen.frozen import dataclass


class _Body:
    """A documented class."""

    first: int
    second: str = "b"
    third: Mapping[str, int] = field(default_factory=dict, hash=False)
    fourth: list[int] = field(default_factory=list, compare=False, repr=False)

    def both(self) -> str:
        return f"{self.first}{self.second}"


def made_by(decorator: Any, bare: bool = False) -> Any:
    """Return a class with the fields and methods above; `bare` means without a docstring."""
    body = {name: value for name, value in vars(_Body).items() if name not in ("__dict__", "__weakref__")}
    return decorator(frozen=True, slots=True)(type("Made", (), body | ({"__doc__": None} if bare else {})))


Ours, Usual = made_by(dataclass), made_by(dataclasses.dataclass)


@dataclass(frozen=True, slots=True)
class Base:
    name: str


@dataclass(frozen=True, slots=True)
class Derived(Base):
    number: int = 0

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("negative")


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@pytest.mark.parametrize(
    "arguments, named",
    [((1,), {}), ((1, "x"), {"third": {"a": 1}}), ((), {"first": 2, "fourth": [3]}), ((1, "x", {}, [1]), {})],
)
def test_values_are_as_those_of_the_standard_library(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, usual = Ours(*arguments, **named), Usual(*arguments, **named)
    assert dataclasses.asdict(ours) == dataclasses.asdict(usual)
    assert repr(ours) == repr(usual) and ours.both() == usual.both()
    for other, more in [(("1",), {}), ((1,), {}), ((1, "x"), {"third": {"a": 1}}), ((1, "x"), {"fourth": [1, 2]})]:
        assert (ours == Ours(*other, **more)) is (usual == Usual(*other, **more))
    assert ours != usual and (ours == 1) is False
    assert hash(ours) == hash(dataclasses.replace(ours, fourth=[9]))


@pytest.mark.parametrize("arguments", [(), (1, 2, 3, 4, 5)])
def test_missing_and_further_values_are_refused(arguments: tuple[int, ...]) -> None:
    for kind in (Ours, Usual):
        with pytest.raises(TypeError):
            kind(*arguments)


def test_two_objects_do_not_share_a_default() -> None:
    assert Ours(1).fourth is not Ours(1).fourth


def test_no_value_can_be_changed() -> None:
    value = Ours(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'first'"):
        value.first = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'first'"):
        del value.first
    with pytest.raises(FrozenInstanceError):
        value.other = 2
    assert not hasattr(value, "__dict__")


def test_the_tools_of_the_standard_library_know_the_classes() -> None:
    assert dataclasses.is_dataclass(Ours) and Ours.__doc__ == "A documented class." and made_by(dataclass, bare=True)
    assert [each.name for each in dataclasses.fields(Ours)] == [each.name for each in dataclasses.fields(Usual)]
    assert get_type_hints(Ours) == get_type_hints(Usual)
    assert dataclasses.replace(Ours(1), second="z") == Ours(1, "z")
    match Ours(1, "z"):
        case Ours(first, second):
            assert (first, second) == (1, "z")


def test_inherited_fields_come_first_and_values_are_checked() -> None:
    assert Derived("a", 1) == Derived(number=1, name="a") != Derived("a")
    assert repr(Derived("a", 1)) == "Derived(name='a', number=1)" and repr(Empty()) == "Empty()"
    assert Empty() == Empty() and len({Empty(), Empty(), Derived("a"), Derived("a")}) == 2
    with pytest.raises(ValueError):
        Derived("a", -1)


def test_objects_are_copied_and_sent_to_other_processes() -> None:
    value = Derived("a", 1)
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == copy.copy(value) == value
