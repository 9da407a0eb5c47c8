"""The parts of a release, read and compiled once.

A device meets parts of releases newer than itself, and storage can be damaged: so whatever JSON is put
in, nothing raises. A malformed record is dropped alone, with a diagnostic that names it, and the rest
works. The raw records of features are kept beside what they were compiled to, for explanations.

Specification: chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from herenow_sdk.core.experiments import Surroundings
from herenow_sdk.core.features import Feature
from herenow_sdk.core.hash_plan import HashPlans
from herenow_sdk.core.limits import MAX_NAME, MAX_RECORDS, excess, kept_names
from herenow_sdk.core.messages import MessageRules, parse_messages
from herenow_sdk.core.place.collection import parse_fences
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.placements import Placement, parse_placement
from herenow_sdk.core.profile.priors import PART, PriorShares, parse_priors
from herenow_sdk.core.reading import Malformed
from herenow_sdk.core.rules import parse_feature

Compiled = TypeVar("Compiled")
Report = Callable[[str, str], None]

_MAX_PROBLEM: Final = 200
_MESSAGE_PARTS: Final = ("campaigns", "offers")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that was left out: in which part, which record (with where in it), and why."""

    part: str
    record: str
    problem: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything configured, compiled.

    ``paths`` are the attributes that conditions of features and placements read of a person; ``records`` the
    features as they came, for explanations; ``around`` what their rules may refer to, and what they hash;
    ``priors`` what everybody likes.
    """

    features: Mapping[str, Feature] = field(default_factory=dict)
    placements: Mapping[str, Placement] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    messages: MessageRules = field(default_factory=MessageRules)
    records: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    around: Surroundings = field(default_factory=lambda: Surroundings({}, {}), compare=False, repr=False)
    fences: Mapping[str, Fence] = field(default_factory=dict)
    priors: PriorShares = field(default_factory=PriorShares)

    @property
    def plans(self) -> HashPlans:
        """What the rules hash, for all of them at once."""
        return self.around.plans


def parse_bundle(parts: Mapping[str, Any]) -> tuple[Bundle, tuple[Diagnostic, ...]]:
    """Compile parts by name: ``features`` (``{"features": {name: …}}``) and ``placements`` likewise.

    The features part may carry ``savedGroups`` (id to array of values) for ``$inGroup``, and
    ``contextualBandits``; ``campaigns``, ``offers`` and ``policy`` are about messages; ``fences`` is GeoJSON;
    ``priors`` are of the model published beside the release.
    Parts of other names are for other capabilities and are not looked at. Never raises.
    """
    diagnostics: list[Diagnostic] = []
    groups = _members(_part(parts, "features"), "savedGroups", lambda *_: None)
    bandits = _members(_part(parts, "features"), "contextualBandits", lambda *_: None)
    around = Surroundings(groups, bandits)
    features = _compile_part(
        parts,
        "features",
        groups,
        lambda name, raw, _, report: parse_feature(name, raw, around, report),
        diagnostics,
    )
    placements = _compile_part(parts, "placements", groups, parse_placement, diagnostics)
    paths = frozenset[str]().union(
        *(feature.paths for feature in features.values()),
        *(placement.paths for placement in placements.values()),
    )
    records = _members(_part(parts, "features"), "features", lambda *_: None)

    def note(part: str, record: str, problem: str) -> None:
        diagnostics.append(Diagnostic(part, record[:MAX_NAME], problem[:_MAX_PROBLEM]))

    messages = parse_messages(_limited(parts, note), groups, note)
    fences, priors = _compile_fences(parts, note), _compile_priors(parts, note)
    bundle = Bundle(features, placements, paths, messages, records, around, fences, priors)
    return bundle, tuple(diagnostics)


def _compile_priors(parts: Mapping[str, Any], note: Callable[[str, str, str], None]) -> PriorShares:
    def report(record: str, problem: str) -> None:
        note(PART, record, problem)

    return parse_priors(_part(parts, PART, report), report)


def _compile_fences(parts: Mapping[str, Any], note: Callable[[str, str, str], None]) -> dict[str, Fence]:
    def report(record: str, problem: str) -> None:
        note("fences", record, problem)

    return parse_fences(_part(parts, "fences", report).get("fences"), report)


def _compile_part(
    parts: Mapping[str, Any],
    part: str,
    groups: Mapping[str, Any],
    parse: Callable[[str, Any, Mapping[str, Any], Report], Compiled],
    diagnostics: list[Diagnostic],
) -> dict[str, Compiled]:
    def report(record: str, problem: str) -> None:
        diagnostics.append(Diagnostic(part, record[:MAX_NAME], problem[:_MAX_PROBLEM]))

    compiled: dict[str, Compiled] = {}
    records = _members(_part(parts, part, report), part, report)
    names = kept_names(records)
    if len(names) < len(records):
        report("", f"more than {MAX_RECORDS} records")
    for name in names:
        try:
            if problem := excess(name, records[name]):
                raise Malformed(problem)  # noqa: TRY301 - it is dropped as any other malformed record is
            compiled[name] = parse(name, records[name], groups, _within(name, report))
        except Malformed as problem:
            report(name, str(problem))
    return compiled


def _limited(parts: Any, note: Callable[[str, str, str], None]) -> Mapping[str, Any]:
    """The parts without those records about messages that are beyond a bound."""
    limited = dict(parts) if isinstance(parts, Mapping) else {}
    for part in _MESSAGE_PARTS:
        records = _members(_part(limited, part), part, lambda *_: None)
        names = kept_names(records)
        if len(names) < len(records):
            note(part, "", f"more than {MAX_RECORDS} records")
        fitting = {}
        for name in names:
            if problem := excess(name, records[name]):
                note(part, name, problem)
            else:
                fitting[name] = records[name]
        if len(fitting) < len(records):
            limited[part] = {**limited[part], part: fitting}
    return limited


def _within(name: str, report: Report) -> Report:
    return lambda where, problem: report(f"{name}/{where}", problem)


def _part(parts: Any, part: str, report: Report = lambda *_: None) -> Mapping[str, Any]:
    found = parts.get(part) if isinstance(parts, Mapping) else None
    if found is not None and not isinstance(found, Mapping):
        report("", "the part is not an object")
    return found if isinstance(found, Mapping) else {}


def _members(source: Mapping[str, Any], key: str, report: Report) -> Mapping[str, Any]:
    found = source.get(key)
    if found is not None and not isinstance(found, Mapping):
        report("", f"'{key}' is not an object")
    return found if isinstance(found, Mapping) else {}
