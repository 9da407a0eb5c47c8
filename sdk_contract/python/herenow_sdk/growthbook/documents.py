"""Whose sticky documents count: those of the attributes that a payload hashes by, for one person.

A store keeps documents of many people and of attributes that nothing hashes by any more; an SDK reads only
what it may need. Source: GrowthBook's JavaScript SDK 1.8.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from herenow_sdk.core.paths import lookup_literal_first
from herenow_sdk.core.shares import DEFAULT_ATTRIBUTE
from herenow_sdk.core.sticky import Document, document_key
from herenow_sdk.core.values import is_array, is_truthy


def own_documents(
    payload: Any, attributes: Mapping[str, Any], documents: Mapping[str, Document]
) -> dict[str, Document]:
    """Those of ``documents`` (by key) that belong to the person, whatever JSON the payload is."""
    keys = dict.fromkeys(_keys(payload, attributes))
    return {key: documents[key] for key in keys if key in documents}


def _keys(payload: Any, attributes: Mapping[str, Any]) -> Iterator[str]:
    for attribute in _attributes(payload):
        value = lookup_literal_first(attribute)(attributes)
        yield document_key(attribute, value if is_truthy(value) else "")


def _attributes(payload: Any) -> Iterator[str]:
    for experiment in _experiments(payload):
        attribute = experiment.get("hashAttribute")
        yield attribute if isinstance(attribute, str) and attribute else DEFAULT_ATTRIBUTE
        fallback = experiment.get("fallbackAttribute")
        if isinstance(fallback, str) and fallback:
            yield fallback


def _experiments(payload: Any) -> Iterator[Mapping[str, Any]]:
    record = payload if isinstance(payload, Mapping) else {}
    features = record.get("features")
    for feature in features.values() if isinstance(features, Mapping) else ():
        for rule in _records(feature.get("rules") if isinstance(feature, Mapping) else None):
            if is_truthy(rule.get("variations")) or is_truthy(rule.get("contextualVariations")):
                yield rule
    yield from _records(record.get("experiments"))


def _records(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in value or () if isinstance(each, Mapping)) if is_array(value) else ()
