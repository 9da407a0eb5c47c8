import json

import pytest
from tests.cli.places import Here

from herenow.bootstrap import build_services
from herenow.channels.model import Address, Notice
from herenow.scope import Scope
from herenow.settings import Settings

SCOPE = Scope("small-app", "production")


@pytest.fixture(params=["here", "at_server"], name="herenow")
def _herenow(request):
    """The command, on this machine and at a server."""
    return request.getfixturevalue(request.param)


def hand_off(herenow):
    """Something in the outbox, wherever the command works."""
    local = isinstance(herenow, Here)
    services = build_services(Settings(data_dir=herenow.data_dir)) if local else herenow.services
    address = Address("email", "asha@bites.example", "i-1", created_at=1)
    now = services.clock()
    services.outbox.hand_off(
        SCOPE, address, Notice("m-1", "lunch", "email", "Lunch?", "Near", expires_at=int(now) + 60), now
    )
    if local:
        services.close()


def test_the_outbox_is_shown(herenow):
    """In words and as JSON, here and at a server."""
    assert "is empty" in herenow("outbox", "--app", "small-app").stdout
    hand_off(herenow)

    told = herenow("outbox", "--app", "small-app").stdout
    assert "asha@bites.example" in told
    assert "lunch: Lunch?" in told
    (message,) = json.loads(herenow("outbox", "--app", "small-app", "--json").stdout)["messages"]
    assert (message["message"], message["channel"]) == ("m-1", "email")
