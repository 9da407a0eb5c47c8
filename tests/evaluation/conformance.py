"""GrowthBook's public cases, section by section: ours beside the vendor's own Python SDK, on the same file.

The vendor's SDK is run through a thin adapter that maps each case to its public calls and compares what the
case states. The difference is paired: cases that only we pass, less cases that only it passes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import growthbook
from growthbook import core as vendor
from tests.sdk_contract.growthbook.aes import aes_cbc

from herenow_sdk.growthbook.cases import run_cases

FILE = "conformance/growthbook_cases.json"


def rows(data: Path) -> list[dict[str, Any]]:
    """One row a section, and their sum. Raises ``FileNotFoundError`` without the file."""
    cases = json.loads((data / FILE).read_text(encoding="utf-8"))
    told = []
    for name, section in run_cases(cases, aes_cbc).items():
        theirs = [_vendor_passes(name, case) for case in cases[name]]
        pairs = list(zip(section.verdicts, theirs, strict=True))
        told.append(
            {
                "section": name,
                "cases": len(pairs),
                "herenow": section.passed,
                "growthbook (Python)": sum(theirs),
                "only herenow": sum(ours and not other for ours, other in pairs),
                "only growthbook": sum(other and not ours for ours, other in pairs),
                "failed": len(pairs) - section.passed,
            }
        )
    total = {key: sum(row[key] for row in told) for key in list(told[0])[1:]} if told else {}
    return [*told, {"section": "all"} | total]


def _vendor_passes(section: str, case: Sequence[Any]) -> bool:
    try:
        return _ADAPTERS[section](case)
    except Exception:  # noqa: BLE001 - a case that it raises on is one that it does not pass
        return False


def _sdk(context: dict[str, Any], **more: Any) -> growthbook.GrowthBook:
    names = {
        "attributes": "attributes",
        "features": "features",
        "url": "url",
        "enabled": "enabled",
        "qaMode": "qa_mode",
        "forcedVariations": "forced_variations",
        "savedGroups": "savedGroups",
        "contextualBandits": "contextualBandits",
    }
    return growthbook.GrowthBook(
        **{names[key]: part for key, part in context.items() if key in names}, **more
    )


def _holds(case: Sequence[Any]) -> bool:
    _, condition, attributes, expected, *groups = case
    return vendor.evalCondition(attributes, condition, *groups) == expected


def _ranges(case: Sequence[Any]) -> bool:
    _, (count, coverage, weights), expected = case
    given = vendor.getBucketRanges(count, coverage, weights)
    return [[round(edge, 6) for edge in pair] for pair in given] == [
        [round(edge, 6) for edge in pair] for pair in expected
    ]


def _feature(case: Sequence[Any]) -> bool:
    _, context, name, expected = case
    result = _sdk(context).evalFeature(name).to_dict()
    same = all(result.get(key) == expected[key] for key in ("value", "on", "off", "source", "ruleId"))
    stated = expected.get("experimentResult", {})
    found = result.get("experimentResult") or {}
    return same and all(found.get(key) == value for key, value in stated.items())


def _run(case: Sequence[Any]) -> bool:
    _, context, experiment, value, takes_part, hashed = case
    result = _sdk(context).run(growthbook.Experiment(**experiment))
    return [result.value, result.inExperiment, result.hashUsed] == [value, takes_part, hashed]


def _sticky(case: Sequence[Any]) -> bool:
    _, context, documents, name, expected, kept = case
    service = growthbook.InMemoryStickyBucketService()
    for document in documents:
        service.save_assignments(document)
    sdk = _sdk(context, sticky_bucket_service=service)
    sdk.refresh_sticky_buckets(force=True)
    outcome = sdk.evalFeature(name).experimentResult
    found = None if outcome is None else outcome.to_dict()
    return found == expected and all(service.docs.get(key) == document for key, document in kept.items())


def _decrypts(case: Sequence[Any]) -> bool:
    _, encrypted, key, expected = case
    try:
        return growthbook.decrypt(encrypted, key) == expected
    except Exception:  # noqa: BLE001 - it tells a failure by raising
        return expected is None


_ADAPTERS: dict[str, Callable[[Sequence[Any]], bool]] = {
    "evalCondition": _holds,
    "hash": lambda case: vendor.gbhash(*case[:3]) == case[3],
    "getBucketRange": _ranges,
    "feature": _feature,
    "run": _run,
    "chooseVariation": lambda case: vendor.chooseVariation(*case[1:3]) == case[3],
    "getQueryStringOverride": lambda case: vendor.getQueryStringOverride(*case[1:4]) == case[4],
    "inNamespace": lambda case: vendor.inNamespace(*case[1:3]) == case[3],
    "getEqualWeights": lambda case: (
        [round(weight, 8) for weight in vendor.getEqualWeights(case[0])] == [round(w, 8) for w in case[1]]
    ),
    "decrypt": _decrypts,
    "stickyBucket": _sticky,
    "contextualBandit": _feature,
}
"""It has no redirects: those cases count as not passed."""
