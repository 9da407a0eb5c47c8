"""Automatic experiments whose arms are addresses: whether they count, and where an arm leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.values import is_array, is_truthy
from herenow_sdk.growthbook.targeting import is_targeted, merged_queries
from herenow_sdk.growthbook.urls import parse_url


def leads_elsewhere(experiment: Any) -> bool:
    """Whether the experiment is for certain pages, and one of its arms has an ``urlRedirect``."""
    if not isinstance(experiment, Mapping) or not is_truthy(experiment.get("urlPatterns")):
        return False
    return any("urlRedirect" in arm for arm in _arms(experiment))


def addresses_are_urls(experiment: Mapping[str, Any], page: str) -> bool:
    """Whether the page and all that the arms lead to are absolute URLs."""
    addresses = [arm.get("urlRedirect") for arm in _arms(experiment)]
    return all(_is_url(address) for address in [page, *filter(is_truthy, addresses)])


def _is_url(address: Any) -> bool:
    try:
        return isinstance(address, str) and bool(parse_url(address))
    except ValueError:
        return False


def way(experiment: Mapping[str, Any], arm: Any, page: str) -> dict[str, Any]:
    """``{"urlRedirect", "urlWithParams"}`` of an arm; nothing for one that stays, or leads to the page."""
    target = arm.get("urlRedirect") if isinstance(arm, Mapping) else None
    if not isinstance(target, str) or not target:
        return {}
    keeps = is_truthy(experiment.get("persistQueryString"))
    url = merged_queries(page, target) if keeps else target
    if is_targeted(url, experiment.get("urlPatterns")):
        return {}
    return {"urlRedirect": target, "urlWithParams": url}


def _arms(experiment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    arms = experiment.get("variations")
    return [arm for arm in arms or () if isinstance(arm, Mapping)] if is_array(arms) else []
