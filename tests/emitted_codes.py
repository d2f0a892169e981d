"""Find the problem codes that deckgen can report, and their severities, in its source, without running it.

Functions with a parameter `code: str` take a code, and classes with a field of this name do too. The scan reads the code at each call.
If it cannot read the expression, it fails, so that no code is missed. Write the code as a literal there.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1] / "deckgen"
# Classes with a code and without a severity → the severity with which they are reported. All other severities are read from the source.
SEVERITIES = {
    ("deckgen.problems", "FigureError"): "error",  # the renderer and `deckgen figures` report it
    ("deckgen.figures.task", "Failure"): "error",  # a FigureError that is sent between processes
    ("deckgen.scan.spans", "Unclosed"): "warning",  # Document.unclosed_problem reports it
}
# Classes of table rows with a code. The functions in the rows report the code.
REPORT_NOTHING = {("deckgen.lint.row", "Lint")}
# A FormulaFinding is an error if it is `wrong`, else an info.
WRONG = {True: "error", False: "info"}


@dataclass(frozen=True, order=True)
class Emission:
    """A place in the source that reports a code. `place` is `module:line`."""

    code: str
    severity: str
    place: str


@dataclass
class Module:
    name: str
    path: Path
    tree: ast.Module
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    definitions: dict[str, ast.stmt] = field(default_factory=dict)


@dataclass(frozen=True)
class Taker:
    """A function or class that takes a code, with the names of its parameters (without `self`) and their defaults."""

    module: str
    name: str
    node: ast.FunctionDef | ast.ClassDef
    parameters: tuple[str, ...]
    defaults: dict[str, ast.expr]


def emissions(root: Path = ROOT) -> list[Emission]:
    """All codes that the Python files below `root` can report. Raises AssertionError if a code cannot be read."""
    scan = _Scan(root)
    return sorted({found for module in scan.modules.values() for found in scan.in_module(module)})


class _Scan:
    def __init__(self, root: Path):
        # The modules in explain/ have codes, but do not report them.
        paths = [path for path in sorted(root.rglob("*.py")) if path.parent != root / "explain"]
        self.modules = {module.name: module for module in (_module(path, root) for path in paths)}
        found = [taker for module in self.modules.values() for taker in _takers(module)]
        self.takers = {(taker.module, taker.name): taker for taker in found}
        self.methods: dict[str, list[Taker]] = {}
        for taker in found:
            if "." in taker.name:
                self.methods.setdefault(taker.name.rpartition(".")[2], []).append(taker)

    def in_module(self, module: Module) -> Iterator[Emission]:
        for node, around in _walk(module.tree, ()):
            place = f"{module.name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call):
                yield from self._of_call(node, around, module, place)
            elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and (severity := _severity(node.elts[0])):
                # A row of severity, code, message and hint. A problem is made from it elsewhere.
                yield from (Emission(code, severity, place) for code in self._codes(node.elts[1], around, module))

    def _of_call(
        self, call: ast.Call, around: tuple[ast.FunctionDef, ...], module: Module, place: str
    ) -> Iterator[Emission]:
        for taker in self._called(call, around, module):
            given = _arguments(call, taker)
            if "code" not in given:
                # A row of severity, code, message and hint may be the last argument. Another argument after it would hide the code.
                starred = [isinstance(value, ast.Starred) for value in call.args]
                hidden = any(starred) and not starred[-1]
                assert not hidden, (
                    f"{module.path}:{call.lineno}: the code cannot be read: write Severity.ERROR or another before it"
                )
                continue
            for code in self._codes(given["code"], around, module):
                severity = self._severity_of(taker, given)
                assert severity, (
                    f"{module.path}:{call.lineno}: the severity of {code} cannot be read: write Severity.ERROR or another here"
                )
                yield Emission(code, severity, place)

    def _called(self, call: ast.Call, around: tuple[ast.FunctionDef, ...], module: Module) -> list[Taker]:
        """The functions and classes that a call may call, by name.

        A name may be bound by a loop. A method may belong to any class.
        """
        if isinstance(call.func, ast.Attribute):
            return [each for each in self.methods.get(call.func.attr, []) if _may_be_called_on(each, call.func.value)]
        if isinstance(call.func, ast.Name):
            bound = [value for scope in around[-1:] for value in _bound(scope, call.func.id)]
            names = [value.id for value in bound if isinstance(value, ast.Name)] or [call.func.id]
            return [each for name in names if (each := self.takers.get(self._resolved(module, name)))]
        return []

    def _resolved(self, module: Module, name: str) -> tuple[str, str]:
        """The module that defines `name`, and its name in that module."""
        while name not in module.definitions and name in module.imports and module.imports[name][0] in self.modules:
            other, name = module.imports[name]
            module = self.modules[other]
        return module.name, name

    def _severity_of(self, taker: Taker, given: dict[str, ast.expr]) -> str | None:
        """The severity of a code in a call with these arguments; None if it cannot be read."""
        if "severity" in taker.parameters:
            return _severity(given.get("severity", taker.defaults.get("severity")))
        if "wrong" in taker.parameters:
            wrong = given["wrong"]
            return WRONG.get(wrong.value) if isinstance(wrong, ast.Constant) else None
        if (taker.module, taker.name) in SEVERITIES:
            return SEVERITIES[taker.module, taker.name]
        module = self.modules[taker.module]
        for call in ast.walk(taker.node):
            if isinstance(call, ast.Call):
                for inner in self._called(call, (), module):
                    passed = _arguments(call, inner)
                    if isinstance(passed.get("code"), ast.Name) and passed["code"].id == "code":
                        return self._severity_of(inner, passed)
        return None

    def _codes(self, node: ast.expr, around: tuple[ast.FunctionDef, ...], module: Module) -> set[str]:
        """The possible values of an expression. It has none if it is a parameter: the caller's code is read at the call."""
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp():
                return self._codes(node.body, around, module) | self._codes(node.orelse, around, module)
            case ast.Attribute(attr="code"):
                return set()
            case ast.Name(id="code") if around and "code" in _parameters(around[-1]):
                return set()
            case ast.Name():
                return self._of_name(node, around, module)
            case ast.Call(func=ast.Name(id=name)) if isinstance(
                function := module.definitions.get(name), ast.FunctionDef
            ):
                returned = [each.value for each in ast.walk(function) if isinstance(each, ast.Return)]
                return set().union(*(self._codes(value, (function,), module) for value in returned))
        raise AssertionError(
            f"{module.path}:{node.lineno}: the code `{ast.unparse(node)}` cannot be read: write it as a literal"
        )

    def _of_name(self, node: ast.Name, around: tuple[ast.FunctionDef, ...], module: Module) -> set[str]:
        values = [value for scope in around[-1:] for value in _bound(scope, node.id)]
        if not values:
            home, name = self._resolved(module, node.id)
            module, around = self.modules[home], ()
            values = list(_bound(module.tree, name))
        assert values, f"{module.path}:{node.lineno}: the code `{node.id}` cannot be read: write it as a literal"
        return set().union(*(self._codes(value, around, module) for value in values))


