"""Values of YAML in front matter. This module imports PyYAML, which takes long."""

from collections.abc import Iterable

import yaml

from deckgen.nesting import excess


def pairs_of(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a mapping, as nodes. A node of another kind has none."""
    return node.value if isinstance(node, yaml.MappingNode) else []


def reason_of(error: Exception) -> str:
    """Return the message of an error. Those of Python that name its own functions are replaced."""
    text = str(error)
    if "set_int_max_str_digits" in text:
        return "a number has too many digits"
    return "the number of a character is out of range" if "chr()" in text or "C int" in text else text


class _Loader(yaml.SafeLoader):
    """A loader that reports each value that does not fit its tag. For some of them, PyYAML raises errors such as IndexError."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """Return the value of a node. Raises yaml.YAMLError."""
        try:
            value: object = super().construct_object(node, deep)
            return value
        except (LookupError, AttributeError, ValueError, OverflowError) as error:
            reason = reason_of(error)
            if not isinstance(error, ValueError):
                reason = f"“{node.value[:40]}” is no {node.tag.rpartition(':')[2]}"
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=node.start_mark) from error


def load_yaml(body: str) -> object:
    """The value of a YAML text, None if it is empty. Raises yaml.YAMLError if aliases make it too large.

    The limit is checked before the value is made, because a few lines with aliases can stand for gigabytes.
    """
    loader = _Loader(body)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        for key, value in pairs_of(node):
            if wrong := excess(value, _inner_nodes):
                raise yaml.MarkedYAMLError(problem=f"{key.value} {wrong}", problem_mark=key.start_mark)
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _inner_nodes(node: yaml.Node) -> Iterable[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else ()
