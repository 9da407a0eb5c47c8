import json

import pytest
from tests.api.problems import assert_problem

from herenow.api.schemas import answers, person
from herenow.storage.ports import walk


@pytest.fixture(name="launched")
def _launched(live):
    return live.launch()


def test_a_person_reads_everything_known(live, launched):
    """The export holds context, consent, touches and intent, and no secret."""
    me = live.client.get("/v1/me", headers=live.bearer(launched))

    person.Me().load(me.json)
    assert me.json["acquisition"]["touches"][0]["text"] == "burger joints in kandivali west"
    assert me.json["consent"]["personalization"] == "granted"
    assert "secret" not in me.get_data(as_text=True)


def test_withdrawal_forgets_the_search_at_once(live, launched):
    """Denying personalization removes text and intent from what is stored."""
    answer = live.client.put("/v1/consent", json={"personalization": "denied"}, headers=live.bearer(launched))

    answers.ConsentHeld().load(answer.json)
    me = live.client.get("/v1/me", headers=live.bearer(launched)).json
    assert answer.json["consent"]["personalization"] == "denied"
    assert "kandivali" not in json.dumps(me).lower()


def test_consent_changes_only_what_it_names(live, launched):
    """Other purposes keep their status."""
    answer = live.client.put("/v1/consent", json={"push": "granted"}, headers=live.bearer(launched))

    assert answer.json["consent"]["push"] == "granted"
    assert answer.json["consent"]["personalization"] == "granted"


@pytest.mark.parametrize("body", [{"push": "maybe"}, {"shoe_size": "granted"}, {"push": None}])
def test_consent_is_strict(live, launched, body):
    """A purpose or status that does not exist is an error, not a guess."""
    answer = live.client.put("/v1/consent", json=body, headers=live.bearer(launched))

    assert_problem(answer, 422, "INVALID_REQUEST")


def test_erasure_leaves_nothing_and_ends_the_token(live, launched, services):
    """After DELETE there is a receipt, no record, and no way back in."""
    identifier = launched.json["installation"]["id"]

    receipt = live.client.delete("/v1/me", headers=live.bearer(launched))

    answers.Receipt().load(receipt.json)
    assert receipt.json["receipt"]["records"] == 1
    assert list(walk(services.documents, live.scope.partition(f"installation#{identifier}"))) == []
    assert_problem(live.client.get("/v1/me", headers=live.bearer(launched)), 401, "REVOKED_TOKEN")


def test_one_installation_never_reads_anothers(live, launched):
    """Each token exports its own installation."""
    other = live.launch()

    mine, theirs = (
        live.client.get("/v1/me", headers=live.bearer(each)).json["installation"]["id"]
        for each in (launched, other)
    )

    assert mine == launched.json["installation"]["id"] != theirs


def test_no_file_of_the_stores_holds_who_was_erased(live, settings):
    """Neither in free space nor in a write-ahead log; only the id stays, so that it never comes back."""
    launched = live.launch(context={**live.body["context"], "device": {"model": "Zanzibar 9"}})
    assert _found(settings, b"Zanzibar")

    assert live.client.delete("/v1/me", headers=live.bearer(launched)).status_code == 200

    assert not _found(settings, b"Zanzibar")


def _found(settings, needle):
    return sum(each.read_bytes().count(needle) for each in settings.data_dir.glob("*.sqlite*"))
