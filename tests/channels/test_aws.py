"""SNS and SES as moto serves them: what really arrives there."""

import email
import email.policy
import json
import logging

import pytest
from tests.channels.conftest import NOW, SCOPE, address, notice

boto3 = pytest.importorskip("boto3", reason="the aws extra is not installed")
moto_server = pytest.importorskip("moto.server", reason="moto's server is not installed")

from botocore.config import Config  # noqa: E402  after the skip
from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402  after the skip
from moto.ses.models import ses_backends  # noqa: E402  after the skip
from moto.sns.models import sns_backends  # noqa: E402  after the skip

from herenow.channels.addresses import Registration  # noqa: E402  after the skip
from herenow.channels.couriers import Couriers  # noqa: E402  after the skip
from herenow.channels.model import Outcome, Recipient  # noqa: E402  after the skip
from herenow.channels.provider_errors import ONCE  # noqa: E402  after the skip
from herenow.channels.selection import couriers_of  # noqa: E402  after the skip
from herenow.channels.ses import SesMail  # noqa: E402  after the skip
from herenow.channels.sns_push import SnsPush, read_applications  # noqa: E402  after the skip
from herenow.channels.sns_sms import SnsSms  # noqa: E402  after the skip
from herenow.errors import Invalid  # noqa: E402  after the skip
from herenow.settings import Settings  # noqa: E402  after the skip

REGION = "eu-west-1"
LINK = "https://h.bites.example/u/t"


@pytest.fixture(scope="module", name="url")
def _url():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def client(service, url):
    """A client with the couriers' own configuration."""
    session = boto3.session.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION
    )
    return session.client(service, endpoint_url=url, config=ONCE.merge(Config(proxies={})))


@pytest.fixture(name="sns")
def _sns(url):
    made = client("sns", url)
    yield made
    made.close()


@pytest.fixture(name="ses")
def _ses(url):
    made = client("ses", url)
    made.verify_email_identity(EmailAddress="hello@bites.example")
    yield made
    made.close()


@pytest.fixture(name="backend")
def _backend():
    return sns_backends[DEFAULT_ACCOUNT_ID][REGION]


@pytest.fixture(name="applications")
def _applications(sns):
    def made(name, platform):
        attributes = {"PlatformCredential": "c", "PlatformPrincipal": "p"}
        return sns.create_platform_application(Name=name, Platform=platform, Attributes=attributes)[
            "PlatformApplicationArn"
        ]

    platforms = {"ios": "APNS", "ios_sandbox": "APNS_SANDBOX", "android": "GCM"}
    return " ".join(f"{target}={made('bites', platform)}" for target, platform in platforms.items())


def arrived(backend, token):
    """Messages at the endpoint of a token."""
    (endpoint,) = [each for each in backend.platform_endpoints.values() if each.token == token]
    return [json.loads(each) for each in endpoint.messages.values()]


def test_apple_gets_its_payload_by_platform(sns, backend, applications):
    """One endpoint a token, also by another process; the sandbox has its own member."""
    for _ in range(2):
        courier = SnsPush(sns, read_applications(applications))
        assert courier.hand_off(SCOPE, address(), notice(), NOW).outcome is Outcome.HANDED
    courier.hand_off(SCOPE, address(value="cd" * 32, environment="sandbox"), notice(), NOW)

    first, again = arrived(backend, "ab" * 32)
    assert first == again
    assert json.loads(first["APNS"])["aps"]["alert"] == {"title": "Lunch?", "body": "Round the corner"}
    assert set(arrived(backend, "cd" * 32)[0]) == {"APNS_SANDBOX"}


def test_google_gets_the_form_of_its_first_version(sns, backend, applications):
    """SNS hands ``fcmV1Message`` on as it is."""
    token = "f" * 40
    courier = SnsPush(sns, read_applications(applications))
    handed = courier.hand_off(SCOPE, address(value=token, platform="android"), notice(), NOW)

    assert handed.provider_id
    (message,) = arrived(backend, token)
    told = json.loads(message["GCM"])["fcmV1Message"]["message"]
    assert told["notification"]["title"] == "Lunch?"
    assert told["android"]["ttl"] == "3600s"


def test_a_provider_may_hold_it_no_longer_than_it_lives(sns, applications):
    """TTL is what is left, to the second before quiet hours; a repeated message replaces itself."""
    sent = []
    sns.meta.events.register("provide-client-params.sns.Publish", lambda params, **_: sent.append(params))
    courier = SnsPush(sns, read_applications(applications))
    courier.hand_off(SCOPE, address(), notice(silent=True), NOW + 3000.5)
    courier.hand_off(SCOPE, address(value="f" * 40, platform="android"), notice(), NOW + 3000.5)

    apple, google = ({k: v["StringValue"] for k, v in each["MessageAttributes"].items()} for each in sent)
    assert apple == {
        "AWS.SNS.MOBILE.APNS.TTL": "599",
        "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": "m-1",
        "AWS.SNS.MOBILE.APNS.PUSH_TYPE": "alert",
        "AWS.SNS.MOBILE.APNS.PRIORITY": "5",
    }
    assert google == {"AWS.SNS.MOBILE.FCM.TTL": "599"}


