"""Fill Jinja2 templates: pages with HTML escaping, text files without. The import of jinja2 waits for the first template."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

# Workflows are full of `${{ }}` and `$`, so text files have marks of their own.
_TEXT_MARKS = {
    "variable_start_string": "%%{",
    "variable_end_string": "}",
    "block_start_string": "%%[",
    "block_end_string": "]%%",
    "comment_start_string": "%%#",
    "comment_end_string": "#%%",
}


def fill_page(template: Path, values: dict[str, Any]) -> str:
    """Return the HTML of a template. Every value is escaped, unless the template marks it with `| safe`.

    Raises jinja2.UndefinedError if the template uses a name that has no value.
    """
    return _page_environment(template.parent).get_template(template.name).render(values)


def fill_text(template: Path, values: dict[str, Any]) -> str:
    """Return the text of a template with the marks `%%{name}` and `%%[if …]%%`. Nothing is escaped.

    Raises jinja2.UndefinedError if the template uses a name that has no value.
    """
    return _text_environment(template.parent).get_template(template.name).render(values)


@cache
def _page_environment(folder: Path) -> "Environment":
    return _environment(folder, autoescape=True)


@cache
def _text_environment(folder: Path) -> "Environment":
    return _environment(folder, autoescape=False, **_TEXT_MARKS)


def _environment(folder: Path, **options: Any) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return environment
