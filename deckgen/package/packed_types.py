"""Read the note types of a package: from JSON up to schema 14, from tables in later schemas."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from deckgen.package import values
from deckgen.package.contents import PackedField, PackedTemplate, PackedType
from deckgen.package.database_read import Database
from deckgen.package.limits import LARGEST_TEXT, OverLimit
from deckgen.package.protobuf import Message

_FIRST_SCHEMA_WITH_TABLES = 15  # tables of note types and decks; JSON before
_CLOZE = 1


def has_tables(database: Database) -> bool:
    """Whether note types and decks are in tables."""
    version = values.integer(database.value("SELECT ver FROM col"), "the version of its database")
    return version >= _FIRST_SCHEMA_WITH_TABLES


def read_types(database: Database) -> dict[int, PackedType]:
    """Id of a note type → note type. Raises ValueError or KeyError if the data is not as Anki writes it."""
    found = _types_of_tables(database) if has_tables(database) else _types_of_json(database)
    types = {}
    for notetype in found:
        what = f"the note type {notetype.name[:100]!a}"
        if not notetype.fields or not notetype.templates:
            raise ValueError(f"{what} has no {'templates' if notetype.fields else 'fields'}")
        if len(set(notetype.field_names)) < len(notetype.fields):
            raise ValueError(f"{what} has two fields of one name")
        if not 0 <= notetype.sort_field < len(notetype.fields):
            raise ValueError(f"{what} is sorted by a field that it does not have")
        types[notetype.id] = notetype
    return types


def _types_of_json(database: Database) -> Iterator[PackedType]:
    models = values.json_mapping(database.value("SELECT models FROM col"), "the list of its note types")
    for key, model in models.items():
        yield _type_from_json(values.integer(int(key), "the id of a note type"), values.mapping(model, "a note type"))


def _type_from_json(number: int, model: Mapping[str, Any]) -> PackedType:
    name = values.name(model["name"], "the name of a note type")
    what = f"of the note type {name[:100]!a}"
    return PackedType(
        number,
        name,
        values.integer(model["type"], f"the kind {what}") == _CLOZE,
        tuple(_field_from_json(field, what) for field in _in_order(model["flds"], f"the list of fields {what}")),
        tuple(_template_from_json(each, what) for each in _in_order(model["tmpls"], f"the list of templates {what}")),
        values.text(model["css"], f"the CSS {what}"),
        values.integer(model.get("sortf", 0), f"the sort field {what}"),
        values.integer(model["mod"], f"the time of change {what}"),
        latex_pre=_text_or_empty(model, "latexPre", what),
        latex_post=_text_or_empty(model, "latexPost", what),
        stock_kind=_number_or(model, "originalStockKind", what) or 0,
    )


def _in_order(value: object, what: str) -> list[dict[str, Any]]:
    """Fields or templates, sorted by `ord`. Without `ord` they keep the order of the list, as in Anki."""
    rows = [values.mapping(row, what) for row in values.items(value, what)]
    return sorted(rows, key=lambda row: values.integer(row.get("ord") or 0, what))


def _field_from_json(field: Mapping[str, Any], what: str) -> PackedField:
    return PackedField(
        values.name(field["name"], f"the name of a field {what}"),
        _number_or(field, "id", what),
        font=_text_or_empty(field, "font", what),
        size=_number_or(field, "size", what) or 0,
        rtl=bool(field.get("rtl")),
        description=_text_or_empty(field, "description", what),
        tag=_number_or(field, "tag", what),
    )


def _template_from_json(template: Mapping[str, Any], what: str) -> PackedTemplate:
    return PackedTemplate(
        values.name(template["name"], f"the name of a template {what}"),
        values.text(template["qfmt"], f"a front {what}"),
        values.text(template["afmt"], f"a back {what}"),
        _number_or(template, "id", what),
        browser_front=_text_or_empty(template, "bqfmt", what),
        browser_back=_text_or_empty(template, "bafmt", what),
    )


def _text_or_empty(row: Mapping[str, Any], key: str, what: str) -> str:
    return values.text(row.get(key) or "", f"the value {key} {what}")


def _number_or(row: Mapping[str, Any], key: str, what: str) -> int | None:
    value = row.get(key)
    return None if value is None else values.integer(value, f"the value {key} {what}")


def _types_of_tables(database: Database) -> Iterator[PackedType]:
    fields, templates = defaultdict(list), defaultdict(list)
    for notetype, name, config in _configs(database, "SELECT ntid, name, config FROM fields ORDER BY ntid, ord"):
        fields[notetype].append(_field_from_config(values.name(name, "the name of a field"), config))
    for notetype, name, config in _configs(database, "SELECT ntid, name, config FROM templates ORDER BY ntid, ord"):
        templates[notetype].append(_template_from_config(values.name(name, "the name of a template"), config))
    for number, name, mod, data in database.rows("SELECT id, name, mtime_secs, config FROM notetypes"):
        config = _config(data)
        number = values.integer(number, "the id of a note type")
        yield PackedType(
            number,
            values.name(name, "the name of a note type"),
            config.integer(1) == _CLOZE,
            tuple(fields[number]),
            tuple(templates[number]),
            config.text(3),
            config.integer(2),
            values.integer(mod, "the time of change of a note type"),
            latex_pre=config.text(5),
            latex_post=config.text(6),
            stock_kind=config.integer(9),
        )


def _configs(database: Database, query: str) -> Iterator[tuple[int, object, Message]]:
    """Yield the note type, the name and the settings of fields or templates, in order."""
    for notetype, name, config in database.rows(query):
        yield values.integer(notetype, "the id of a note type"), name, _config(config)


def _config(value: object) -> Message:
    if not isinstance(value, bytes):
        raise ValueError("the settings of a note type are not data")
    if len(value) > LARGEST_TEXT:
        raise OverLimit(f"is too large: the settings of a note type have more than {LARGEST_TEXT} bytes")
    return Message(value)


def _field_from_config(name: str, config: Message) -> PackedField:
    return PackedField(
        name,
        _signed_id(config.integer(9)),
        font=config.text(3),
        size=config.integer(4),
        rtl=bool(config.integer(2)),
        description=config.text(5),
        tag=config.integer(10) if config.has(10) else None,
    )


def _template_from_config(name: str, config: Message) -> PackedTemplate:
    return PackedTemplate(
        name,
        config.text(1),
        config.text(2),
        _signed_id(config.integer(8)),
        browser_front=config.text(3),
        browser_back=config.text(4),
    )


def _signed_id(number: int) -> int | None:
    """The id of a field or template as a signed number, as JSON has it; None if there is none."""
    return (number - 2**64 if number >= 2**63 else number) or None
