"""What of the evaluator each server module uses, read from the source.

The server decides through a few functions of ``herenow_sdk.core``, each used in the places below. Whatever
else could decide (a condition compiled, a person hashed, a rule tried) is out of reach for the server, so
that an answer and a device's own decision cannot part ways.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from herenow_sdk.core.operators import OPERATORS

CORE = "herenow_sdk.core."

DOORS: Mapping[str, frozenset[str]] = {
    # every answer, preview and explanation of herenow's own: features, then placements
    "evaluate.prepare": frozenset({"herenow.launch.decision"}),
    "evaluate.feature_scope": frozenset({"herenow.launch.decision"}),
    "evaluate.evaluate_in": frozenset({"herenow.launch.decision"}),
    "evaluate.disabled_features": frozenset({"herenow.launch.decision", "herenow.compat.evaluation"}),
    "placements.placement_rule": frozenset({"herenow.ordering.engine", "herenow.launch.explaining"}),
    "placements.active_boosts": frozenset({"herenow.ordering.engine"}),
    "ordering.arrange": frozenset({"herenow.ordering.arrangement"}),
    # stock SDKs, which state attributes of their own
    "evaluate.evaluate_features": frozenset({"herenow.compat.evaluation"}),
    # why a decision that was made came out so
    "explain.explain_features": frozenset({"herenow.launch.explaining"}),
    "explain_placements.explain_placement": frozenset({"herenow.launch.explaining"}),
    # which items of a catalogue satisfy a condition, each distinct value judged once
    "conditions.compile_condition": frozenset(
        {
            "herenow.catalog.masks",
            "herenow.authoring.local_features",
            "herenow.messaging.journeys.plan",  # who takes a step of a journey
            "herenow.launch.serving",  # which attributes the conditions of a journey read
            "herenow.authoring.validation.strangers",  # whether a test holds of whom nothing is known
        }
    ),
    # messages: what events start and call off, the decision itself, what is lent and where the clock stands
    "messages.decide_messages": frozenset({"herenow.messaging.asking", "herenow.messaging.why"}),
    # the rules for whoever some channels reach
    "messages.narrowing.narrowed": frozenset({"herenow.messaging.asking"}),
    "messages.waiting.observe": frozenset(
        {"herenow.messaging.observing", "herenow.messaging.journeys.walking"}
    ),
    "messages.patterns.parse_event": frozenset({"herenow.messaging.journeys.plan"}),
    "messages.patterns.parse_missing": frozenset(
        {"herenow.messaging.journeys.plan", "herenow.measures.goals"}
    ),
    "messages.patterns.parse_trigger": frozenset({"herenow.messaging.journeys.plan"}),
    "messages.caps.counts": frozenset({"herenow.messaging.observing"}),
    "messages.caps.use": frozenset({"herenow.messaging.leasing"}),
    "messages.leases.grant": frozenset({"herenow.messaging.leasing"}),
    # where a tap may lead: what is written out when it is published, what a name brings when it is said
    "messages.links.is_link": frozenset({"herenow.authoring.validation.links", "herenow.messaging.writing"}),
    "messages.leases.outstanding": frozenset({"herenow.messaging.leasing"}),
    # which of the texts of a campaign are said on a channel
    "messages.wording.on_channel": frozenset(
        {
            "herenow.messaging.writing",
            "herenow.messaging.previewing",
            "herenow.authoring.validation.payload_sizes",
        }
    ),
    "messages.interests": frozenset({"herenow.messaging.happenings"}),
    "messages.calendar.since": frozenset({"herenow.messaging.leasing"}),
    "windows.is_open": frozenset({"herenow.messaging.moments", "herenow.messaging.best_hour"}),
    "windows.next_opening": frozenset({"herenow.messaging.moments"}),
    "explain_features.clauses": frozenset({"herenow.messaging.why"}),
    # fences: the few that can matter are asked about, among those there are
    "place.slots.plan": frozenset({"herenow.proximity.planning"}),
    "place.slots.difference": frozenset({"herenow.launch.places"}),
    "place.slots.next_action": frozenset({"herenow.launch.places"}),
    "place.slots.standpoint": frozenset({"herenow.launch.places"}),
    "place.silencing.silence": frozenset({"herenow.messaging.happenings"}),
    "place.silencing.is_late": frozenset({"herenow.messaging.happenings"}),
    "place.fences.read_fence": frozenset({"herenow.proximity.index", "herenow.proximity.records"}),
    "place.collection.fence_record": frozenset({"herenow.proximity.records"}),
    # what a document says, judged before anybody is decided about
    "bundle.parse_bundle": frozenset({"herenow.launch.serving"}),
    "patterns.compile_pattern": frozenset({"herenow.authoring.validation.conditions"}),
    "templates.is_template": frozenset({"herenow.authoring.local_features"}),
    "templates.names": frozenset({"herenow.authoring.local_features"}),
    "templates": frozenset({"herenow.authoring.validation.language", "herenow.templates.compiled"}),
    "templates.shown": frozenset({"herenow.templates.language"}),
}
"""What can decide, without ``herenow_sdk.core.``, and the modules that may use it."""

WORDS = frozenset(
    {
        "answers.feature_json",
        "attributes.Attributes",
        "attributes.CONSENT_STATUSES",
        "bundle.Bundle",
        "checks.CheckName",
        "conditions.Condition",
        "conditions.MAX_CONDITION_DEPTH",
        "diversity.Diversity",
        "evaluate.PlacementResult",
        "evaluate.Prepared",
        "experiments.Assignment",
        "features.FeatureResult",
        "kill.Switch",
        "limits.MAX_NAME",
        "limits.MAX_RECORDS",
        "limits.excess",
        "messages.Decision",
        "messages.LocalClock",
        "messages.MessageRules",
        "messages.identity.message_id",
        "messages.identity.trigger_name",
        "messages.ledger.Sent",
        "messages.ledger.read_ledger",
        "messages.leases.Granted",
        "messages.leases.Leases",
        "messages.durations.Period",
        "messages.durations.optional_duration",
        "messages.durations.period",
        "messages.durations.read_duration",
        "messages.patterns.EventPattern",
        "messages.patterns.MissingEvent",
        "messages.patterns.Trigger",
        "messages.policy.Cap",
        "messages.rules.Campaign",
        "messages.rules.MAX_KEPT",
        "messages.rules.MessageRules",
        "messages.rules.Schedule",
        "messages.state.MessageState",
        "messages.waiting.Happening",
        "messages.waiting.MAX_WAITING",
        "messages.waiting.Pending",
        "messages.waiting.Waiting",
        "messages.waiting.read_pending",
        "messages.wording.ON_DEVICE",
        "messages.wording.TEXTS",
        "ordering.Candidate",
        "ordering.FEATURES",
        "ordering.OrderingRule",
        "ordering.Pin",
        "ordering.Ranked",
        "ordering.SCALE",
        "paths.lookup",
        "patterns.SlowPattern",
        "patterns.UnfitPattern",
        "placements.Placement",
        "reading",
        "reading.Malformed",
        "values.is_number",
        "values.is_whole",
        "values.to_text",
        "windows.Window",
        "windows.minute_of",
        "windows.weekday",
        "zones.UTC",
        "zones.Zone",
        "zones.day_number",
        "zones.parse_zone",
    }
)
"""Types, constants and shapes: they say something, and decide nothing."""
VOCABULARIES = ("clock.", "device.", "geo.", "place.", "profile.", "reasons.")
"""Modules that decide about no feature, placement or message, of which anybody may use anything."""
OTHERS = Mapping[str, frozenset[str]]
BESIDE_CORE: OTHERS = {
    "herenow_sdk.growthbook.targeting.query_override": frozenset({"herenow.compat.evaluation"}),
}
"""What is used of the SDK's other packages: the arm that a page's query asks for."""
CONDITION_LANGUAGE: OTHERS = {
    "$and": frozenset({"herenow.catalog.masks"}),
    "$or": frozenset({"herenow.catalog.masks"}),
    "$nor": frozenset({"herenow.catalog.masks"}),
    "$not": frozenset({"herenow.catalog.masks"}),
}
"""Words of the condition language that something other than the authoring of documents reads."""

_OPERATOR = re.compile(r"\$[a-z]+(?:[A-Z][a-z]+)*")
_WRITTEN_HERE = frozenset({"$and", "$or", "$nor", "$not", "$savedGroup", "$elemMatch", "$size", "$all"})
_SPOKEN = _WRITTEN_HERE | OPERATORS.keys()
_COMMON = frozenset(
    {
        *("templates", "names", "render", "shown", "observe", "counts", "use", "grant", "since", "clauses"),
        *("plan", "difference", "narrowed"),
    }
)
"""Doors whose names are common words: other things bear them too."""
_CALLABLE = {last: name for name in DOORS if (last := name.rpartition(".")[2]) not in _COMMON}
"""The doors by the names under which they may also be taken from a module that holds them."""


@dataclass(frozen=True)
class Use:
    """A module of the server uses something, at a line."""

    module: str
    line: int
    what: str


def uses_of_source(module: str, source: str) -> Iterator[Use]:
    """What a module takes from the SDK, by whatever kind of import, and the operators that it spells."""
    for node in ast.walk(ast.parse(source)):
        for what in _taken(node):
            yield Use(module, getattr(node, "lineno", 0), what)


def _taken(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        names = [each.name for each in node.names]
        if _is_sdk(node.module):
            yield from (f"{node.module}.{name}" for name in names)
        else:
            yield from (CORE + _CALLABLE[name] for name in names if name in _CALLABLE)
    elif isinstance(node, ast.Import):
        yield from (each.name for each in node.names if _is_sdk(each.name))
    elif isinstance(node, ast.Attribute) and node.attr in _CALLABLE:
        yield CORE + _CALLABLE[node.attr]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _tells(node.value):
        yield node.value


def uses(root: Path) -> Iterator[Use]:
    """Every use in the package at ``root``."""
    for file in sorted(root.rglob("*.py")):
        module = ".".join(file.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
        yield from uses_of_source(module, file.read_text(encoding="utf-8"))


def is_allowed(use: Use) -> bool:
    """Whether the module may: a door of its own, or something that decides nothing."""
    if _OPERATOR.fullmatch(use.what):
        authoring = use.module.startswith("herenow.authoring.")
        return authoring or use.module in CONDITION_LANGUAGE.get(use.what, ())
    if not use.what.startswith(CORE):
        return use.module in BESIDE_CORE.get(use.what, ())
    name = use.what.removeprefix(CORE)
    return name in WORDS or name.startswith(VOCABULARIES) or use.module in DOORS.get(name, ())


def _tells(text: str) -> bool:
    """Whether a text names a module of the SDK, or an operator of conditions."""
    return re.fullmatch(r"herenow_sdk(\.\w+)*", text) is not None or text in _SPOKEN


def _is_sdk(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] == "herenow_sdk"
