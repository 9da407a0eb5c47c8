"""Names that stand for something declared elsewhere: it must be declared, and nothing may stand on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from herenow.authoring.documents.faults import Fault, unknown
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import select, texts


class Reference(NamedTuple):
    """At ``path`` of ``document`` stands a name of ``kind``."""

    document: str
    path: str
    kind: str


REFERENCES: Final = (
    Reference("audiences", "*/audience", "audience"),
    Reference("features", "*/rules/*/audience", "audience"),
    Reference("placements", "*/pins/*/audience", "audience"),
    Reference("placements", "*/boosts/*/audience", "audience"),
    Reference("campaigns", "*/audience", "audience"),
    Reference("offers", "*/audience", "audience"),
    Reference("features", "*/rules/*/parentConditions/*/id", "feature"),
    Reference("placements", "*/diversity/facet", "facet"),
    Reference("intents", "synonyms/~", "facet"),
    Reference("intents", "labels/~", "facet"),
    Reference("intents", "places/*/facet", "facet"),
    Reference("placements", "~", "placement"),
    Reference("campaigns", "*/offers/*", "offer"),
    Reference("campaigns", "*/steps/*/campaign", "campaign"),
    Reference("policy", "caps/*/campaign", "campaign"),
    Reference("campaigns", "*/trigger/fence_group", "fence group"),
    Reference("campaigns", "*/trigger/fence", "fence"),
    Reference("personas", "*/context/capabilities/*", "capability"),
)
#: What a channel needs the app to be able to do; e-mail and SMS need nothing of it.
_CAPABILITY_OF: Final[Mapping[str, str]] = {
    "in_app": "in_app",
    "push": "push",
    "local_notification": "local_notification",
}


def check(folder: Folder) -> Iterator[Problem]:
    """Every reference, every capability, every circle."""
    for reference in REFERENCES:
        yield from _check_reference(folder, reference)
    yield from _capabilities(folder)
    yield from _undescribed_placements(folder)
    yield from _circles(folder, "audiences", "*/audience", "AUDIENCE_CYCLE")
    yield from _circles(folder, "features", "*/rules/*/parentConditions/*/id", "FEATURE_CYCLE")
    yield from _circles(folder, "app", "facets/*/parent", "FACET_CYCLE")


def _check_reference(folder: Folder, reference: Reference) -> Iterator[Problem]:
    declared = folder.names(reference.kind)
    if declared is None:
        return
    code = f"UNKNOWN_{reference.kind.upper().replace(' ', '_')}"
    imported_perhaps = reference.kind in {"fence", "fence group"} and "fences" not in folder.read
    for at, name in texts(folder.document(reference.document), reference.path):
        if name not in declared:
            problem = Problem(reference.document, at, unknown(code, reference.kind, name, declared))
            yield warning(problem.document, at, problem.fault) if imported_perhaps else problem


def _capabilities(folder: Folder) -> Iterator[Problem]:
    declared = folder.names("capability")
    if declared is None:
        return
    campaigns = folder.document("campaigns")
    needed = [
        (at, _CAPABILITY_OF[name], name)
        for at, name in texts(campaigns, "*/channels/*")
        if name in _CAPABILITY_OF
    ]
    needed += [
        (at, "geofence", "a fence")
        for path in ("fence", "fence_group")
        for at, _ in texts(campaigns, f"*/trigger/{path}")
    ]
    for at, capability, reason in needed:
        if capability not in declared:
            detail = f"{reason} needs the capability '{capability}', which the app does not declare"
            expected = f'"{capability}" among the capabilities of app.json'
            yield Problem(
                "campaigns", at, Fault("UNKNOWN_CAPABILITY", detail, expected, capability, declared)
            )


def _undescribed_placements(folder: Folder) -> Iterator[Problem]:
    if "placements" in folder.unreadable:
        return
    described = {
        name for _, name in texts(folder.read["placements"].value if "placements" in folder.read else {}, "~")
    }
    for at, name in texts(folder.document("app"), "placements/*"):
        if name not in described:
            detail = f"nothing is said about the placement '{name}'"
            yield warning("app", at, Fault("PLACEMENT_NOT_DESCRIBED", detail, f'"{name}" in placements.json'))


def _circles(folder: Folder, document: str, path: str, code: str) -> Iterator[Problem]:
    """One problem for each reference that closes a circle, with the circle in words."""
    depth = path.split("/").index("*")
    edges: dict[str, list[str]] = {}
    for at, name in select(folder.document(document), path):
        edges.setdefault(str(at[depth]), []).append(str(name))
    for at, name in texts(folder.document(document), path):
        start = str(at[depth])
        circle = _way(edges, name, start)
        if circle:
            way = " → ".join([start, *circle])
            yield Problem(document, at, Fault(code, f"stands on itself: {way}", "no circle"))


def _way(edges: Mapping[str, list[str]], start: str, goal: str) -> list[str]:
    """A shortest way along ``edges``, both ends included; empty when there is none."""
    ways = {start: [start]}
    queue = [start]
    for name in queue:
        if name == goal:
            return ways[name]
        for following in edges.get(name, ()):
            if following not in ways:
                ways[following] = [*ways[name], following]
                queue.append(following)
    return []
