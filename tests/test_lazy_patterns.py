"""Patterns that are compiled at their first use: they are what `re.compile` makes, and all of them are right."""

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import deckgen
from deckgen.lazy_patterns import lazy_pattern


def test_a_pattern_is_compiled_when_it_is_used(monkeypatch):
    compiled = []
    monkeypatch.setattr(
        re, "compile", lambda *arguments, real=re.compile: compiled.append(arguments) or real(*arguments)
    )
    digits = lazy_pattern(r"[a-z](\d+)", re.I)
    assert digits.pattern == r"[a-z](\d+)" and not compiled
    found = digits.search("- A12")
    assert found is not None and found[1] == "12" and found.re.flags & re.I
    assert digits.sub("x", "a1 B2") == "x x" and digits.split("0a1b2") == ["0", "1", "", "2", ""]
    assert digits.fullmatch("a1 ") is None and digits.findall("a1b2") == ["1", "2"] and digits.groups == 1
    # For the first method, and for `groups`, which is no method.
    assert compiled == [(digits.pattern, re.I)] * 2


def test_a_wrong_pattern_is_an_error_at_its_first_use():
    wrong = lazy_pattern("(")
    with pytest.raises(re.error):
        wrong.match("")


def test_all_patterns_are_right():
    lazy = type(lazy_pattern(""))
    names = [each.name for each in walk_packages(deckgen.__path__, "deckgen.") if ".init.example" not in each.name]
    modules = [import_module(name) for name in names if not name.endswith("__main__")]
    patterns = [value for module in modules for value in vars(module).values() if isinstance(value, lazy)]
    assert len(patterns) > 300
    assert {type(each.flags) for each in patterns} == {int}
