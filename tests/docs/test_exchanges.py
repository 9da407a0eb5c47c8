import base64
import json
import re
from dataclasses import replace
from typing import Any

import jwt
import pytest
from tests.docs.conftest import MOMENT, Live
from tests.docs.pages import Block, blocks, text_of

from herenow_sdk.core.device.trust import read_trust


class Phone:
    """Sends what the page shows, with its own key, token and ETag in place of those printed."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._own = {"X-Herenow-Key": live.key}
        self._cursor = ""

    def send(self, printed: str) -> Any:
        """The answer to a request as it is printed: first line, headers, body."""
        head, _, body = printed.partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split()
        headers = dict(line.split(": ", 1) for line in lines)
        headers |= {name: self._own[name] for name in headers if name in self._own}
        answer = self._live.client.open(
            path.replace("…", self._cursor),
            method=method,
            headers=headers,
            json=json.loads(body) if body.strip() else None,
        )
        self._learn(answer)
        return answer

    def _learn(self, answer: Any) -> None:
        document = answer.get_json(silent=True) or {}
        if "installation" in document:
            self._own["Authorization"] = f"Bearer {document['installation']['token']}"
        if "config" in document:
            self._cursor = document["config"]["placements"]["home_feed"]["next"]
        if "ETag" in answer.headers:
            self._own["If-None-Match"] = answer.headers["ETag"]


def differences(told: Any, answered: Any, at: str = "") -> list[str]:
    """Where a printed answer is not a shortened form of the real one."""
    if isinstance(told, dict) and isinstance(answered, dict):
        missing = [f"{at}/{name} is not answered" for name in told if name not in answered]
        common = (name for name in told if name in answered)
        return missing + [
            each for name in common for each in differences(told[name], answered[name], f"{at}/{name}")
        ]
    if isinstance(told, list) and isinstance(answered, list) and len(told) <= len(answered):
        pairs = enumerate(zip(told, answered, strict=False))
        return [each for index, (a, b) in pairs for each in differences(a, b, f"{at}/{index}")]
    if isinstance(told, str) and isinstance(answered, str) and "…" in told:
        return [] if answered.startswith(told.partition("…")[0]) else [f"{at}: {answered}"]
    return [] if told == answered else [f"{at}: {answered!r} instead of {told!r}"]


def exchanges(page: str = "for-apps.md") -> list[tuple[Block, int, Any]]:
    """Each request of the page with the status and the answer printed after it."""
    found: list[tuple[Block, int, Any]] = []
    for part in text_of(page).split("```http")[1:]:
        request, *rest = blocks("```http" + part, "http", "json")
        status = re.search(r"^Answer `(\d+)`", part, re.MULTILINE)
        assert status is not None, request.text
        found.append((request, int(status[1]), json.loads(rest[0].text) if rest else {}))
    return found


def test_the_exchanges_of_for_apps_happen_as_printed(live: Live) -> None:
    """Every request of the guide, sent in order, is answered as the guide says."""
    phone = Phone(live)
    told = exchanges()
    assert len(told) >= 9
    for request, status, answer in told:
        answered = phone.send(request.text)
        assert answered.status_code == status, request.text
        assert differences(answer, answered.get_json(silent=True) or {}) == [], request.text


def test_the_exchanges_of_beacons_happen_as_printed(live: Live) -> None:
    """A phone that has launched sends the batch of the page and is answered as the page says."""
    phone = Phone(live)
    launch = exchanges()[0][0].text
    phone.send(launch.replace("6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11", "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7bbe"))
    for request, status, answer in exchanges("beacons.md"):
        answered = phone.send(request.text)
        assert (answered.status_code, differences(answer, answered.get_json())) == (status, []), request.text


def test_a_pending_acquisition_is_answered_as_told(live: Live) -> None:
    """A first launch with an AdServices token is answered at once, pending, with the time to poll after."""
    body = {
        "installation_id": "0f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11",
        "installation_secret": "A" * 43,
        "acquisition": {"apple_adservices_token": base64.b64encode(b"an adservices token").decode()},
    }

    answer = live.client.post("/v1/installations", json=body, headers={"X-Herenow-Key": live.key})

    told = text_of("for-apps.md").replace("\n", " ")
    assert '"acquisition": ' + json.dumps(answer.json["config"]["acquisition"]) in told


@pytest.fixture(name="checks", scope="module")
def _checks() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(blocks(text_of("manifest.md"), "python")[0].text, "manifest.md", "exec"), names)
    return names


def manifest_of(live: Live) -> tuple[str, list[dict[str, Any]]]:
    """The manifest as served, and the keys that it announces."""
    text = live.client.get(f"/v1/apps/{live.key}/manifest").text
    return text, jwt.decode(text, options={"verify_signature": False})["keys"]


def fetching(live: Live) -> Any:
    """What the code of the page fetches with."""

    def fetch(path: str) -> bytes:
        where = f"/v1/apps/{live.key}/manifest" if path == "manifest" else f"/v1/{path}"
        return bytes(live.client.get(where).data)

    return fetch


def test_the_code_of_manifest_md_adopts_what_is_served(live: Live, checks: dict[str, Any]) -> None:
    """It verifies a manifest and every part that it names, and goes on with the whole set."""
    _, keys = manifest_of(live)
    trust = read_trust(None, "bites", "production", keys)

    trust, parts = checks["adopt"](trust, {"features", "placements"}, fetching(live), MOMENT)

    assert trust.active
    assert {"features", "placements"} <= set(parts)


@pytest.mark.parametrize(
    ("app", "sequence", "now"),
    [("reels", 0, MOMENT), ("bites", 1_000, MOMENT), ("bites", 0, MOMENT + 2 * 86_400)],
    ids=["another app", "older", "expired"],
)
def test_the_code_of_manifest_md_refuses_what_it_should(
    live: Live, checks: dict[str, Any], app: str, sequence: int, now: int
) -> None:
    """It goes on with what it held when offered another app's, an older, or an expired manifest."""
    trust = replace(read_trust(None, app, "production", manifest_of(live)[1]), sequence=sequence)

    assert checks["adopt"](trust, {"features"}, fetching(live), now) == (trust, None)


def test_the_verifier_of_manifest_md_refuses_other_signatures(live: Live, checks: dict[str, Any]) -> None:
    """A signature of another text, and a key that is no point of the curve."""
    _, keys = manifest_of(live)

    assert not checks["verify"](keys[0], b"another text", bytes(64))
    assert not checks["verify"](keys[0] | {"y": keys[0]["x"]}, b"another text", bytes(64))


def test_the_payload_of_manifest_md_has_the_members_served(live: Live) -> None:
    """The payload printed has exactly the members of a real one, at every level it shows."""
    told = json.loads(blocks(text_of("manifest.md"), "json")[0].text)
    served = jwt.decode(manifest_of(live)[0], options={"verify_signature": False})

    assert told.keys() == served.keys()
    assert told["parts"][0].keys() == served["parts"][0].keys()
    assert told["keys"][0].keys() == served["keys"][0].keys()
