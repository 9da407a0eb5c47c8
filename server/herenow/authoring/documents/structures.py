"""Fields that hold other fields: lists, maps from names, alternatives and records.

Each judges its own shape first, then everything inside it, so that one reading finds every fault. The
fields inside are those of ``values``, or these again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from marshmallow import EXCLUDE, Schema, ValidationError, validates_schema

from herenow.authoring.documents.faults import Fault, shorten, unknown
from herenow.authoring.documents.values import (
    DOLLAR_SCHEMA,
    Choice,
    Definitions,
    Described,
    Flag,
    JsonSchema,
    Number,
    Text,
)


class ListOf(Described):
    """A list of ``minimum`` to ``maximum`` elements, each right for ``element``."""

    def __init__(
        self,
        description: str,
        element: Described,
        *,
        minimum: int = 0,
        maximum: int = 1000,
        unique: bool = False,
        **common: Any,
    ) -> None:
        super().__init__(description, **common)
        self.element, self.minimum, self.maximum, self.unique = element, minimum, maximum, unique

    @property
    def expected(self) -> str:
        """Length and elements."""
        if self.minimum == self.maximum:
            return f"a list of {self.minimum}, each {self.element.expected}"
        return f"a list of {self.minimum} to {self.maximum}, each {self.element.expected}"

    def json_schema(self, definitions: Definitions) -> JsonSchema:
        """An array."""
        bounds: JsonSchema = {"minItems": self.minimum} if self.minimum else {}
        distinct: JsonSchema = {"uniqueItems": True} if self.unique else {}
        items = with_null(self.element, self.element.json_schema(definitions))
        return {"type": "array", "items": items, **bounds, "maxItems": self.maximum, **distinct}

    def check(self, value: Any) -> None:
        """Type, length, then every element."""
        if not isinstance(value, list):
            raise self.wrong_type(value)
        if not self.minimum <= len(value) <= self.maximum:
            detail = f"{len(value)} elements stand here"
            raise Fault("WRONG_LENGTH", detail, self.expected).error()
        errors = collect((index, self.element, item) for index, item in enumerate(value))
        if self.unique and not errors:
            errors = _repeats(value)
        if errors:
            raise ValidationError(errors)


class MapOf(Described):
    """An object from names of one kind to values of one kind; ``reserved`` names are refused.

    ``whole`` says that it is a document of its own, in which ``$schema`` may stand beside the names.
    """

    def __init__(
        self,
        description: str,
        value: Described,
        *,
        name: Text,
        reserved: Sequence[str] = (),
        minimum: int = 0,
        maximum: int = 1000,
        whole: bool = False,
        **common: Any,
    ) -> None:
        super().__init__(description, **common)
        self.value, self.key_field, self.reserved = value, name, tuple(reserved)
        self.minimum, self.maximum, self.whole = minimum, maximum, whole

    @property
    def expected(self) -> str:
        """Names and values."""
        return f"an object whose names are {self.key_field.means}, each {self.value.expected}"

    def json_schema(self, definitions: Definitions) -> JsonSchema:
        """An object without a fixed set of properties."""
        names: JsonSchema = {
            key: bound for key, bound in self.key_field.json_schema(definitions).items() if key != "type"
        }
        if self.reserved:
            names["not"] = {"enum": list(self.reserved)}
        if self.whole:
            names = {"anyOf": [{"const": "$schema"}, names]}
        values = with_null(self.value, self.value.json_schema(definitions))
        schema: JsonSchema = {"type": "object", "propertyNames": names, "additionalProperties": values}
        if self.minimum:
            schema["minProperties"] = self.minimum
        return {**schema, "maxProperties": self.maximum}

    def check(self, value: Any) -> None:
        """Type, size, then every name and value."""
        if not isinstance(value, dict):
            raise self.wrong_type(value)
        if not self.minimum <= len(value) <= self.maximum:
            detail = f"{len(value)} members stand here"
            raise Fault("WRONG_LENGTH", detail, f"{self.minimum} to {self.maximum} members").error()
        members = {name: item for name, item in value.items() if not (self.whole and name == "$schema")}
        errors = collect((name, self.value, item) for name, item in members.items())
        for name in members:
            self._check_name(name, errors)
        if self.whole and "$schema" in value:
            errors.update(collect([("$schema", DOLLAR_SCHEMA, value["$schema"])]))
        if errors:
            raise ValidationError(errors)

    def _check_name(self, name: str, errors: dict[str | int, Any]) -> None:
        try:
            self.key_field.check(name)
        except ValidationError:
            errors[name] = [
                Fault("WRONG_NAME", f"'{shorten(name)}' is not a name here", self.key_field.expected)
            ]
        if name in self.reserved:
            errors[name] = [Fault("RESERVED_NAME", f"'{name}' has a meaning of its own", "another name")]


class OneOf(Described):
    """One of several kinds of value, told apart by JSON type: at most one alternative a type."""

    def __init__(self, description: str, *alternatives: Described, **common: Any) -> None:
        super().__init__(description, **common)
        self.alternatives: Final = alternatives

    @property
    def expected(self) -> str:
        """The alternatives."""
        return ", or ".join(alternative.expected for alternative in self.alternatives)

    def json_schema(self, definitions: Definitions) -> JsonSchema:
        """Any of the alternatives."""
        return {"anyOf": [alternative.json_schema(definitions) for alternative in self.alternatives]}

    def check(self, value: Any) -> None:
        """The alternative of the value's type decides."""
        for alternative in self.alternatives:
            if isinstance(value, _TYPES_OF[_kind(alternative)]):
                alternative.check(value)
                return
        raise self.wrong_type(value)


