"""Reports of campaigns over HTTP: from phones that are told things to the lift that a marketer reads."""

import json
from uuid import UUID

import pytest

from herenow.api.schemas import reports
from herenow.clock import iso_utc

PATH = "/admin/v1/apps/bites/environments/production/reports/campaigns"
GRANTED = dict.fromkeys(("analytics", "personalization", "in_app", "push"), "granted")
PHONES = 80
LUNCH = {
    "kind": "triggered",
    "trigger": {"event": "item_view"},
    "channels": ["in_app"],
    "template": {"en": {"title": "Lunch?"}},
    "control_percent": 50,
    "goal": {"event": "purchase", "within": "2h"},
}
ITEM = "patty-lane-kandivali-west"


@pytest.fixture(name="talking")
def _talking(live):
    """Bites with a campaign whose other half is kept back, and one that says nothing."""
    quiet = {name: value for name, value in LUNCH.items() if name not in ("goal", "control_percent")}
    campaigns = {"lunch": LUNCH, "quiet": {**quiet, "trigger": {"event": "item_tap"}}}
    files = {name: text.encode() for name, text in live.documents.items()}
    files |= {"campaigns.json": json.dumps(campaigns).encode()}
    files |= {"policy.json": json.dumps({"approvals": {"production": 0}}).encode()}
    services = live.services
    release = services.releases.create(live.scope, files, by="editor").release
    services.releases.approve(live.scope, release.number, by="owner")
    sequence = services.publishing.pointer(live.scope).sequence
    services.going_live.publish(live.scope, release.number, by="owner", if_match=sequence)
    services.serving.refresh(live.scope)
    return live


def tell(live, phone, seq, name, **properties):
    """The answer to one beacon."""
    beacon = {
        "id": str(UUID(int=seq, version=4)),
        "seq": seq,
        "type": "message" if name == "opened" else "behavior",
        "name": name,
        "at": iso_utc(live.services.clock()),
        "properties": properties,
    }
    answer = live.client.post("/v1/beacons", json={"beacons": [beacon]}, headers=live.bearer(phone))
    assert answer.status_code == 200
    return answer.json


def test_lift_is_reported_against_who_was_kept_back(talking, clock):
    """Of those shown the message two in three buy in time, of the others one in four."""
    shown, kept_back = [], []
    for number in range(PHONES):
        phone = talking.launch(installation_id=str(UUID(int=number, version=4)), consent=GRANTED)
        decisions = tell(talking, phone, 1, "item_view", item=ITEM)["decisions"]
        message = next((each["message"]["id"] for each in decisions if "message" in each), None)
        if message is not None:
            tell(talking, phone, 2, "opened", campaign="lunch", message=message)
        group, every = (kept_back, 4) if message is None else (shown, 3)
        buys = (len(group) % every == 0) == (message is None)
        group.append(buys)
        clock.now += 10
        if buys:
            tell(talking, phone, 3, "purchase", items=[{"item": ITEM}])

    answer = talking.client.get(f"{PATH}/lunch", headers=talking.admin())

    assert answer.status_code == 200
    assert reports.CampaignReport().validate(answer.json) == {}
    told, goal = answer.json, answer.json["goal"]
    assert told["outcomes"] == {"sent": len(shown), "opened": len(shown), "converted": sum(shown)}
    assert (goal["treated"]["size"], goal["treated"]["reached"]) == (len(shown), sum(shown))
    assert (goal["control"]["size"], goal["control"]["reached"]) == (len(kept_back), sum(kept_back))
    assert goal["control_share"] == 0.5
    difference = sum(shown) / len(shown) - sum(kept_back) / len(kept_back)
    assert goal["lift"]["difference"] == pytest.approx(difference)
    assert 0 < goal["lift"]["low"] < difference < goal["lift"]["high"]
    assert (goal["lift"]["verdict"], goal["caveat"]) == ("better", None)
    assert sum(counts["sent"] for counts in told["by_hour"].values()) == len(shown)


def test_every_live_campaign_is_told_of_in_short(talking):
    """One that never spoke too; too few are said to be too few."""
    phone = talking.launch(consent=GRANTED)
    tell(talking, phone, 1, "item_tap", item=ITEM)

    answer = talking.client.get(PATH, headers=talking.admin())

    assert reports.SummaryList().validate(answer.json) == {}
    lunch, quiet = answer.json["campaigns"]
    assert lunch["goal"]["lift"]["verdict"] == "too_few"
    assert "at least 30" in lunch["goal"]["caveat"]
    assert (quiet["outcomes"], quiet["goal"]) == ({"sent": 1}, None)


def test_days_that_are_asked_for_are_told_of(talking):
    """Both ends included, by the person's date; thirty days when nobody says."""
    tell(talking, talking.launch(consent=GRANTED), 1, "item_tap", item=ITEM)
    today = talking.client.get(f"{PATH}/quiet", headers=talking.admin()).json["by_day"]
    (date,) = today

    def sent(span):
        answer = talking.client.get(f"{PATH}/quiet?{span}", headers=talking.admin())
        return answer.json["outcomes"].get("sent", 0)

    assert sent(f"since={date}&until={date}") == 1
    assert sent("since=2026-01-01&until=2026-01-31") == 0


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/lost", 404, "UNKNOWN_CAMPAIGN"),
        ("/lunch?since=yesterday", 422, "INVALID_REQUEST"),
        ("/lunch?since=2026-11-30&until=2026-11-01", 422, "INVALID_REQUEST"),
    ],
)
def test_what_cannot_be_told_is_a_problem(talking, path, status, code):
    """An unknown campaign, a date that is none, days that end before they begin."""
    answer = talking.client.get(f"{PATH}{path}", headers=talking.admin())

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_withdrawn_consent_is_harm_of_the_message_before(talking):
    """Told over HTTP, once."""
    phone = talking.launch(consent=GRANTED)
    tell(talking, phone, 1, "item_tap", item=ITEM)
    for _ in range(2):
        talking.client.put("/v1/consent", json={"in_app": "denied"}, headers=talking.bearer(phone))

    told = talking.client.get(f"{PATH}/quiet", headers=talking.admin()).json

    assert told["harm"] == {"unsubscribed": 1, "disabled": 0, "dismissed": 0}
