"""What becomes of a message at a provider that fails: the table of docs/channels.md, over HTTP."""

import pytest
from tests.channels.conftest import NOW, SCOPE, address, notice

pytest.importorskip("boto3", reason="the aws extra is not installed")

from tests.channels.providers import Answer, client, provider

from herenow.channels.model import Handed, Outcome
from herenow.channels.ses import SesMail
from herenow.channels.sns_push import SnsPush, read_applications
from herenow.channels.sns_sms import SnsSms
from herenow.errors import Invalid

LINK = "https://h.bites.example/u/t"
SLOW = Answer(after=0.6)


@pytest.fixture(name="at", scope="module")
def _at():
    with provider() as found:
        clients = [client("sns", found.url), client("ses", found.url)]
        found.clients = clients
        yield found
        for each in clients:
            each.close()


@pytest.fixture(autouse=True)
def _fresh(at):
    at.answers, at.asked = {}, []


def push(at, **changes):
    """A push to an iPhone."""
    courier = SnsPush(at.clients[0], read_applications("ios=arn:app"))
    return courier.hand_off(SCOPE, address(), notice(**changes), NOW)


def sms(at, **changes):
    """A text."""
    return SnsSms(at.clients[0]).hand_off(
        SCOPE, address("sms", "+4915112345678"), notice("sms", **changes), NOW
    )


def mail(at, **changes):
    """A mail."""
    told = notice("email", **{"unsubscribe": LINK, **changes})
    return SesMail(at.clients[1], "Bites <hello@bites.example>").hand_off(
        SCOPE, address("email", "asha@bites.example"), told, NOW
    )


CHANNELS = {"push": (push, "Publish"), "sms": (sms, "Publish"), "email": (mail, "SendRawEmail")}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("answer", "reason", "wait"),
    [
        (Answer(400, "Throttling", "Rate exceeded"), "THROTTLED", 5),
        (Answer(429, "TooManyRequests", headers={"Retry-After": "17"}), "THROTTLED", 17),
        (Answer(429, "TooManyRequests", headers={"Retry-After": "99999"}), "THROTTLED", 3600),
        (Answer(429, "TooManyRequests", headers={"Retry-After": "soon"}), "THROTTLED", 5),
        (Answer(403, "InvalidClientTokenId"), "UNAUTHORIZED", 300),
    ],
)
def test_what_was_certainly_not_taken_is_tried_again(at, channel, answer, reason, wait):
    """Too fast, or not let in: later, as the provider says when."""
    send, action = CHANNELS[channel]
    at.answers = {action: answer}

    assert send(at) == Handed(Outcome.RETRY_LATER, reason, retry_after_s=wait)
    assert at.actions().count(action) == 1


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("answer", "reason"), [(SLOW, "NO_ANSWER"), (Answer(500, "InternalFailure"), "PROVIDER_FAILED")]
)
def test_what_may_have_gone_is_unknown_unless_a_device_tells_it(at, channel, answer, reason):
    """A push is tried again; a text or a mail never, not even by the client below us."""
    send, action = CHANNELS[channel]
    at.answers = {action: answer}
    handed = send(at)

    assert handed.outcome is (Outcome.RETRY_LATER if channel == "push" else Outcome.UNKNOWN)
    assert handed.reason == reason
    assert handed.may_repeat is (channel == "push")
    assert at.actions().count(action) == 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_refused_once_is_refused_for_good(at, channel):
    """Another attempt with the same words would be too."""
    send, action = CHANNELS[channel]
    at.answers = {action: Answer(400, "InvalidSomething", "No")}

    assert send(at) == Handed(Outcome.REFUSED, "REFUSED_BY_PROVIDER")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("left", [0, -5])
def test_nothing_is_sent_after_its_time(at, channel, left):
    """The provider is not even asked."""
    send, _ = CHANNELS[channel]

    assert send(at, expires_at=int(NOW) + left) == Handed(Outcome.REFUSED, "EXPIRED")
    assert at.asked == []


@pytest.mark.parametrize("service", ["sns", "ses"])
def test_a_provider_that_does_not_listen_took_nothing(service):
    """So even what leaves at most once may be tried again."""
    made = client(service, "http://127.0.0.1:9")
    courier = SnsSms(made) if service == "sns" else SesMail(made, "hello@bites.example")
    told = notice("sms", unsubscribe=LINK)
    where = address("sms", "+4915112345678") if service == "sns" else address("email", "a@bites.example")
    handed = courier.hand_off(SCOPE, where, told, NOW)
    made.close()

    assert handed == Handed(Outcome.RETRY_LATER, "UNREACHABLE", retry_after_s=30)


