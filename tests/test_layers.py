"""The house: imports point down, and siblings of one layer do not import one another."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "deckgen"
# From the ground up. A room may import what stands on lower rows, and itself.
LAYERS = [
    {"model"},
    {"problems", "tex", "cloze", "files", "tables", "translations", "commonmark", "cjk"},
    {"conflict", "cards"},
    {"scan", "notetypes", "project", "versions", "explain"},
    {"deck_toml"},
    {"parse", "identity", "render", "figures", "package"},
    {"deck_description", "lint", "pictures", "unreleased"},
    {"sources"},
    {"pipeline", "lock_resolution", "start", "diff"},
    {"verify", "restore"},
    {"release"},
    {"cli"},
    {"__main__"},
]
FLOOR = {room: n for n, layer in enumerate(LAYERS) for room in layer}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The rooms that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "deckgen" else [node.module]
            )
        yield from (name.split(".")[1] for name in names if name.startswith("deckgen."))


def test_imports_point_down():
    modules = [path for path in ROOT.rglob("*.py") if path.parent != ROOT / "figures" / "fonts"]
    assert len(modules) > 20
    for path in modules:
        room = room_of(path)
        for other in imports(path):
            if other == "__version__" or room == "__init__":
                continue
            assert other == room or FLOOR[other] < FLOOR[room], f"{path.relative_to(ROOT)} imports {other}"
