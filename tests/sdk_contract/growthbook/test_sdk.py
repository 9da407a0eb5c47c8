"""What stands beside features: experiments by themselves, pages, redirects, encrypted payloads."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given
from tests.sdk_contract.core.strategies import json_objects, json_values, quick
from tests.sdk_contract.growthbook.aes import aes_cbc, aes_cbc_encrypted

from herenow_sdk.growthbook import GrowthBook, decrypt, decrypted_payload
from herenow_sdk.growthbook.cases import run_cases
from herenow_sdk.growthbook.targeting import is_targeted, merged_queries, query_override

TWO = {"key": "e", "variations": ["a", "b"], "weights": [0, 1]}
ONE = {"id": "1"}
KEY = bytes(range(16))


def outcome(experiment: dict, url: str = "", **more) -> tuple:
    """Value, whether the person takes part, whether hashing chose."""
    result = GrowthBook(more.pop("payload", {}), ONE, url=url, **more).run(experiment)
    return result["value"], result["inExperiment"], result["hashUsed"]


@pytest.mark.requirement("7.12.1")
def test_an_experiment_by_itself() -> None:
    """Drafts, inactive and stopped ones take nobody; a preset arm is given to whoever would take part."""
    out = ("a", False, False)
    assert outcome(TWO) == ("b", True, True)
    for state in ({"status": "draft"}, {"active": False}, {"status": "stopped"}, {"force": 9}):
        assert outcome(TWO | state) == out
    assert outcome(TWO | {"force": 0}) == ("a", True, False)
    assert outcome(TWO | {"force": 0, "coverage": 0}) == out
    assert outcome(TWO | {"status": "stopped", "force": 1}) == ("b", True, False)
    assert outcome(TWO, enabled=False) == out
    needs = TWO | {"parentConditions": [{"id": "p", "condition": {"value": 1}}]}
    assert outcome(needs) == out
    assert outcome(needs, payload={"features": {"p": {"defaultValue": 1}}}) == ("b", True, True)


@pytest.mark.requirement("7.12.1", "7.12.3")
def test_the_query_comes_before_what_is_forced() -> None:
    """A page may ask for an arm, also of an inactive experiment; one that does not exist is not heeded."""
    assert outcome(TWO | {"active": False}, "https://x.io/?e=0") == ("a", True, False)
    assert outcome(TWO, "https://x.io/?e=0", forced_variations={"e": 1}) == ("a", True, False)
    assert outcome(TWO, "https://x.io/?e=2", forced_variations={"e": 0}) == ("a", True, False)
    elsewhere = {"urlPatterns": [{"type": "simple", "pattern": "/other", "include": True}]}
    assert outcome(TWO | elsewhere, "https://x.io/?e=1") == ("a", False, False)


@pytest.mark.requirement("7.12.3")
@pytest.mark.parametrize(
    ("query", "arm"),
    [
        ("?e=1", 1),
        ("?e=1x#f", 1),
        ("?f=0&e=0", 0),
        ("?e=0&e=1", 0),
        ("?e=", None),
        ("?e", None),
        ("#?e", None),
        ("?e=-1", None),
        ("?e=2", None),
        ("??e=1", None),
        ("?e= 1", 1),
        ("?e=0x1", 1),
        ("?E=1", None),
    ],
)
def test_an_arm_in_the_query(query: str, arm: int | None) -> None:
    """The number a value begins with, of the first parameter of the name."""
    assert query_override("e", f"https://x.io/{query}", 2) == arm


@pytest.mark.requirement("7.12.2")
@pytest.mark.parametrize(
    ("pattern", "url", "fits"),
    [
        ("/a", "https://x.io/a/", True),
        ("x.io/a", "https://x.io/a", True),
        ("*.x.io/*", "https://www.X.io/b/c", True),
        ("https://x.io/a?q=*", "https://x.io/a?q=1&r=2", True),
        ("https://x.io/a?q=1", "https://x.io/a", False),
        ("/a#top", "https://x.io/a#end", False),
        ("/a", "https://x.io/a#end", True),
        ("https://x.io/a", "http://x.io:80/./b/../a", True),
        ("https://x.io/a", "javascript:alert(1)", False),
    ],
)
def test_simple_patterns(pattern, url, fits) -> None:
    """Host, path, and what the pattern states of fragment and query."""
    assert is_targeted(url, [{"type": "simple", "pattern": pattern, "include": True}]) is fits


@pytest.mark.requirement("7.12.2")
def test_patterns_together() -> None:
    """An exclusion wins; without inclusions everything else is in; no patterns target nothing."""
    page = "https://x.io/shop/1"
    shop = {"type": "regex", "pattern": "^/shop/", "include": True}
    assert is_targeted(page, [shop])
    assert not is_targeted(page, [shop, {"type": "simple", "pattern": "/shop/*", "include": False}])
    assert is_targeted(page, [{"type": "simple", "pattern": "/x", "include": False}])
    assert not is_targeted(page, [])
    assert not is_targeted(page, [{"type": "regex", "pattern": "(a+)+$", "include": True}])


@pytest.mark.requirement("7.12.4")
def test_redirects() -> None:
    """The first experiment with a part leads on, keeps the query where asked, and never to its own page."""
    page = {"type": "simple", "pattern": "https://x.io/a", "include": True}

    def leading(to: str, **more) -> dict:
        return {
            "key": to,
            "urlPatterns": [page],
            "variations": [{}, {"urlRedirect": to}],
            "weights": [0, 1],
        } | more

    def led(*experiments: dict) -> list:
        return GrowthBook({"experiments": list(experiments)}, ONE, url="https://x.io/a?p=1").redirects()

    there = {"inExperiment": True, "urlRedirect": "https://x.io/b", "urlWithParams": "https://x.io/b"}
    assert led(leading("https://x.io/b"), leading("https://x.io/c")) == [there]
    assert led(leading("https://x.io/b", persistQueryString=True)) == [
        there | {"urlWithParams": "https://x.io/b?p=1"}
    ]
    assert led(leading("https://x.io/a")) == [{"inExperiment": True}]
    assert led(leading("https://x.io/b", active=False)) == [{"inExperiment": False}]
    assert merged_queries("https://x.io/?a=1&b=2", "https://x.io/?b=3") == "https://x.io/?b=3&a=1"


@pytest.mark.requirement("7.12.5")
def test_decryption() -> None:
    """What was encrypted comes back; whatever is damaged is nothing."""
    vector, text = bytes(16), json.dumps({"f": {"defaultValue": "ü"}})
    sealed = (
        f"{b64encode(vector).decode()}.{b64encode(aes_cbc_encrypted(KEY, vector, text.encode())).decode()}"
    )
    key = b64encode(KEY).decode()
    assert decrypt(sealed, key, aes_cbc) == text
    for damaged in (sealed[1:], sealed.replace(".", ""), sealed[:-6], "", "."):
        assert decrypt(damaged, key, aes_cbc) is None
    assert decrypt(sealed, "%", aes_cbc) is None
    clear = decrypted_payload({"encryptedFeatures": sealed, "encryptedExperiments": 7, "x": 1}, key, aes_cbc)
    assert clear == {"x": 1, "features": json.loads(text)}


@pytest.mark.requirement("7.10.3")
def test_exposures_are_told_once_and_when_the_value_is_asked_for() -> None:
    """Nothing is exposed by making the SDK; asking twice exposes once."""
    sdk = GrowthBook({"features": {"f": {"rules": [TWO]}, "g": {"rules": [TWO | {"key": "g"}]}}}, ONE)
    assert sdk.exposures == []
    sdk.feature("f")
    sdk.feature("f")
    assert [each.experiment for each in sdk.exposures] == ["e"]


def test_a_section_that_nobody_knows_fails() -> None:
    """New sections of the public cases are not passed over."""
    assert run_cases({"teleport": [["a", 1]], "specVersion": "9"}, aes_cbc)["teleport"].passed == 0


@quick
@given(json_objects, json_objects, json_values)
def test_any_json_gives_a_result(payload: dict, attributes: dict, experiment: object) -> None:
    """Whatever is put in, nothing raises."""
    sdk = GrowthBook(payload | {"experiments": [experiment]}, attributes, url="https://x.io/?e=1", sticky={})
    assert "source" in sdk.feature("features")
    assert "inExperiment" in sdk.run(experiment)
    sdk.redirects()
