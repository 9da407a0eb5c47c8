"""What the properties of a beacon may be: rules that judge a value, tell what is expected, know their schema.

One description serves the door (``judging``), the schemas under ``schemas/beacons`` and the events that an
app declares itself. A member that is ``null`` was not said, as many serialisers write what they do not know
so; members that no rule names pass, because an app newer than the server must still be heard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from herenow_sdk.core.device.instants import read_instant

JsonSchema = dict[str, Any]
Fault = tuple[str, str]
"""Where (a JSON pointer below the value judged) and what is expected there."""


class Rule(Protocol):
    """What one value may be."""

    def fault(self, value: Any) -> Fault | None:
        """Where ``value`` is wrong, and what is expected there; ``None`` when it is right."""

    def json_schema(self) -> JsonSchema:
        """The same as a JSON Schema."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ``minimum`` to ``maximum`` characters."""

    maximum: int = 200
    minimum: int = 1

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        if isinstance(value, str) and self.minimum <= len(value) <= self.maximum:
            return None
        return "", f"a text of {self.minimum} to {self.maximum} characters"

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"type": "string", "minLength": self.minimum, "maxLength": self.maximum}


@dataclass(frozen=True, slots=True)
class Item(Text):
    """The id of an item in the catalogue, or of one that it has not got yet."""

    maximum: int = 120


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of one form."""

    pattern: str
    means: str

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        right = isinstance(value, str) and re.fullmatch(self.pattern, value) is not None
        return None if right else ("", self.means)

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``minimum`` to ``maximum``, whole where it says so; never a boolean."""

    minimum: float = 0
    maximum: float = 1e12
    whole: bool = False

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            fits = self.minimum <= value <= self.maximum
            if fits and not (self.whole and value != int(value)):
                return None
        kind = "a whole number" if self.whole else "a number"
        return "", f"{kind} from {self.minimum:.12g} to {self.maximum:.12g}"

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        kind = "integer" if self.whole else "number"
        return {"type": kind, "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        return None if isinstance(value, bool) else ("", "true or false")

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Instant:
    """A time with its offset."""

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        right = read_instant(value) is not None
        return None if right else ("", "an instant such as 2026-11-20T07:13:10+05:30")

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few texts."""

    values: tuple[str, ...]

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        right = isinstance(value, str) and value in self.values
        return None if right else ("", f"one of: {', '.join(self.values)}")

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"type": "string", "enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number, or true or false."""

    maximum: int = 200

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        if isinstance(value, (bool, int, float)) or (isinstance(value, str) and len(value) <= self.maximum):
            return None
        return "", f"a number, true, false, or a text of at most {self.maximum} characters"

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"type": ["string", "number", "boolean"], "maxLength": self.maximum}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of at most ``maximum``, each as ``each`` says."""

    each: Rule
    maximum: int = 100

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        if not isinstance(value, list) or len(value) > self.maximum:
            return "", f"a list of at most {self.maximum}"
        for index, member in enumerate(value):
            wrong = self.each.fault(member)
            if wrong is not None:
                return f"/{index}{wrong[0]}", wrong[1]
        return None

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"type": "array", "maxItems": self.maximum, "items": self.each.json_schema()}


@dataclass(frozen=True, slots=True)
class Either:
    """As the first rule says, or as the second, told apart by whether it is an object."""

    plain: Rule
    members: Members

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        return (self.members if isinstance(value, Mapping) else self.plain).fault(value)

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        return {"anyOf": [self.plain.json_schema(), self.members.json_schema()]}


@dataclass(frozen=True, slots=True)
class Property:
    """A member of an object: what it may be, and what it says."""

    rule: Rule
    description: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """An object: its members by name.

    Of ``one_of``, where there are any, at least one must be said; of ``together`` all or none.
    """

    by_name: Mapping[str, Property]
    one_of: tuple[str, ...] = ()
    together: tuple[str, ...] = ()

    def fault(self, value: Any) -> Fault | None:
        """See ``Rule``."""
        if not isinstance(value, Mapping):
            return "", "an object"
        for name, known in self.by_name.items():
            said = value.get(name)
            if said is None:
                if known.required:
                    return f"/{name}", "it to be said"
                continue
            wrong = known.rule.fault(said)
            if wrong is not None:
                return f"/{name}{wrong[0]}", wrong[1]
        return self._incomplete(value) if self.one_of else None

    def _incomplete(self, value: Mapping[str, Any]) -> Fault | None:
        if all(value.get(name) is None for name in self.one_of):
            return "", f"one of: {', '.join(self.one_of)}"
        missing = [name for name in self.together if value.get(name) is None]
        if missing and len(missing) < len(self.together):
            return f"/{missing[0]}", f"it together with {', '.join(self.together)}"
        return None

    def json_schema(self) -> JsonSchema:
        """See ``Rule``."""
        schema: JsonSchema = {
            "type": "object",
            "properties": {name: _member(known) for name, known in self.by_name.items()},
        }
        required = [name for name, known in self.by_name.items() if known.required]
        if required:
            schema["required"] = required
        if self.one_of:
            schema["anyOf"] = [_said(name) for name in self.one_of]
        if self.together:
            all_of: JsonSchema = {"allOf": [_said(name) for name in self.together]}
            none_of: JsonSchema = {"not": {"anyOf": [_said(name) for name in self.together]}}
            schema["oneOf"] = [all_of, none_of]
        return schema


_NULL: Final[JsonSchema] = {"type": "null"}


def _member(known: Property) -> JsonSchema:
    schema = known.rule.json_schema()
    if known.required:
        return {"description": known.description, **schema}
    return {"description": known.description, "anyOf": [*schema.pop("anyOf", [schema]), _NULL]}


def _said(name: str) -> JsonSchema:
    return {"required": [name], "properties": {name: {"not": _NULL}}}