def _module(path: Path, root: Path) -> Module:
    parts = path.relative_to(root.parent).with_suffix("").parts
    module = Module(
        ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path, ast.parse(path.read_text("utf-8"))
    )
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.imports |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    module.definitions = {
        node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    return module


def _takers(module: Module) -> Iterator[Taker]:
    for name, node in module.definitions.items():
        if isinstance(node, ast.FunctionDef):
            yield from _taker(module, name, node, node)
            continue
        if (module.name, name) in REPORT_NOTHING:
            continue
        fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
        if any(item.target.id == "code" and ast.unparse(item.annotation) == "str" for item in fields):
            defaults = {item.target.id: item.value for item in fields if item.value}
            yield Taker(module.name, name, node, tuple(item.target.id for item in fields), defaults)
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                called = name if method.name == "__init__" else f"{name}.{method.name}"
                yield from _taker(module, called, method, node if method.name == "__init__" else method, skip=1)


def _taker(
    module: Module, name: str, function: ast.FunctionDef, node: ast.FunctionDef | ast.ClassDef, skip: int = 0
) -> Iterator[Taker]:
    given = function.args
    arguments = [*given.posonlyargs, *given.args][skip:]
    if any(
        each.arg == "code" and each.annotation and ast.unparse(each.annotation) == "str"
        for each in [*arguments, *given.kwonlyargs]
    ):
        named = zip([each.arg for each in given.kwonlyargs], given.kw_defaults)
        late = zip([each.arg for each in reversed(arguments)], reversed(given.defaults))
        defaults = {key: value for key, value in (*named, *late) if value}
        yield Taker(module.name, name, node, tuple(each.arg for each in [*arguments, *given.kwonlyargs]), defaults)


def _may_be_called_on(method: Taker, receiver: ast.expr) -> bool:
    """Whether a call on `receiver` may call this method. A class method is called on its class or on `cls`."""
    decorators = [ast.unparse(each) for each in method.node.decorator_list]
    return "classmethod" not in decorators or ast.unparse(receiver) in ("cls", method.name.partition(".")[0])


def _parameters(function: ast.FunctionDef) -> set[str]:
    return {each.arg for each in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]}


def _arguments(call: ast.Call, taker: Taker) -> dict[str, ast.expr]:
    """Name of a parameter → argument of a call. After a `*` argument, positions count from the severity, which comes before the code."""
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    for i, (name, value) in enumerate(zip(taker.parameters, call.args)):
        if isinstance(value, ast.Starred):
            rest = call.args[i + 1 :]
            known = next((n for n, each in enumerate(rest) if _severity(each)), None)
            if known is not None and "severity" in taker.parameters:
                given |= dict(zip(taker.parameters[taker.parameters.index("severity") :], rest[known:]))
            break
        given[name] = value
    return given


def _severity(node: ast.expr | None) -> str | None:
    """The value of an expression such as `Severity.ERROR`; None for another expression."""
    return (
        node.attr.lower()
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Severity"
        else None
    )


def _walk(node: ast.AST, around: tuple[ast.FunctionDef, ...]) -> Iterator[tuple[ast.AST, tuple[ast.FunctionDef, ...]]]:
    """Yield all nodes, each with the functions around it."""
    yield node, around
    inside = (*around, node) if isinstance(node, ast.FunctionDef) else around
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, inside)


def _bound(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield the expressions that a scope binds to a name, by assignments and by loops over literal rows."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            yield from (value for target in node.targets for value in _part(target, node.value, name))
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple | ast.List):
            yield from (value for row in node.iter.elts for value in _part(node.target, row, name))


def _part(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    """Yield the values of a name after `target = value`."""
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.IfExp):
        yield from (*_part(target, value.body, name), *_part(target, value.orelse, name))
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for inner, part in zip(target.elts, value.elts):
            yield from _part(inner, part, name)
