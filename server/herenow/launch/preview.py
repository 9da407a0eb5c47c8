"""Preview: the first screen of representative people, before and after a change.

A persona goes through the very rules a phone goes through (``arrival_of``, ``grown``, ``decide``), so
what is shown is what would be served; nothing is stored. Pure: serving sets in, first screens out, for
the server and the command line alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, Final

from herenow.authoring.parts import compile_parts
from herenow.authoring.pointer import NOTHING
from herenow.catalog.catalog import Catalog
from herenow.errors import Invalid
from herenow.launch.acquiring import arrival_of, grown
from herenow.launch.answer import config_json
from herenow.launch.decision import Decision, Subject, decide
from herenow.launch.explaining import explained
from herenow.launch.local_time import named_zone
from herenow.launch.serving import ServingSet, assemble, locale_chain
from herenow.learning.model import Model
from herenow.profiles.consent import effective_consent
from herenow.profiles.installation import Installation
from herenow.scope import Scope

MAX_PERSONAS: Final = 50
"""Personas shown in one preview."""
_SHOWN: Final = ("acquisition", "intent", "features", "placements")


@dataclass(frozen=True, slots=True)
class Persona:
    """A representative person, as ``personas.json`` describes one.

    ``context`` and ``acquisition`` are as a phone sends them; ``context["now"]`` and ``installed_at``
    fix the moment (ISO 8601, in the app's zone when they name none), otherwise it is the present.
    """

    name: str
    description: str
    context: Mapping[str, Any]
    acquisition: Mapping[str, Any] = field(default_factory=dict)
    consent: Mapping[str, Any] = field(default_factory=dict)
    installed_at: str | None = None


ORGANIC: Final = Persona("organic", "No trace of a search", {"platform": "android"})
"""Who is shown when a set of documents describes nobody."""


@dataclass(frozen=True, slots=True)
class FirstScreens:
    """One persona's first screen in JSON before and after; ``before`` is ``None`` when nothing is live.

    ``explanation`` is of the screen after, where it was asked for (see ``explaining``).
    """

    persona: Persona
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    explanation: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """With what changed: features by name, items by placement with their positions from 1."""
        told = {} if self.explanation is None else {"explanation": self.explanation}
        return told | {
            "persona": self.persona.name,
            "description": self.persona.description,
            "before": self.before,
            "after": self.after,
            "changes": {
                "features": changed_features(self.before, self.after),
                "placements": changed_placements(self.before, self.after),
            },
        }


def personas_of(documents: Mapping[str, Any]) -> tuple[Persona, ...]:
    """The personas of a valid set of documents in their order, else ``ORGANIC`` alone."""
    described = {name: each for name, each in documents.get("personas.json", {}).items() if name != "$schema"}
    found = tuple(
        Persona(
            name,
            each.get("description", ""),
            each.get("context", {}),
            each.get("acquisition", {}),
            each.get("consent", {}),
            each.get("installed_at"),
        )
        for name, each in described.items()
    )
    return found[:MAX_PERSONAS] or (ORGANIC,)


def persona_named(name: str, personas: Iterable[Persona]) -> Persona:
    """The persona of that name. Raises ``Invalid`` (UNKNOWN_PERSONA) that tells the known ones."""
    known = {persona.name: persona for persona in personas}
    if name not in known:
        nearest = get_close_matches(name, known, n=1)
        raise Invalid(
            f"no persona '{name[:60]}'",
            code="UNKNOWN_PERSONA",
            detail=f"Known: {', '.join(known)}." + (f" Nearest: {nearest[0]}." if nearest else ""),
        )
    return known[name]


def unpublished(
    scope: Scope, documents: Mapping[str, Any], catalog: Catalog, now: int, *, live: ServingSet | None = None
) -> ServingSet:
    """Valid documents readied as if they were published with ``catalog``, which is of their schema.

    ``live`` is what they would replace; what has not changed since is taken over.
    """
    parts = {part.name: json.loads(part.content) for part in compile_parts(documents)}
    pointer = live.pointer if live is not None else NOTHING
    model = live.model if live is not None else Model.EMPTY
    return assemble(scope, pointer, documents, parts, catalog, now=now, like=live, model=model)


def preview(
    before: ServingSet | None,
    after: ServingSet,
    personas: Iterable[Persona],
    now: int,
    *,
    explain: bool = False,
) -> tuple[FirstScreens, ...]:
    """The first screen of each persona under both sets, at ``now`` unless the persona names its moment."""
    return tuple(_screens(before, after, persona, now, explain=explain) for persona in personas)


def _screens(
    before: ServingSet | None, after: ServingSet, persona: Persona, now: int, *, explain: bool
) -> FirstScreens:
    decision = _decided(after, persona, now)
    return FirstScreens(
        persona,
        _screen(before, persona, _decided(before, persona, now)) if before is not None else None,
        _screen(after, persona, decision),
        explained(after, decision) if explain else None,
    )


def _decided(serving: ServingSet, persona: Persona, now: int) -> Decision:
    """What would be decided for a first launch of the persona's phone."""
    now = present_of(serving, persona, now)
    installation = launching(serving, persona, now)
    subject = Subject(
        id=installation.id,
        installed_at=installation.created_at,
        consent=installation.consent,
        acquisition=installation.acquisition,
        intent=installation.intent,
    )
    return decide(serving, persona.context, subject, now)


def _screen(serving: ServingSet, persona: Persona, decision: Decision) -> dict[str, Any]:
    """What the persona's phone would be answered: acquisition, intent, features, placements."""
    config = config_json(
        serving,
        decision,
        locales=locale_chain(persona.context, serving),
        now=decision.query.now,
        refresh_after_s=0,
        activation="now",
    )
    return {name: config[name] for name in _SHOWN}


def changed_features(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """The features whose value differs, one that is new or gone included."""
    was = _values(before)
    now = _values(after)
    return sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))


