"""The vocabulary of fields that every document is written in.

Each field is a marshmallow field that also knows the JSON Schema it stands for and says what it expects in
words, all from the same few arguments: the three cannot drift apart. Fields are strict: ``"1"`` is not a
number, ``1`` is not true, an unknown member is an error. A field's first argument is its description; its
``example`` is required by convention and by test, because both reach the marketer's editor.

Values pass through unchanged: documents are judged here, not converted.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Protocol

from marshmallow import ValidationError, fields, missing

from herenow.authoring.documents.faults import Fault, name_of_type, shorten

if TYPE_CHECKING:
    from herenow.authoring.documents.structures import Record

JsonSchema = dict[str, Any]


class Definitions(Protocol):
    """Where a JSON Schema under construction keeps what is used more than once."""

    def reference(self, name: str, schema: JsonSchema) -> JsonSchema:
        """A ``$ref`` to ``schema``, kept under ``name``."""

    def record(self, schema: type[Record]) -> JsonSchema:
        """A ``$ref`` to the schema of a record, written on first use."""


class Described(fields.Field[Any]):
    """A field with a description, an example, a JSON Schema and its expectation in words."""

    def __init__(
        self,
        description: str,
        *,
        example: Any = missing,
        required: bool = False,
        null: bool = False,
        key: str | None = None,
    ) -> None:
        metadata = {"description": description, **({} if example is missing else {"example": example})}
        super().__init__(required=required, allow_none=null, data_key=key, metadata=metadata)

    @property
    @abstractmethod
    def expected(self) -> str:
        """What a right value is, in words."""

    @abstractmethod
    def json_schema(self, definitions: Definitions) -> JsonSchema:
        """The JSON Schema of a right value, without description and examples; null is added by the writer."""

    @abstractmethod
    def check(self, value: Any) -> None:
        """Raise ``ValidationError`` with ``Fault`` objects unless ``value`` (never null) is right."""

    def make_error(self, key: str, **_: Any) -> ValidationError:
        """The two errors of marshmallow's own (``required`` and ``null``) as faults."""
        if key == "required":
            return Fault("MISSING_FIELD", "a required member is missing", self.expected).error()
        return self.wrong_type(None)

    def wrong_type(self, value: Any) -> ValidationError:
        """The error for a value of another type."""
        return Fault("WRONG_TYPE", f"{name_of_type(value)} stands here", self.expected).error()

    def wrong_value(self, code: str, value: Any) -> ValidationError:
        """The error for a value of the right type that is not allowed."""
        return Fault(code, f"{shorten(repr(value))} is not allowed here", self.expected).error()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        self.check(value)
        return value


class Anything(Described):
    """Any JSON value."""

    expected = "any JSON value"

    def json_schema(self, definitions: Definitions) -> JsonSchema:  # noqa: ARG002 - nothing to define
        """Everything."""
        return {}

    def check(self, value: Any) -> None:
        """Nothing is wrong."""


class Text(Described):
    """A string of ``minimum`` to ``maximum`` characters, of a ``pattern`` that ``means`` something."""

    def __init__(
        self,
        description: str,
        *,
        pattern: str | None = None,
        means: str = "a string",
        minimum: int = 0,
        maximum: int = 2000,
        **common: Any,
    ) -> None:
        super().__init__(description, **common)
        self.pattern = pattern
        self.means = means
        self.minimum = minimum
        self.maximum = maximum
        # JSON Schema's "$" matches at the end only; Python's also before a last line feed.
        self._matches = re.compile(pattern.removesuffix("$") + r"\Z") if pattern else None

    @property
    def expected(self) -> str:
        """What the text means, and its length."""
        return self.means if self.pattern else f"{self.means} of {self.minimum} to {self.maximum} characters"

    def json_schema(self, definitions: Definitions) -> JsonSchema:  # noqa: ARG002 - nothing to define
        """A string with its bounds."""
        schema: JsonSchema = {"type": "string", "maxLength": self.maximum}
        if self.minimum:
            schema["minLength"] = self.minimum
        if self.pattern:
            schema["pattern"] = self.pattern
        return schema

    def check(self, value: Any) -> None:
        """Type, length, pattern."""
        if not isinstance(value, str):
            raise self.wrong_type(value)
        if not self.minimum <= len(value) <= self.maximum:
            raise self.wrong_value("WRONG_FORMAT" if self.pattern else "WRONG_LENGTH", value)
        if self._matches and not self._matches.search(value):
            raise self.wrong_value("WRONG_FORMAT", value)


class Choice(Described):
    """One of a closed set of words."""

    def __init__(self, description: str, choices: Iterable[str], **common: Any) -> None:
        super().__init__(description, **common)
        self.choices: Final = tuple(choices)

    @property
    def expected(self) -> str:
        """The words."""
        return "one of: " + ", ".join(self.choices)

    def json_schema(self, definitions: Definitions) -> JsonSchema:  # noqa: ARG002 - nothing to define
        """An enumeration."""
        return {"enum": list(self.choices)}

    def check(self, value: Any) -> None:
        """One of the words."""
        if not isinstance(value, str):
            raise self.wrong_type(value)
        if value not in self.choices:
            detail = f"'{shorten(value)}' is not one of the possible words"
            raise Fault("UNKNOWN_VALUE", detail, self.expected, value, self.choices).error()


class Number(Described):
    """A number from ``minimum`` to ``maximum``; ``whole`` for integers; never ``above`` or less."""

    def __init__(
        self,
        description: str,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        above: float | None = None,
        whole: bool = False,
        **common: Any,
    ) -> None:
        super().__init__(description, **common)
        self.minimum, self.maximum, self.above, self.whole = minimum, maximum, above, whole

    @property
    def expected(self) -> str:
        """Type and bounds."""
        bounds = (("from", self.minimum), ("above", self.above), ("to", self.maximum))
        words = [f"{word} {bound:g}" for word, bound in bounds if bound is not None]
        return " ".join(["a whole number" if self.whole else "a number", *words])

    def json_schema(self, definitions: Definitions) -> JsonSchema:  # noqa: ARG002 - nothing to define
        """A number with its bounds."""
        bounds = (("minimum", self.minimum), ("exclusiveMinimum", self.above), ("maximum", self.maximum))
        kept = {keyword: bound for keyword, bound in bounds if bound is not None}
        return {"type": "integer" if self.whole else "number", **kept}

    def check(self, value: Any) -> None:
        """Type and bounds; 5.0 is a whole number, as in JSON Schema."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong_type(value)
        if self.whole and value != int(value):
            raise self.wrong_type(value)
        too_low = (self.minimum is not None and value < self.minimum) or (
            self.above is not None and value <= self.above
        )
        if too_low or (self.maximum is not None and value > self.maximum):
            raise self.wrong_value("OUT_OF_RANGE", value)


class Flag(Described):
    """true or false."""

    expected = "true or false"

    def json_schema(self, definitions: Definitions) -> JsonSchema:  # noqa: ARG002 - nothing to define
        """A boolean."""
        return {"type": "boolean"}

    def check(self, value: Any) -> None:
        """A boolean and nothing that could be taken for one."""
        if not isinstance(value, bool):
            raise self.wrong_type(value)


DOLLAR_SCHEMA: Final = Text(
    "The JSON Schema of this document, so that an editor completes and checks it.",
    example="../../schemas/app.json",
    key="$schema",
)
