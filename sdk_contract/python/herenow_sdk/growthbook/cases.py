"""GrowthBook's public conformance cases (``cases.json``, specification 0.8.0), run against this SDK.

A case is an array whose first element names it and whose last, or last two, are expected. Every section is
run; a section of a name unknown here is a failure of its own, so nothing passes by being overlooked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.hashing import bucket, bucket_ranges, choose_variation, equal_weights, in_namespace
from herenow_sdk.core.sticky import document_key
from herenow_sdk.core.values import is_array
from herenow_sdk.core.versions import padded_version
from herenow_sdk.growthbook.documents import own_documents
from herenow_sdk.growthbook.payload import AesCbc, decrypt
from herenow_sdk.growthbook.sdk import GrowthBook
from herenow_sdk.growthbook.targeting import query_override

Case = Sequence[Any]
Runner = Callable[[Case], tuple[Any, Any]]
"""Answers what came out and what was expected, comparable."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that came out otherwise."""

    name: str
    expected: Any
    actual: Any


@dataclass(slots=True)
class Section:
    """How the cases of one section came out: ``verdicts`` in their order, and what failed."""

    verdicts: list[bool] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """How many cases came out as expected."""
        return sum(self.verdicts)


def run_cases(cases: Mapping[str, Any], decrypt_aes: AesCbc) -> dict[str, Section]:
    """Every section of a ``cases.json`` (or of a part of it) by its name; only arrays hold cases."""
    runners = {**_RUNNERS, "decrypt": _decryption(decrypt_aes)}
    return {
        name: _run_section(section, runners.get(name, _unknown)) for name, section in _sections("", cases)
    }


def _sections(prefix: str, cases: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Any]]]:
    for name, section in cases.items():
        if is_array(section):
            yield prefix + name, section
        elif isinstance(section, Mapping):  # sections by capability: the runner is the inner name's
            yield from _sections(prefix, section)


def _run_section(section: Sequence[Any], run: Runner) -> Section:
    outcome = Section()
    for case in section:
        try:
            actual, expected = run(case)
        except Exception as error:  # noqa: BLE001 - whatever is raised is a failed case, not a failed run
            actual, expected = f"{type(error).__name__}: {error}", case[-1]
        outcome.verdicts.append(actual == expected)
        if actual != expected:
            outcome.failures.append(Failure(str(case[0]), expected, actual))
    return outcome


def growthbook_of(context: Mapping[str, Any], *, sticky: Mapping[str, Any] | None = None) -> GrowthBook:
    """The SDK for the context of a case."""
    return GrowthBook(
        context,
        context.get("attributes", {}),
        url=context.get("url", ""),
        forced_features=dict(context.get("forcedFeatures", ())),
        forced_variations=context.get("forcedVariations", {}),
        sticky=sticky,
        qa_mode=context.get("qaMode", False),
        enabled=context.get("enabled", True),
    )


def _condition(case: Case) -> tuple[Any, Any]:
    _, condition, attributes, expected, *groups = case
    return compile_condition(condition, *groups).matches(attributes), expected


def _hash(case: Case) -> tuple[Any, Any]:
    seed, value, version, expected = case
    return bucket(seed, value, version), expected


def _bucket_range(case: Case) -> tuple[Any, Any]:
    _, (count, coverage, weights), expected = case
    ranges = bucket_ranges(count, 1 if coverage is None else coverage, weights)
    return _rounded(ranges, 6), _rounded(expected, 6)


def _rounded(ranges: Any, digits: int) -> list[list[float]]:
    return [[round(start, digits), round(end, digits)] for start, end in ranges]


def _choose_variation(case: Case) -> tuple[Any, Any]:
    _, point, ranges, expected = case
    return choose_variation(point, ranges), expected


def _equal_weights(case: Case) -> tuple[Any, Any]:
    count, expected = case
    return [round(weight, 8) for weight in equal_weights(count)], [round(weight, 8) for weight in expected]


def _namespace(case: Case) -> tuple[Any, Any]:
    _, value, (name, start, end), expected = case
    return in_namespace(value, name, (start, end)), expected


def _query_override(case: Case) -> tuple[Any, Any]:
    _, key, url, count, expected = case
    return query_override(key, url, count), expected


def _feature(case: Case) -> tuple[Any, Any]:
    _, context, name, expected = case
    return growthbook_of(context).feature(name), expected


def _run(case: Case) -> tuple[Any, Any]:
    _, context, experiment, *expected = case
    result = growthbook_of(context).run(experiment)
    return [result["value"], result["inExperiment"], result["hashUsed"]], expected


def _sticky_bucket(case: Case) -> tuple[Any, Any]:
    _, context, given, name, expected, kept = case
    documents = {document_key(each["attributeName"], each["attributeValue"]): each for each in given}
    own = own_documents(context, context.get("attributes", {}), documents)
    sdk = growthbook_of(context, sticky=own)
    outcome = sdk.feature(name).get("experimentResult")
    changes = sdk.sticky.changes if sdk.sticky is not None else {}
    return [outcome, own | changes], [expected, kept]


def _url_redirect(case: Case) -> tuple[Any, Any]:
    _, context, expected = case
    return growthbook_of(context).redirects(), expected


def _version_compare(case: Case) -> tuple[Any, Any]:
    left, right, relation, expected = case
    first, second = padded_version(left), padded_version(right)
    return {"eq": first == second, "gt": first > second, "lt": first < second}[relation], expected


def _decryption(aes_cbc: AesCbc) -> Runner:
    def run(case: Case) -> tuple[Any, Any]:
        _, encrypted, key, expected = case
        return decrypt(encrypted, key, aes_cbc), expected

    return run


def _unknown(case: Case) -> tuple[Any, Any]:
    return "a section that this runner does not know", case[-1]


_RUNNERS: Final[Mapping[str, Runner]] = {
    "evalCondition": _condition,
    "hash": _hash,
    "getBucketRange": _bucket_range,
    "feature": _feature,
    "run": _run,
    "chooseVariation": _choose_variation,
    "getQueryStringOverride": _query_override,
    "inNamespace": _namespace,
    "getEqualWeights": _equal_weights,
    "stickyBucket": _sticky_bucket,
    "urlRedirect": _url_redirect,
    "contextualBandit": _feature,
    "versionCompare": _version_compare,
}


def answer(section: str, given: Sequence[Any]) -> Any:
    """What comes out of a case whose expectation is not known: ``given`` is what stands between."""
    expected = [None] * _EXPECTED.get(section, 1)
    return _RUNNERS[section](["", *given, *expected])[0]


_EXPECTED: Final[Mapping[str, int]] = {"run": 3, "stickyBucket": 2}
"""How many last elements of a case are expected, where it is not one."""
