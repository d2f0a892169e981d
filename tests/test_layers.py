"""A package imports only packages of lower layers."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "deckgen"
# From the lowest layer to the highest. A package may import packages of lower layers, and itself.
LAYERS = [
    {"model", "lazy_patterns"},
    {
        "problems",
        "tex",
        "cloze",
        "files",
        "jinja",
        "tables",
        "translations",
        "commonmark",
        "cjk",
        "overrides",
        "nesting",
        "cache",
        "stored",
        "deck_folder",
        "command_word",
        "lazy_imports",
    },
    {
        "build_result",
        "process",
        "conflict",
        "renames",
        "cards",
        "doctor",
        "project_rules",
        "toml_file",
        "note_files",
        "file_names",
        "merge",
    },
    {"last_build", "build_lock", "scan", "notetypes", "project", "versions", "explain", "remote_media"},
    {"deck_toml"},
    {"parse", "identity", "render", "figures", "package"},
    {"deck_description", "lint", "pictures", "to_markdown", "unreleased"},
    {"sources", "schemas"},
    {"originals", "fetching", "ankiconnect"},
    {"pipeline", "lock_resolution", "init", "diff"},
    {"verify", "restore", "preview", "importer"},
    {"release"},
    {"pull", "stats"},
    {"push", "status"},
    {"cli"},
    {"__main__"},
]
LAYER_OF = {package: n for n, layer in enumerate(LAYERS) for package in layer}


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield the packages that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "deckgen" else [node.module]
            )
        yield from (name.split(".")[1] for name in names if name.startswith("deckgen."))


def test_a_package_imports_only_lower_layers():
    modules = [path for path in ROOT.rglob("*.py") if path.parent != ROOT / "figures" / "fonts"]
    assert len(modules) > 20
    for path in modules:
        package = package_of(path)
        for other in imports(path):
            if other in ("DISTRIBUTION", "__version__") or package == "__init__":
                continue
            assert other == package or LAYER_OF[other] < LAYER_OF[package], f"{path.relative_to(ROOT)} imports {other}"