def test_a_disabled_token_is_forgotten_and_may_come_back(sns, applications, world):
    """SNS disables it; the address goes; registered anew it is pushed to again."""
    token = "9e" * 32
    phone = world.phone("i-1", token)
    push = SnsPush(sns, read_applications(applications))
    couriers = Couriers(world.addresses, {"push": push}, lambda *_: "")
    assert couriers.deliver(SCOPE, Recipient("i-1"), notice(), NOW).outcome is Outcome.HANDED
    (arn,) = push._endpoints.values()
    sns.set_endpoint_attributes(EndpointArn=arn, Attributes={"Enabled": "false"})

    assert couriers.deliver(SCOPE, Recipient("i-1"), notice(), NOW).reason == "ENDPOINT_DISABLED"
    assert couriers.deliver(SCOPE, Recipient("i-1"), notice(), NOW).reason == "NO_ADDRESS"
    world.addresses.register(SCOPE, phone, "push", Registration(token, "ios"))
    assert couriers.deliver(SCOPE, Recipient("i-1"), notice(), NOW).outcome is Outcome.HANDED


def test_an_endpoint_made_elsewhere_is_used(sns, backend, applications):
    """SNS tells its ARN in words alone."""
    token = "7c" * 32
    named = dict(each.split("=", 1) for each in applications.split())
    sns.create_platform_endpoint(
        PlatformApplicationArn=named["ios"], Token=token, CustomUserData="of another system"
    )
    courier = SnsPush(sns, read_applications(applications))

    assert courier.hand_off(SCOPE, address(value=token), notice(), NOW).outcome is Outcome.HANDED
    assert len(arrived(backend, token)) == 1


def test_a_text_arrives(sns, backend):
    """What is said, where it leads, and who says it."""
    sent = []
    sns.meta.events.register("provide-client-params.sns.Publish", lambda params, **_: sent.append(params))
    courier = SnsSms(sns, sender_id="Bites", max_price_usd="0.05")
    handed = courier.hand_off(
        SCOPE, address("sms", "+4915112345678"), notice("sms", link="https://bites.example/7"), NOW
    )

    assert backend.sms_messages[handed.provider_id] == (
        "+4915112345678",
        "Lunch?\nRound the corner\nhttps://bites.example/7",
    )
    told = {name: each["StringValue"] for name, each in sent[0]["MessageAttributes"].items()}
    assert told == {
        "AWS.SNS.SMS.SMSType": "Promotional",
        "AWS.SNS.SMS.SenderID": "Bites",
        "AWS.SNS.SMS.MaxPrice": "0.05",
    }


def test_a_mail_arrives_with_its_way_out(ses):
    """Text and HTML of the same words, one click to leave, and nothing that was smuggled in."""
    told = notice(
        "email",
        title="Zeit für <Lunch>?\r\nBcc: eve@evil.example",
        body="Um die Ecke.\n\n<script>alert(1)</script>",
        link="javascript:alert(1)",
        unsubscribe=LINK,
        locale="de-AT",
    )
    handed = SesMail(ses, "Bites & Co <hello@bites.example>").hand_off(
        SCOPE, address("email", "asha@bites.example"), told, NOW
    )

    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages[-1]
    assert handed.provider_id == sent.id
    message = email.message_from_string(sent.raw_data, policy=email.policy.default)
    assert message["Subject"] == "Zeit für <Lunch>? Bcc: eve@evil.example"
    assert message["Bcc"] is None
    assert message["List-Unsubscribe"] == f"<{LINK}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["X-Herenow-Message"] == "m-1"
    text, html = (message.get_body([each]).get_content() for each in ("plain", "html"))
    assert LINK in text
    assert "Keine E-Mails mehr" in text
    assert f'<a href="{LINK}">Keine E-Mails mehr</a>' in html
    assert "<script" not in html
    assert "javascript:" not in html


def test_ses_refuses_a_sender_that_it_does_not_know(ses):
    """The address is not to blame, so it stays."""
    told = notice("email", unsubscribe=LINK)
    handed = SesMail(ses, "nobody@bites.example").hand_off(
        SCOPE, address("email", "asha@bites.example"), told, NOW
    )

    assert (handed.outcome, handed.reason) == (Outcome.RETRY_LATER, "SENDER_NOT_VERIFIED")


def test_settings_choose_the_couriers(url, monkeypatch):
    """By name; what a provider needs and is not there is told at start."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    outbox = object()
    closers = []
    chosen = Settings(
        push_courier="sns",
        sms_courier="sns",
        email_courier="ses",
        sns_applications="ios=arn:1",
        ses_sender="hello@bites.example",
        public_url="https://h.bites.example",
        messaging_endpoint=url,
        messaging_region=REGION,
    )
    kinds = {name: type(each) for name, each in couriers_of(chosen, outbox, closers.append).items()}
    for close in closers:
        close()

    assert kinds == {"push": SnsPush, "email": SesMail, "sms": SnsSms}
    assert set(couriers_of(Settings(), outbox, closers.append).values()) == {outbox}
    for wrong in (
        Settings(push_courier="pigeon"),
        Settings(push_courier="sns"),
        Settings(email_courier="ses", ses_sender="hello@bites.example"),
    ):
        with pytest.raises(Invalid):
            couriers_of(wrong, outbox, closers.append)
