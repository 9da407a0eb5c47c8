"""Deciding without the server: the rules at hand, what the last answer told of the person, its items.

Everything is ``core.evaluate``'s (SPEC 14.6); here is only what goes in, and the shape of what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from herenow_sdk.client.local_time import with_local_time
from herenow_sdk.core.answers import feature_json
from herenow_sdk.core.bundle import Bundle
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.explain import explain
from herenow_sdk.core.kill import Switch

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to decide for: the context as it may be sent, the profile, consent, home zone, what is killed.

    ``sticky`` are the arms of experiments given before, as the server told them (SPEC 7.7, 14.6).
    """

    context: Json
    profile: Json
    consent: Mapping[str, str]
    home_zone: Any = None
    killed: frozenset[str] = frozenset()
    sticky: Any = None

    @property
    def state(self) -> dict[str, Any]:
        """As the evaluator reads it."""
        state: dict[str, Any] = {"consent": dict(self.consent), "kill": sorted(self.killed)}
        return {**state, "sticky": self.sticky} if isinstance(self.sticky, Mapping) else state


@dataclass(frozen=True, slots=True)
class Pages:
    """The placements of the last answer: items to order anew, and what stands beside them."""

    placements: Json = field(default_factory=dict)

    def given(self) -> dict[str, Any]:
        """The pages as they were given."""
        return {name: page for name, page in self.placements.items() if _is_page(page)}

    def items(self) -> dict[str, Sequence[Any]]:
        """The candidates by placement, as the evaluator reads them."""
        return {name: page["items"] for name, page in self.given().items()}

    def ordered(self, name: str, ids: Sequence[str]) -> dict[str, Any]:
        """A page in a new order; what was not given to be ordered follows as it stood."""
        page: Any = self.placements.get(name)
        if not _is_page(page):
            return {"items": [], "because": [], "next": None}
        by_id = {item["id"]: item for item in page["items"] if isinstance(item, Mapping) and "id" in item}
        rest = [item for each, item in by_id.items() if each not in set(ids)]
        return {**page, "items": [by_id[each] for each in ids if each in by_id] + rest}


def decide(bundle: Bundle, person: Person, pages: Pages, now: int) -> dict[str, Any]:
    """A config in the shape of the server's, decided at ``now`` (epoch seconds, by the server's clock)."""
    context = with_local_time(person.context, person.home_zone, now)
    evaluated = evaluate(bundle, context, person.profile, person.state, pages.items(), now)
    given = pages.given() if Switch.PLACEMENTS in person.killed else {}  # its part is not even fetched
    orders = given | {
        name: pages.ordered(name, [each.candidate.id for each in placed.items])
        for name, placed in evaluated.placements.items()
    }
    return {
        "features": {name: feature_json(result) for name, result in evaluated.features.items()},
        "placements": orders,
        "valid_until": evaluated.valid_until,
    }


def checks(bundle: Bundle, person: Person, pages: Pages, now: int) -> dict[str, Any]:
    """By name of feature and placement: every check that was made, with its values."""
    context = with_local_time(person.context, person.home_zone, now)
    told = explain(bundle, context, person.profile, person.state, pages.items(), now)
    return {**told.get("placements", {}), **told.get("features", {})}


def _is_page(page: Any) -> bool:
    return isinstance(page, Mapping) and isinstance(page.get("items"), list)