class Record(Schema):
    """An object with a closed set of members: the base of every record in every document."""

    class Meta:
        """Unknown members are told by ``refuse_unknown``, which also knows the right names."""

        unknown = EXCLUDE

    #: What one record is, in words, for the schema's title and for messages.
    title: ClassVar[str] = "an object"

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown(self, _: Any, original: Mapping[str, Any], **__: Any) -> None:
        """Raise for every member that is not declared, naming those that are."""
        known = {field.data_key or name for name, field in self.fields.items()}
        strangers = {
            name: [unknown("UNKNOWN_FIELD", "member", name, tuple(sorted(known)))]
            for name in original
            if name not in known
        }
        if strangers:
            raise ValidationError(strangers)


class RecordOf(Described):
    """A nested record."""

    def __init__(self, description: str, record: type[Record], **common: Any) -> None:
        super().__init__(description, **common)
        self.record: Final = record
        self._loader: Record | None = None

    @property
    def expected(self) -> str:
        """The record's title."""
        return self.record.title

    def json_schema(self, definitions: Definitions) -> JsonSchema:
        """A reference: records are written once."""
        return definitions.record(self.record)

    def check(self, value: Any) -> None:
        """Type, then every member."""
        if not isinstance(value, dict):
            raise self.wrong_type(value)
        if self._loader is None:
            self._loader = self.record()
        errors = self._loader.validate(value)
        if errors:
            raise ValidationError(errors)


def collect(checks: Iterable[tuple[str | int, Described, Any]]) -> dict[str | int, Any]:
    """Errors by name or index of several (name, field, value); null only where the field allows it."""
    errors: dict[str | int, Any] = {}
    for name, field, value in checks:
        try:
            if value is not None:
                field.check(value)
            elif not field.allow_none:
                raise field.wrong_type(None)
        except ValidationError as error:
            errors[name] = error.messages
    return errors


def with_null(field: Described, schema: JsonSchema) -> JsonSchema:
    """The schema, widened by null where the field allows null."""
    if not field.allow_none or not schema:
        return schema
    return {"anyOf": [schema, {"type": "null"}]}


def _repeats(values: list[Any]) -> dict[str | int, Any]:
    seen: list[Any] = []
    errors: dict[str | int, Any] = {}
    for index, value in enumerate(values):
        if value in seen:
            errors[index] = [
                Fault("REPEATED", f"{shorten(repr(value))} stands here twice", "every element once")
            ]
        seen.append(value)
    return errors


_TYPES_OF: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def _kind(field: Described) -> str:
    if isinstance(field, Text | Choice):
        return "string"
    if isinstance(field, ListOf):
        return "array"
    if isinstance(field, Number):
        return "number"
    return "boolean" if isinstance(field, Flag) else "object"
