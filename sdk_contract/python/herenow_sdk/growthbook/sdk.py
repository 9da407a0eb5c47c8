"""The entry for whoever knows GrowthBook: its payload in, its results out, decided by ``core``.

>>> sdk = GrowthBook({"features": {"dark": {"defaultValue": False, "rules": [{"force": True}]}}})
>>> sdk.feature("dark")["value"], sdk.feature("dark")["source"]
(True, 'force')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow_sdk.core import reading
from herenow_sdk.core.bandits import Arms, Leaf, parse_bandit
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.experiments import Assignment, Surroundings
from herenow_sdk.core.features import FeatureResult, Scope, evaluate_feature, once
from herenow_sdk.core.sticky import StickyBuckets
from herenow_sdk.core.values import is_array, is_truthy
from herenow_sdk.growthbook.shapes import (
    experiment_result,
    feature_result,
    rule_experiment,
    standalone_result,
    unreadable_result,
)
from herenow_sdk.growthbook.standalone import parse_standalone
from herenow_sdk.growthbook.targeting import is_targeted, merged_queries, requested_arms

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
        self._bundle, self.diagnostics = parse_bundle({"features": payload})
        experiments = payload.get("experiments") if isinstance(payload, Mapping) else None
        self._experiments: tuple[Any, ...] = tuple(experiments or ()) if is_array(experiments) else ()
        self._url = url
        self._settings: Mapping[str, Any] = {
            "attributes": attributes,
            "overrides": forced_features,
            "forced": forced_variations,
            "requested": requested_arms(url),
            "testing": qa_mode,
            "enabled": enabled,
        }

    def feature(self, name: str) -> dict[str, Any]:
        """``{"value", "on", "off", "source", "ruleId", "experiment"?, "experimentResult"?}``."""
        result = evaluate_feature(name, self._scope())
        self._note(*result.exposures)
        told = feature_result(result)
        if result.assignment is None:
            return told
        outcome = experiment_result(result.assignment, result.value, name)
        rule = self._rule_of(name, result, result.assignment)
        if rule is None:
            return told | {"experimentResult": outcome}
        experiment = rule_experiment(rule, name, self._routed(rule), result.assignment.leaf)
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

        ``{"inExperiment", "urlRedirect"?, "urlWithParams"?}``; the page itself is never led to.
        """
        told = []
        for experiment in self._leading_elsewhere():
            result = self.run(experiment)
            told.append({"inExperiment": result["inExperiment"]} | self._way(experiment, result["value"]))
            if result["inExperiment"]:
                break
        return told

    def _leading_elsewhere(self) -> Iterator[Mapping[str, Any]]:
        for each in self._experiments:
            arms = each.get("variations") if isinstance(each, Mapping) else None
            if is_array(arms) and any(
                isinstance(arm, Mapping) and "urlRedirect" in arm for arm in arms or ()
            ):
                yield each

    def _way(self, experiment: Mapping[str, Any], value: Any) -> dict[str, Any]:
        target = value.get("urlRedirect") if isinstance(value, Mapping) else None
        if not isinstance(target, str) or not target:
            return {}
        keeps = is_truthy(experiment.get("persistQueryString"))
        url = merged_queries(self._url, target) if keeps else target
        if is_targeted(url, experiment.get("urlPatterns")):
            return {}
        return {"urlRedirect": target, "urlWithParams": url}

    def _scope(self) -> Scope:
        return Scope(features=self._bundle.features, sticky=self.sticky, **self._settings)

    def _note(self, *assigned: Assignment) -> None:
        self.exposures = once([*self.exposures, *assigned])

    def _rule_of(self, name: str, result: FeatureResult, assigned: Assignment) -> Mapping[str, Any] | None:
        """The record of the rule that assigned: results name it by id, which it need not have."""
        record = self._bundle.records.get(name)
        for rule in record.get("rules") or () if isinstance(record, Mapping) else ():
            if not isinstance(rule, Mapping) or "force" in rule or (rule.get("id") or None) != result.rule:
                continue
            values = rule.get("contextualVariations", rule.get("variations"))
            same = is_array(values) and assigned.variation < len(values)
            if same and (rule.get("key") or name) == assigned.experiment:
                return rule
        return None

    def _routed(self, rule: Mapping[str, Any]) -> Leaf | None:
        """The leaf whose weights stand in for the rule's."""
        around = self._bundle.around
        bandit = parse_bandit(
            rule.get("contextualBanditRef"), around.bandits, around.groups, Arms(0, 1, None, None)
        )
        leaf = None if bandit is None else bandit.leaf(self._settings["attributes"])
        return None if bandit is None or leaf is bandit.fallback else leaf
