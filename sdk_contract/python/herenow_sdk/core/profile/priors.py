"""What everybody likes, as the part ``priors`` tells it: the level above one person's tastes (SPEC 12.2).

A model is learned of many and published beside a release. What a device needs of it is small: by facet the
share of each value, over everybody and over those who came by one source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.profile.tastes import Priors

PART: Final = "priors"
_NOTHING: Final[Mapping[str, Any]] = {}

Report = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class PriorShares:
    """Shares in 1024ths by facet and value; ``by_source`` whole, for people who came by one."""

    facets: Priors = field(default_factory=dict)
    by_source: Mapping[str, Priors] = field(default_factory=dict)

    def of(self, profile: Any) -> Priors:
        """The priors of somebody: of a facet those of their source, where it knows the facet."""
        acquisition = profile.get("acquisition") if isinstance(profile, Mapping) else None
        source = acquisition.get("source") if isinstance(acquisition, Mapping) else None
        return self.by_source.get(source, self.facets) if isinstance(source, str) else self.facets


def parse_priors(part: Mapping[str, Any], report: Report) -> PriorShares:
    """Read the part; what is no object in it is left out alone, and ``report`` hears where. Never raises."""
    body = _object(part.get(PART), PART, lambda _, problem: report("", problem))
    facets = _facets(body.get("facets"), "facets", report)
    sources = _object(body.get("sources"), "sources", report)
    return PriorShares(
        facets,
        {
            source: {**facets, **_facets(told, f"sources/{source}", report)}
            for source, told in sources.items()
        },
    )


def _facets(raw: Any, where: str, report: Report) -> Priors:
    """A share that is no number is judged where it is used, as the prior of any other origin."""
    facets = _object(raw, where, report)
    found = {name: _object(values, f"{where}/{name}", report) for name, values in facets.items()}
    return {name: values for name, values in found.items() if values}


def _object(raw: Any, where: str, report: Report) -> Mapping[str, Any]:
    if raw is not None and not isinstance(raw, Mapping):
        report(where, "is not an object")
    return raw if isinstance(raw, Mapping) else _NOTHING
