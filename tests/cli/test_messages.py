"""``worker`` and ``explain`` on this machine's stores."""

import json
from uuid import uuid4

import pytest
from click import unstyle
from click.testing import CliRunner

from herenow.bootstrap import build_services
from herenow.cli.explain import why_lines
from herenow.cli.messages import message_lines
from herenow.cli.root import cli
from herenow.launch.newcomer import FirstLaunch
from herenow.scope import Scope
from herenow.settings import Settings

SCOPE = Scope("talk", "production")
DOCUMENTS = {
    "app.json": {
        "app": "talk",
        "name": "Talk",
        "time_zone": "Asia/Kolkata",
        "locales": ["en"],
        "catalog": {"id": "id", "fields": ["name"]},
        "capabilities": ["in_app"],
    },
    "features.json": {"hello": {"type": "boolean", "default": True}},
    "policy.json": {"approvals": {"production": 0}},
    "campaigns.json": {
        "hello": {
            "kind": "triggered",
            "trigger": {"event": "item_view"},
            "channels": ["in_app"],
            "template": {"en": {"title": "Hello"}},
        }
    },
}


@pytest.fixture(name="phone")
def _phone(tmp_path, monkeypatch):
    """The id of an installation in stores under the folder that the commands work on."""
    monkeypatch.setenv("HERENOW_DATA_DIR", str(tmp_path))
    services = build_services(Settings(data_dir=tmp_path, poll_interval_s=0))
    files = {name: json.dumps(body).encode() for name, body in DOCUMENTS.items()}
    release = services.releases.create(SCOPE, files, by="tests").release
    services.going_live.publish(SCOPE, release.number, by="tests")
    identity = str(uuid4())
    services.launch.first_launch(SCOPE, FirstLaunch(identity, "s" * 40, {}, {}, {}))
    services.close()
    return identity


def test_explain_tells_that_a_campaign_was_never_triggered_and_what_it_would_meet(phone):
    """Every check as far as the first that fails."""
    result = CliRunner().invoke(cli, ["explain", phone, "--app", "talk", "--campaign", "hello"])

    assert result.exit_code == 0, result.output
    assert "(Asia/Kolkata): never triggered" in result.output
    refused = "the person allows none of its channels (in_app: unknown)"
    assert f"if it were triggered now, it would be not said: {refused}  [NO_CONSENT]" in result.output
    assert f"✗ {refused}" in result.output
    assert "✓ it was heard of in time" not in result.output
    assert "{" not in result.output


def test_explain_says_that_nobody_has_this_id(phone):
    """With exit code 1."""
    result = CliRunner().invoke(cli, ["explain", str(uuid4()), "--app", "talk"])

    assert (result.exit_code, phone in result.output) == (1, False)
    assert "no such installation" in result.output


@pytest.mark.usefixtures("phone")
def test_a_worker_with_nothing_to_do_ends_at_once_when_asked_to():
    """And says nothing of anybody."""
    result = CliRunner().invoke(cli, ["worker", "talk", "--once"])

    assert (result.exit_code, result.output) == (0, "")
    assert CliRunner().invoke(cli, ["worker", "all", "--once"]).exit_code == 0


def test_what_another_version_answers_is_readable():
    """Missing members read as an ellipsis, unknown checks by their name."""
    lines = list(why_lines({"decisions": [{"outcome": "held"}], "now": {"checks": [{"check": "new"}]}}))

    assert lines[1] == "…  … waits: …  […]"
    assert lines[-1].strip() == "✗ new"


def test_explain_tells_lent_from_sent():
    """Slots that a phone holds, and those it used and has not told of."""
    lent = {"rule": "policy/caps/0", "slots": 1, "until": "2026-11-24T12:00:00Z", "device": "6f0c"}
    lines = list(why_lines({"lent": [{**lent, "over": False}, {**lent, "over": True}]}))

    assert lines[1:] == [
        "lent        1 of policy/caps/0 to 6f0c, nothing told of it",
        "lent        1 of policy/caps/0 to 6f0c, used there, not told of yet",
    ]


def test_explain_tells_what_was_learned_before_what_was_decided():
    """In the sentences that the person reads themself."""
    lines = list(why_lines({"at": "now", "learned": [{"code": "LIKES", "text": "You like burger"}]}))

    assert lines == ["learned     You like burger", "Nothing was decided by … (UTC): never triggered."]


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("arguments", [["kiosk"], ["talc"], ["talk", "talk/staging"]])
def test_a_worker_for_an_app_that_is_not_there_says_which_are(arguments):
    """With exit code 2, and the nearest name where one is like it."""
    result = CliRunner().invoke(cli, ["worker", *arguments, "--once"])

    assert result.exit_code == 2
    assert f"Nothing is published of {arguments[-1].removesuffix('/staging')}/" in result.output
    assert "There are: talk/production" in result.output
    assert ("Did you mean talk?" in result.output) == (arguments == ["talc"])


def test_a_worker_without_any_app_says_how_to_make_one(tmp_path, monkeypatch):
    """Nothing was published in these stores yet."""
    monkeypatch.setenv("HERENOW_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(cli, ["worker", "talk", "--once"])

    assert (result.exit_code, "herenow publish" in result.output) == (2, True)


def test_a_preview_shows_what_a_channel_says_instead():
    """Only the texts that are others than the message's."""
    told = {
        "persona": "p", "locale": "en", "content": {"title": "Hello", "body": "All of it"}, "about": {},
        "by_channel": {"sms": {"title": "Hello", "body": "Short"}, "email": None}, "sizes": [], "missing": [],
    }  # fmt: skip
    lines = [" ".join(unstyle(line).split()) for line in message_lines(told)]
    assert lines == [
        "p en", "title Hello", "body All of it", "sms says instead", "body Short", "email not said", "",
    ]  # fmt: skip
