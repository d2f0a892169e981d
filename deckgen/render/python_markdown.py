"""Python-Markdown, without looking for extensions in the metadata of all installed packages."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import markdown
from markdown import Extension


class Markdown(markdown.Markdown):
    """Markdown that finds extensions by the names of their modules: those of Python-Markdown by a name without dots.

    The library first looks for entry points in all installed packages. That takes long, and a package that has one of these names could
    change fields.
    """

    def build_extension(self, ext_name: str, configs: Mapping[str, Any]) -> Extension:
        """Return the extension with this name and these options."""
        module = import_module(ext_name if "." in ext_name else f"markdown.extensions.{ext_name}")
        extension: Extension = module.makeExtension(**configs)
        return extension