def changed_placements(
    before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """By placement the items that entered, left or moved: ``{"id", "from", "to"}``, ``None`` where absent."""
    was, now = _positions(before), _positions(after)
    moves = {name: _moves(was.get(name, {}), now.get(name, {})) for name in sorted(was.keys() | now.keys())}
    return {name: moved for name, moved in moves.items() if moved}


def present_of(serving: ServingSet, persona: Persona, now: int) -> int:
    """The persona's moment in epoch seconds: the one that it names, else ``now``."""
    return _instant(persona.context.get("now"), serving, now)


def launching(serving: ServingSet, persona: Persona, now: int) -> Installation:
    """The installation that a first launch of this persona would create."""
    fresh = Installation(
        id=f"persona-{persona.name}",
        created_at=_instant(persona.installed_at, serving, now),
        secret_hash="",
        consent=effective_consent(persona.consent, serving.policy.get("consent", {})),
        context=persona.context,
    )
    return grown(fresh, arrival_of(persona.acquisition, serving, now), serving, persona.context)


def _instant(stated: Any, serving: ServingSet, now: int) -> int:
    """Epoch seconds of an ISO 8601 text, ``now`` for anything that is none."""
    if not isinstance(stated, str):
        return now
    try:
        moment = datetime.fromisoformat(stated)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=named_zone(serving.time_zone) or UTC)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        return now


def _values(screen: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: each["value"] for name, each in (screen or {}).get("features", {}).items()}


def _positions(screen: Mapping[str, Any] | None) -> dict[str, dict[str, int]]:
    return {
        name: {item["id"]: position for position, item in enumerate(placement["items"], start=1)}
        for name, placement in (screen or {}).get("placements", {}).items()
    }


def _moves(was: Mapping[str, int], now: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"id": item_id, "from": was.get(item_id), "to": now.get(item_id)}
        for item_id in dict.fromkeys([*now, *was])
        if was.get(item_id) != now.get(item_id)
    ]
