"""The entry for whoever knows GrowthBook: its payload in, its results out, decided by ``core``.

>>> sdk = GrowthBook({"features": {"dark": {"defaultValue": False, "rules": [{"force": True}]}}})
>>> sdk.feature("dark")["value"], sdk.feature("dark")["source"]
(True, 'force')
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core import reading
from herenow_sdk.core.bandits import Arms, Leaf, parse_bandit
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.experiments import Assignment, Surroundings
from herenow_sdk.core.features import Scope, evaluate_feature, once
from herenow_sdk.core.sticky import StickyBuckets
from herenow_sdk.core.values import is_array, is_truthy
from herenow_sdk.growthbook.places import rule_at, with_places
from herenow_sdk.growthbook.redirects import addresses_are_urls, leads_elsewhere, way
from herenow_sdk.growthbook.shapes import (
    experiment_result,
    feature_result,
    rule_experiment,
    standalone_result,
    unreadable_result,
)
from herenow_sdk.growthbook.standalone import parse_standalone
from herenow_sdk.growthbook.targeting import is_targeted, requested_arms

_NOTHING: Final[Mapping[str, Any]] = {}


class GrowthBook:
    """One person looking at one page, and a payload as GrowthBook serves it.

    Whatever JSON ``payload`` and ``attributes`` hold, nothing raises. ``sticky`` are the documents kept of
    the person, by key; ``None`` turns sticky bucketing off. ``qa_mode`` lets nobody be assigned by chance.
    """

    def __init__(
        self,
        payload: Mapping[str, Any],
        attributes: Mapping[str, Any] = _NOTHING,
        *,
        url: str = "",
        forced_features: Mapping[str, Any] = _NOTHING,
        forced_variations: Mapping[str, Any] = _NOTHING,
        sticky: Mapping[str, Any] | None = None,
        qa_mode: bool = False,
        enabled: bool = True,
    ) -> None:
        self.exposures: list[Assignment] = []
        """Every arm met so far, each once: what an app reports."""
        self.sticky = None if sticky is None else StickyBuckets(sticky)
        """What is kept of the person; ``sticky.changes`` is for the app to keep."""
        self._payload = payload
        self._bundle, self.diagnostics = parse_bundle({"features": with_places(payload)})
        experiments = payload.get("experiments") if isinstance(payload, Mapping) else None
        self._experiments: tuple[Any, ...] = tuple(experiments or ()) if is_array(experiments) else ()
        self._url = url if isinstance(url, str) else ""
        self._settings: Mapping[str, Any] = {
            "attributes": _members(attributes),
            "overrides": _members(forced_features),
            "forced": _members(forced_variations),
            "requested": requested_arms(self._url),
            "testing": is_truthy(qa_mode),
            "enabled": enabled is not False,
        }

    def feature(self, name: str) -> dict[str, Any]:
        """``{"value", "on", "off", "source", "ruleId", "experiment"?, "experimentResult"?}``."""
        result = evaluate_feature(name, self._scope())
        self._note(*result.exposures)
        rule = rule_at(self._payload, name, result.rule)
        told = feature_result(result._replace(rule=None if rule is None else rule.get("id")))
        if result.assignment is None or rule is None:
            return told
        experiment = rule_experiment(rule, name, self._routed(rule), result.assignment.leaf)
        outcome = experiment_result(result.assignment, result.value, name)
        return told | {"experiment": experiment, "experimentResult": outcome}

    def run(self, experiment: Any) -> dict[str, Any]:
        """An experiment by itself: ``{"key", "inExperiment", "value", "variationId", …}``.

        One that cannot be read gives its first value to everybody, without a part in it.
        """
        groups, bandits = self._bundle.around.groups, self._bundle.around.bandits
        try:
            parsed = parse_standalone(experiment, Surroundings(groups, bandits))
        except reading.Malformed:
            return unreadable_result(experiment)
        scope = self._scope()
        patterns = experiment.get("urlPatterns")
        scope.enabled &= patterns is None or is_targeted(self._url, patterns)
        assigned = parsed.run(scope)
        self._note(*scope.passed, *([assigned] if assigned.hashed and assigned.takes_part else []))
        return standalone_result(parsed, assigned, scope)

    def redirects(self) -> list[dict[str, Any]]:
        """The automatic experiments that lead elsewhere, in order, up to the first that does.

        ``{"inExperiment", "urlRedirect"?, "urlWithParams"?}``; the page itself is never led to, and nobody
        takes part in an experiment with an address that is no URL.
        """
        told = []
        for experiment in filter(leads_elsewhere, self._experiments):
            told.append({"inExperiment": False})
            if not addresses_are_urls(experiment, self._url):
                continue
            result = self.run(experiment)
            if result["inExperiment"]:
                told[-1] = {"inExperiment": True} | way(experiment, result["value"], self._url)
                break
        return told

    def _scope(self) -> Scope:
        return Scope(features=self._bundle.features, sticky=self.sticky, **self._settings)

    def _note(self, *assigned: Assignment) -> None:
        self.exposures = once([*self.exposures, *assigned])

    def _routed(self, rule: Mapping[str, Any]) -> Leaf | None:
        """The leaf whose weights stand in for the rule's."""
        around = self._bundle.around
        bandit = parse_bandit(
            rule.get("contextualBanditRef"), around.bandits, around.groups, Arms(0, 1, None, None)
        )
        leaf = None if bandit is None else bandit.leaf(self._settings["attributes"])
        return None if bandit is None or leaf is bandit.fallback else leaf


def _members(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else _NOTHING
