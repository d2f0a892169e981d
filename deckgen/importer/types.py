"""The note types of a package as folders of `types/`, with the same names, CSS and templates."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import genanki
from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import TypeIds
from deckgen.notetypes import KIND, built_in
from deckgen.notetypes.declaration import FILE, STYLE
from deckgen.notetypes.imported import toml_settings, toml_text
from deckgen.package.contents import PackedField, PackedTemplate, PackedType
from deckgen.package.type_ids import ids_of_packed

_OCCLUSION = 6
_RESERVED = frozenset(("occlude", "reversed", "typed"))
_HEAD = (
    "# Imported. Anki updates notes only if these fields and templates stay as they are.\n"
    "# Each field is filled by the text below its label, **Name:**; the heading fills the first field if it has no label.\n"
    "imported = true\n"
)
# Names of elements in CSS, and the elements that Markdown would write in another way then.
_ELEMENTS = {
    "b": ("b",),
    "strong": ("b",),
    "i": ("i",),
    "em": ("i",),
    "s": ("s", "strike"),
    "strike": ("s", "strike"),
    "del": ("s", "strike"),
    "div": ("div",),
}
_SELECTOR = lazy_pattern(r"(?:^|[\s,>+~{}(*/])(b|strong|i|em|s|strike|del|div)(?=[\s,>+~{.:\[#)])")


class PlannedType(Struct, frozen=True):
    """A note type of a package with the name of its folder. `exact` are the elements for which its CSS has rules of their own."""

    kind: str
    packed: PackedType
    exact: frozenset[str]

    @property
    def ids(self) -> TypeIds:
        """The ids for the lock."""
        return ids_of_packed(self.packed)

    def is_occlusion(self, field: str) -> bool:
        """Whether a field has the masks of an image occlusion note, which Anki's script reads."""
        return self.packed.stock_kind == _OCCLUSION and field == self.packed.field_names[0]

    def files(self) -> dict[str, str]:
        """The path of each file in the type's folder, and its text. Media are not among them."""
        names = [_stem(each.name, n, len(self.packed.templates)) for n, each in enumerate(self.packed.templates)]
        found = {FILE: self._declaration(names), STYLE: self.packed.css}
        for name, template in zip(names, self.packed.templates):
            found |= {f"{name}front.html": template.front, f"{name}back.html": template.back}
        return found

    def mentions(self, name: str) -> bool:
        """Whether a template or the CSS has the name of a file."""
        texts = (self.packed.css, *(side for each in self.packed.templates for side in (each.front, each.back)))
        return any(name in text for text in texts)

    def _declaration(self, stems: Sequence[str]) -> str:
        packed = self.packed
        lines = [_HEAD, f"name = {toml_text(packed.name)}\n"]
        lines += ["cloze = true\n"] if packed.cloze else []
        if packed.sort_field:
            lines.append(f"sort = {toml_text(packed.field_names[packed.sort_field])}\n")
        lines.append(_anki(_type_settings(packed)))
        for field in packed.fields:
            lines.append(f"\n[[field]]\nname = {toml_text(field.name)}\n{_anki(_field_settings(field))}")
        for stem, template in zip(stems, packed.templates):
            files = f'front = "{stem}front.html"\nback = "{stem}back.html"\n'
            settings = _anki(_template_settings(template))
            lines.append(f"\n[[template]]\nname = {toml_text(template.name)}\n{files}{settings}")
        return "".join(lines)


def plan_types(types: Iterable[PackedType]) -> tuple[PlannedType, ...]:
    """Give each note type the name of a folder."""
    taken = {*built_in().by_kind, *_RESERVED}
    planned = []
    for packed in types:
        kind = _free(_slug(packed.name) or "type", taken)
        taken.add(kind)
        planned.append(PlannedType(kind, packed, frozenset(_exact(packed.css))))
    return tuple(planned)


def _exact(css: str) -> Iterator[str]:
    for match in _SELECTOR.finditer(re.sub(r"\{[^{}]*\}", "{}", css)):
        yield from _ELEMENTS[match[1]]


def _slug(name: str) -> str:
    """A name as that of a folder: lower-case letters, digits and hyphens, beginning with a letter; "" if it has none of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:40].strip("-")
    return slug if re.fullmatch(KIND, slug) else ""


def _free(slug: str, taken: Iterable[str]) -> str:
    if slug in built_in().by_kind or slug in _RESERVED:
        slug = f"anki-{slug}"
    number, name = 2, slug
    while name in taken:
        number, name = number + 1, f"{slug}-{number}"
    return name


def _stem(name: str, index: int, count: int) -> str:
    """The beginning of the names of a template's files."""
    return "" if count == 1 else f"{index + 1}-{_slug(name) or 'card'}-"


def _anki(settings: Mapping[str, Any]) -> str:
    return f"anki = {{ {toml_settings(settings)} }}\n" if settings else ""


def _type_settings(packed: PackedType) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if packed.stock_kind:
        settings["originalStockKind"] = packed.stock_kind
    if packed.latex_pre and packed.latex_pre != genanki.Model.DEFAULT_LATEX_PRE:
        settings["latexPre"] = packed.latex_pre
    if packed.latex_post and packed.latex_post != genanki.Model.DEFAULT_LATEX_POST:
        settings["latexPost"] = packed.latex_post
    return settings


def _field_settings(field: PackedField) -> dict[str, Any]:
    settings: dict[str, Any] = {"font": field.font} if field.font else {}
    settings |= {"size": field.size} if field.size else {}
    settings |= {"rtl": True} if field.rtl else {}
    settings |= {"description": field.description} if field.description else {}
    return settings | ({"tag": field.tag} if field.tag is not None else {})


def _template_settings(template: PackedTemplate) -> dict[str, Any]:
    settings = {"bqfmt": template.browser_front} if template.browser_front else {}
    return settings | ({"bafmt": template.browser_back} if template.browser_back else {})
