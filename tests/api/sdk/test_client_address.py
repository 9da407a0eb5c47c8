"""Whose network a launch counts for, when proxies stand in front."""

from dataclasses import replace
from uuid import uuid4

import pytest

from herenow.api.app import create_app


@pytest.fixture(name="launch_via")
def _launch_via(live, services):
    settings = replace(services.settings, trusted_proxies=1, installations_per_minute=2)
    client = create_app(replace(services, settings=settings)).test_client()

    def launch(forwarded: str) -> int:
        body = {**live.body, "installation_id": str(uuid4())}
        headers = {"X-Herenow-Key": live.key, "X-Forwarded-For": forwarded}
        return client.post("/v1/installations", json=body, headers=headers).status_code

    return launch


def test_what_a_caller_forwards_does_not_change_whose_launch_it_is(launch_via):
    """The hop that our own proxy wrote counts, whatever stands before it."""
    codes = [launch_via(f"198.51.{number}.1, 203.0.113.8") for number in range(3)]

    assert codes == [201, 201, 429]


def test_an_over_long_header_does_not_hide_the_hop_our_proxy_wrote(launch_via):
    """Only so much of the header is read, and that is its end: the part no caller writes."""
    codes = [
        launch_via("192.0.2.1," * 50 + f"198.51.{number}.1" + "," * 500 + "203.0.113.8")
        for number in range(3)
    ]
    fitted = [launch_via("1.1.1.1," * 63 + f"10.{number}.0.1,203.0.114.8") for number in range(3)]

    assert (codes, fitted) == ([201, 201, 429], [201, 201, 429])
