"""Names that stand for something declared elsewhere: it must be declared, and nothing may stand on itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from herenow.authoring.documents.faults import Fault, unknown
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import texts


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
    Reference("campaigns", "*/candidates/placement", "placement"),
    Reference("campaigns", "*/offers/*", "offer"),
    Reference("campaigns", "*/steps/*/campaign", "campaign"),
    Reference("campaigns", "*/template/*/category", "category"),
    Reference("campaigns", "*/template/*/channels/*/category", "category"),
    Reference("policy", "caps/*/campaign", "campaign"),
    Reference("campaigns", "*/trigger/fence_group", "fence group"),
    Reference("campaigns", "*/trigger/fence", "fence"),
    Reference("personas", "*/context/capabilities/*", "capability"),
)
_MOST_CIRCLES: Final = 20
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
    """One problem for each reference that closes a circle, with a shortest circle in words."""
    depth = path.split("/").index("*")
    references = list(texts(folder.document(document), path))
    edges: dict[str, dict[str, None]] = {}
    for at, name in references:
        edges.setdefault(str(at[depth]), {})[name] = None
    reached = _reached(edges)
    closing = [
        (at, name) for at, name in references if at[depth] in reached.get(name, ()) or at[depth] == name
    ]
    for at, name in closing[:_MOST_CIRCLES]:
        way = " → ".join([str(at[depth]), *_way(edges, name, str(at[depth]))])
        yield Problem(document, at, Fault(code, f"stands on itself: {way}", "no circle"))


def _reached(edges: Mapping[str, Collection[str]]) -> Mapping[str, frozenset[str]]:
    """The names that refer to others, each with those of them that it stands on, by however many steps."""
    names = list(edges)
    bits = {name: sum(1 << at for at, other in enumerate(names) if other in edges[name]) for name in names}
    for at, name in enumerate(names):
        for other in names:
            if bits[other] >> at & 1:
                bits[other] |= bits[name]
    return {name: frozenset(n for at, n in enumerate(names) if bits[name] >> at & 1) for name in names}


def _way(edges: Mapping[str, Collection[str]], start: str, goal: str) -> list[str]:
    """A shortest way along ``edges`` to a goal that can be reached, both ends included."""
    came_from = {start: ""}
    for name in (queue := [start]):
        if name == goal:
            break
        for following in edges.get(name, ()):
            if following not in came_from:
                came_from[following] = name
                queue.append(following)
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
