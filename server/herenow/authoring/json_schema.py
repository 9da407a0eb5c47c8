"""JSON Schemas (draft 2020-12) of the config documents, so that any editor completes and checks them.

``python -m herenow.authoring.json_schema schemas/`` writes them; a test holds the committed ones to it.

Written by walking the marshmallow schemas, whose fields know the JSON Schema they stand for; nothing is
said twice. Each document is one self-contained file: records and conditions are kept under ``$defs`` and
referred to, every property has its description and an example, closed objects are closed. A converter off
the shelf sees marshmallow's fields, not what ours say beyond them: the names a map may have, alternatives
told apart by type, the recursion of conditions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from marshmallow import missing

from herenow.authoring.documents import DOCUMENTS, Document
from herenow.authoring.documents.structures import MapOf, Record, with_null
from herenow.authoring.documents.values import DOLLAR_SCHEMA, Described, JsonSchema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ID_PREFIX: Final = "urn:herenow:schema:"


def json_schema(document: Document) -> JsonSchema:
    """The JSON Schema of one document."""
    definitions = _Definitions()
    root = document.root.json_schema(definitions)
    if "$ref" in root:
        root = definitions.take(root["$ref"])
    elif isinstance(document.root, MapOf):
        root["properties"] = {"$schema": definitions.member(DOLLAR_SCHEMA)}
    head = {"$schema": DIALECT, "$id": ID_PREFIX + document.name, **root}
    head["title"] = f"herenow {document.file}"
    head["description"] = document.root.metadata["description"]
    return {**head, "$defs": definitions.all()} if definitions.all() else head


def json_schemas() -> dict[str, JsonSchema]:
    """The JSON Schema of every document, by file name under ``schemas/``."""
    return {f"{document.name}.json": json_schema(document) for document in DOCUMENTS}


def written(schema: JsonSchema) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


class _Definitions:
    """The ``$defs`` of one document."""

    def __init__(self) -> None:
        self._schemas: dict[str, JsonSchema] = {}

    def reference(self, name: str, schema: JsonSchema) -> JsonSchema:
        self._schemas.setdefault(name, schema)
        return {"$ref": f"#/$defs/{name}"}

    def record(self, schema: type[Record]) -> JsonSchema:
        if schema.__name__ not in self._schemas:
            self._schemas[schema.__name__] = {}
            self._schemas[schema.__name__] = self._record(schema())
        return {"$ref": f"#/$defs/{schema.__name__}"}

    def take(self, reference: str) -> JsonSchema:
        """A definition that becomes the document itself."""
        return self._schemas.pop(reference.rpartition("/")[2])

    def all(self) -> dict[str, JsonSchema]:
        return dict(sorted(self._schemas.items()))

    def member(self, field: Described) -> JsonSchema:
        """A property: what may stand there, why, and an example."""
        schema = with_null(field, field.json_schema(self))
        told: JsonSchema = {"description": field.metadata["description"]}
        if field.metadata.get("example", missing) is not missing:
            told["examples"] = [field.metadata["example"]]
        return {**told, **schema}

    def _record(self, record: Record) -> JsonSchema:
        members = {field.data_key or name: field for name, field in record.fields.items()}
        schema: JsonSchema = {
            "type": "object",
            "title": record.title,
            "description": (type(record).__doc__ or "").strip(),
            "properties": {name: self.member(_described(field)) for name, field in members.items()},
        }
        required = [name for name, field in members.items() if field.required]
        return {**schema, **({"required": required} if required else {}), "additionalProperties": False}


def _described(field: Any) -> Described:
    if not isinstance(field, Described):
        raise TypeError(f"{field!r} is not of the documents' own vocabulary of fields")
    return field


def main(arguments: Sequence[str]) -> int:
    """Write every schema into the folder named by the one argument."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m herenow.authoring.json_schema FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in json_schemas().items():
        (folder / name).write_text(written(schema), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
