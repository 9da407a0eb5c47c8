"""What the local outbox was handed, as the admin plane tells it."""

from tests.api.problems import assert_problem

from herenow.channels.model import Address, Notice


def hand_off(live, number):
    """A push in the outbox."""
    now = live.services.clock()
    token = Address("push", "ab" * 32, "i-1", created_at=1, platform="ios")
    told = Notice(f"m-{number}", "lunch", "push", "Lunch?", "Near", expires_at=int(now) + 60)
    live.services.outbox.hand_off(live.scope, token, told, now)


def test_owners_read_the_latest(live):
    """Newest first, at most as many as asked for, with what Apple would have been sent."""
    for number in range(3):
        hand_off(live, number)
    told = live.call("GET", "outbox?limit=2").json["messages"]

    assert [each["message"] for each in told] == ["m-2", "m-1"]
    assert told[0]["payload"]["aps"]["alert"] == {"title": "Lunch?", "body": "Near"}
    assert_problem(live.call("GET", "outbox?limit=501"), 422, "INVALID_REQUEST")


def test_it_names_addresses_so_it_is_for_owners(live):
    """A publisher does not read where people are reached."""
    token = live.token("vera", "publisher")

    assert_problem(live.call("GET", "outbox", token=token), 403, "ROLE_TOO_SMALL")
