import pytest


def test_the_log_tells_who_did_what_newest_first(live, clock):
    """Paged; each record with its outcome."""
    for number in range(3):
        clock.now += 1
        live.call("POST", "keys", json={"kind": "publishable", "label": f"k{number}"})
    first = live.call("GET", "audit?limit=2").json
    second = live.call("GET", "audit", query_string={"limit": 2, "cursor": first["next"]}).json
    times = [each["at"] for page in (first, second) for each in page["records"]]
    assert times == sorted(times, reverse=True)
    assert {each["what"] for each in first["records"]} == {"key.created"}
    assert all(each["outcome"] == "done" for each in first["records"])


def test_no_record_holds_a_key_a_token_or_text(live):
    """What is secret when it is made is nowhere in either log."""
    secret = live.call("POST", "keys", json={"kind": "secret"}).json["key"]["key"]
    live.token("vera", "viewer")
    token = live.call("POST", "/admin/v1/admins/vera/token").json["token"]
    live.call("PUT", "documents/app.json", data='{"name": "quite private"}', content_type="application/json")
    logs = live.call("GET", "audit").get_data(as_text=True)
    logs += live.call("GET", "/admin/v1/audit").get_data(as_text=True)
    assert [each for each in (secret, token, "quite private") if each in logs] == []


def test_the_systems_log_is_for_owners_of_everything(live):
    """An owner of an app may not read it; the owner of everything may."""
    live.token("asha", "owner", "bites/*")
    assert live.call("GET", "/admin/v1/audit", token=live.token("asha")).status_code == 403
    records = live.call("GET", "/admin/v1/audit").json["records"]
    assert all(each["what"].startswith(("admin.", "keyring.")) for each in records)


@pytest.mark.parametrize("path", ["audit", "/admin/v1/audit", "releases", "history"])
def test_a_cursor_of_another_list_is_refused(live, path):
    """400 INVALID_CURSOR, never somebody else's page."""
    live.call("POST", "keys", json={"kind": "secret"})
    foreign = live.services.documents.query("herenow#system#admins", limit=1)
    for cursor in ("x", "AAAA", foreign.cursor or "e30"):
        answer = live.call("GET", path, query_string={"cursor": cursor})
        assert (answer.status_code, answer.json["code"]) == (400, "INVALID_CURSOR")
