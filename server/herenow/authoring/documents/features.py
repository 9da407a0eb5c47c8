"""``features.json``: typed values with rules, shaped as GrowthBook's SDKs read them.

Members in camelCase are GrowthBook's own; ``id``, ``audience`` and ``description`` are ours.
"""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.documents import names
from herenow.authoring.documents.conditions import Condition
from herenow.authoring.documents.structures import ListOf, Record, RecordOf
from herenow.authoring.documents.values import (
    Anything,
    Choice,
    Definitions,
    Described,
    Flag,
    JsonSchema,
    Number,
    Text,
)

FEATURE_TYPES: Final = ("boolean", "string", "number", "json")


def share(description: str, example: float, **common: Any) -> Number:
    """A part of everybody, from 0 to 1."""
    return Number(description, minimum=0, maximum=1, example=example, **common)


def bucket_ranges(description: str, **common: Any) -> ListOf:
    """Bucket ranges, one a variation."""
    return ListOf(description, bucket_range("From (inclusive) and to (exclusive)."), maximum=100, **common)


def bucket_range(description: str) -> ListOf:
    """One bucket range."""
    return ListOf(description, share("A bucket.", 0.5), minimum=2, maximum=2, example=[0, 0.5])


def attribute_name(description: str, **common: Any) -> Text:
    """The attribute that decides the bucket."""
    return Text(description, means="an attribute", minimum=1, maximum=120, example="id", **common)


class Namespace(Described):
    """GrowthBook's namespace: its name, then the bucket range taken in it."""

    expected = 'a name and a bucket range such as ["checkout", 0, 0.5]'

    def json_schema(self, definitions: Definitions) -> JsonSchema:  # noqa: ARG002 - nothing to define
        """A list of exactly three."""
        bound = {"type": "number", "minimum": 0, "maximum": 1}
        first = {"type": "string", "minLength": 1, "maxLength": 80}
        return {"type": "array", "prefixItems": [first, bound, bound], "minItems": 3, "maxItems": 3}

    def check(self, value: Any) -> None:
        """A name and two numbers."""
        if not isinstance(value, list) or len(value) != 3:
            raise self.wrong_type(value)
        named = isinstance(value[0], str) and 1 <= len(value[0]) <= 80
        if not named or not all(_is_share(bound) for bound in value[1:]):
            raise self.wrong_value("WRONG_FORMAT", value)


def _is_share(bound: Any) -> bool:
    return isinstance(bound, int | float) and not isinstance(bound, bool) and 0 <= bound <= 1


class VariationMeta(Record):
    """What one variation is called."""

    title = "a variation's names"

    key = Text("Its key in exposures.", minimum=1, maximum=80, example="control")
    name = Text("Its name for people.", maximum=120, example="Control")
    passthrough = Flag("Whether evaluation goes on after it (for holdouts).", example=False)


class Filter(Record):
    """A bucket range that must hold before a rule applies."""

    title = "a filter"

    seed = Text("What the bucket is hashed with.", required=True, maximum=200, example="namespace-1")
    ranges = bucket_ranges("The ranges that pass.", required=True, minimum=1, example=[[0, 0.5]])
    attribute = attribute_name("The attribute that decides the bucket.")
    hash_version = Number(
        "GrowthBook's hash.", whole=True, minimum=1, maximum=2, key="hashVersion", example=2
    )


class ParentCondition(Record):
    """Another feature's value on which a rule depends."""

    title = "a condition on another feature's value"

    id = names.feature("The other feature.", required=True, example="show_map")
    condition = Condition(
        "What its value, as attribute `value`, must be.", required=True, example={"value": {"$eq": True}}
    )
    gate = Flag("Whether the whole feature is off when it does not hold.", example=False)


class Rule(Record):
    """One rule: for whom, then a forced value, or variations."""

    title = "a rule"

    id = names.name("The rule's name, reported with its result.", required=True, example="searched")
    description = names.sentence(example="Whoever came from a search")
    condition = Condition(
        "For whom it applies; for all when absent.", example={"intent.category": {"$exists": True}}
    )
    audience = names.name("An audience of audiences.json to whom it applies.", example="new")
    force = Anything("The value given.", null=True, example="Welcome")
    coverage = share("The part of everybody to whom it applies.", 0.2)
    variations = ListOf(
        "The values compared.",
        Anything("A value.", null=True, example="Hungry?"),
        minimum=2,
        maximum=100,
        example=["Popular near you", "Hungry?"],
    )
    weights = ListOf("Each variation's part.", share("A part.", 0.5), maximum=100, example=[0.5, 0.5])
    key = Text(
        "The experiment's key; the feature's key when absent.", minimum=1, maximum=120, example="title-test"
    )
    name = Text("The experiment's name.", maximum=120, example="Title of the first screen")
    phase = Text("The experiment's phase.", maximum=20, example="1")
    meta = ListOf(
        "The variations' names.",
        RecordOf("A variation's names.", VariationMeta, example={"key": "control"}),
        maximum=100,
        example=[{"key": "control"}, {"key": "question"}],
    )
    hash_attribute = attribute_name(
        "The attribute that decides the bucket; `id` when absent.", key="hashAttribute"
    )
    fallback_attribute = attribute_name("The attribute used when that one is empty.", key="fallbackAttribute")
    hash_version = Number(
        "GrowthBook's hash.", whole=True, minimum=1, maximum=2, key="hashVersion", example=2
    )
    seed = Text("What the bucket is hashed with; the key when absent.", maximum=200, example="title-2026")
    range = bucket_range("The bucket range of a forced value.")
    ranges = bucket_ranges("The variations' bucket ranges.", example=[[0, 0.5], [0.5, 1]])
    namespace = Namespace(
        "The namespace it shares with others: name, from, to.", example=["checkout", 0, 0.5]
    )
    filters = ListOf(
        "Bucket ranges that must hold first.",
        RecordOf("A filter.", Filter, example={"seed": "namespace-1", "ranges": [[0, 0.5]]}),
        maximum=10,
        example=[{"seed": "namespace-1", "ranges": [[0, 0.5]]}],
    )
    parent_conditions = ListOf(
        "Conditions on other features' values.",
        RecordOf("A condition.", ParentCondition, example={"id": "show_map", "condition": {"value": True}}),
        key="parentConditions",
        maximum=20,
        example=[{"id": "show_map", "condition": {"value": {"$eq": True}}}],
    )
    disable_sticky = Flag(
        "Whether earlier assignments are ignored.", key="disableStickyBucketing", example=False
    )
    bucket_version = Number(
        "Raised to assign anew.", whole=True, minimum=0, maximum=1000, key="bucketVersion", example=1
    )
    min_bucket_version = Number(
        "Assignments older than this exclude from the experiment.",
        whole=True,
        minimum=0,
        maximum=1000,
        key="minBucketVersion",
        example=0,
    )


class Feature(Record):
    """A typed value with rules."""

    title = "a feature"

    type = Choice("The type of its values.", FEATURE_TYPES, required=True, example="string")
    description = names.sentence(example="Title of the first screen")
    default = Anything(
        "The value when no rule applies.", required=True, null=True, example="Popular near you"
    )
    rules = ListOf(
        "Rules in order: the first that applies decides.",
        RecordOf("A rule.", Rule, example={"id": "all", "force": "Welcome"}),
        maximum=100,
        example=[{"id": "all", "force": "Welcome"}],
    )


DOCUMENT: Final = names.map_of(
    "Typed values that the app reads, with the rules that decide them.",
    RecordOf("A feature.", Feature),
    name=names.feature("The feature's key."),
    whole=True,
)
