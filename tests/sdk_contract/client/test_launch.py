"""First launch, restart, offline start, publication: a client against a real server."""

from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED

from herenow_sdk.core.reasons import AnswerSource


def test_a_first_launch_is_personal_in_one_start(phones):
    """The app is opened after a search, and its first screen is about it."""
    app = phones.open()

    source = app.start(CONTEXT, FOUND, GRANTED)

    assert source is AnswerSource.SERVER, phones.reported
    assert app.feature("home_title", "Welcome") == "Burgers in Kandivali West"
    assert app.placement("home_feed").items[0]["fields"]["area"] == "Kandivali West"
    assert app.explain("home_title").rule == "searched"