@pytest.mark.parametrize(
    ("action", "answer", "outcome", "reason"),
    [
        (
            "Publish",
            Answer(400, "EndpointDisabled"),
            Outcome.INVALID_ADDRESS,
            "ENDPOINT_DISABLED",
        ),
        ("Publish", Answer(404, "NotFound", "Endpoint does not exist"), Outcome.RETRY_LATER, "ENDPOINT_GONE"),
        (
            "CreatePlatformEndpoint",
            Answer(400, "InvalidParameter", "Invalid parameter: Token Reason: iOS device tokens must be hex"),
            Outcome.INVALID_ADDRESS,
            "INVALID_TOKEN",
        ),
        ("CreatePlatformEndpoint", Answer(400, "Throttled"), Outcome.RETRY_LATER, "THROTTLED"),
        ("CreatePlatformEndpoint", SLOW, Outcome.RETRY_LATER, "NO_ANSWER"),
    ],
)
def test_what_becomes_of_a_token(at, action, answer, outcome, reason):
    """A dead one is told from a provider in trouble."""
    at.answers = {action: answer}
    handed = push(at)

    assert (handed.outcome, handed.reason) == (outcome, reason)


def test_a_disabled_endpoint_is_deleted(at):
    """So that the same token, registered anew, begins with a fresh one; also when deleting fails."""
    courier = SnsPush(at.clients[0], read_applications("ios=arn:app"))
    at.answers = {
        "Publish": Answer(400, "EndpointDisabled"),
        "DeleteEndpoint": Answer(500, "InternalFailure"),
    }
    courier.hand_off(SCOPE, address(), notice(), NOW)
    assert at.actions() == ["CreatePlatformEndpoint", "Publish", "DeleteEndpoint"]
    at.answers = {}
    courier.hand_off(SCOPE, address(), notice(), NOW)
    courier.hand_off(SCOPE, address(), notice(), NOW)

    assert at.actions()[3:] == ["CreatePlatformEndpoint", "Publish", "Publish"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Invalid parameter: PhoneNumber Reason: +1 is not valid to publish to", "INVALID_NUMBER"),
        ("Invalid parameter: phone number is opted out", "OPTED_OUT"),
    ],
)
def test_a_number_that_takes_no_texts_is_not_used_again(at, words, reason):
    """Whoever answered STOP to the provider is not asked again either."""
    at.answers = {"Publish": Answer(400, "InvalidParameter", words)}

    assert sms(at) == Handed(Outcome.INVALID_ADDRESS, reason)


def test_a_sender_that_is_not_verified_is_ours_to_mend(at):
    """No address is blamed for it."""
    at.answers = {"SendRawEmail": Answer(400, "MessageRejected", "Email address is not verified.")}
    assert mail(at).reason == "SENDER_NOT_VERIFIED"
    at.answers = {"SendRawEmail": Answer(400, "InvalidParameterValue", "Domain starts with dot")}
    assert mail(at).outcome is Outcome.INVALID_ADDRESS


def test_no_mail_leaves_without_a_way_out(at):
    """And no text that is too long, nor a push of an app without a platform application."""
    assert mail(at, unsubscribe="").reason == "NO_UNSUBSCRIBE_LINK"
    assert sms(at, body="x" * 1600).reason == "PAYLOAD_TOO_LARGE"
    assert push(at, extra={"big": "x" * 5000}).reason == "PAYLOAD_TOO_LARGE"
    courier = SnsPush(at.clients[0], read_applications("other:ios=arn:app android=arn:app"))
    assert courier.hand_off(SCOPE, address(), notice(), NOW).reason == "NO_PLATFORM_APPLICATION"
    assert at.asked == []


def test_applications_are_read_by_app_and_target():
    """What is one app's own goes before what is everybody's; what is not understood is told at start."""
    assert read_applications("ios=arn:1 bites:ios_sandbox=arn:2") == {
        ("*", "ios"): "arn:1",
        ("bites", "ios_sandbox"): "arn:2",
    }
    for wrong in ("ios", "windows=arn:1", "ios=1"):
        with pytest.raises(Invalid):
            read_applications(wrong)
