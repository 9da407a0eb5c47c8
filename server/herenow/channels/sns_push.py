"""Push through Amazon SNS: one platform application for each platform and APNs environment of an app.

A token becomes an endpoint by ``CreatePlatformEndpoint``, which answers the same endpoint for the same token;
its ARN is remembered in the process. At least once: no answer means another attempt, which the device tells
by the message's id and the collapse id. An endpoint that SNS has disabled is deleted with its address, so
that the same token, registered anew, begins with a fresh one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Final

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from herenow.channels.model import Address, Handed, Notice, Outcome, expired
from herenow.channels.payloads import TooLarge, collapse_id, fcm_ttl_s, payload
from herenow.channels.provider_errors import UNREACHABLE_S, code_of, outcome_of, text_of
from herenow.errors import Invalid
from herenow.scope import Scope

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

TARGETS: Final = ("ios", "ios_sandbox", "android")
_REMEMBERED: Final = 10_000
_STANDING = re.compile(r"Endpoint (arn:\S+) already exists")
_KEYS: Final = {"ios": "APNS", "ios_sandbox": "APNS_SANDBOX", "android": "GCM"}

Applications = Mapping[tuple[str, str], str]
"""The ARN of a platform application by app (or ``*``) and target."""


def read_applications(text: str) -> Applications:
    """``ios=arn:… bites:android=arn:…``, in words; without an app it is every app's.

    Raises ``Invalid`` (INVALID_SETTING).
    """
    found: dict[tuple[str, str], str] = {}
    for word in text.split():
        name, _, arn = word.partition("=")
        app, _, target = name.rpartition(":")
        if target not in TARGETS or not arn.startswith("arn:"):
            raise Invalid(
                "HERENOW_SNS_APPLICATIONS is not understood",
                code="INVALID_SETTING",
                detail=f"Write [app:]target=arn in words; a target is one of {', '.join(TARGETS)}.",
            )
        found[(app or "*", target)] = arn
    return found


class SnsPush:
    """Pushes through the platform applications of ``applications``."""

    def __init__(self, client: SNSClient, applications: Applications) -> None:
        self._client = client
        self._applications = applications
        self._endpoints: dict[tuple[str, str], str] = {}
        self._remembering = Lock()

    def hand_off(self, scope: Scope, address: Address, notice: Notice, now: float) -> Handed:
        """See ``Courier.hand_off``."""
        if notice.life_left(now) <= 0:
            return expired()
        target = _target(address)
        application = self._applications.get((scope.app, target)) or self._applications.get(("*", target))
        if application is None:
            return Handed(Outcome.REFUSED, "NO_PLATFORM_APPLICATION")
        try:
            message = _message(target, address, notice, now)
        except TooLarge:
            return Handed(Outcome.REFUSED, "PAYLOAD_TOO_LARGE")
        try:
            endpoint = self._endpoint(application, address.value)
        except ClientError as error:
            if _blames_token(error):
                return Handed(Outcome.INVALID_ADDRESS, "INVALID_TOKEN")
            return outcome_of(error, at_most_once=False)
        except BotoCoreError as error:
            return outcome_of(error, at_most_once=False)
        return self._publish(
            (application, address.value), endpoint, message, _attributes(target, notice, now)
        )

    def _publish(
        self,
        known_as: tuple[str, str],
        endpoint: str,
        message: str,
        attributes: dict[str, MessageAttributeValueTypeDef],
    ) -> Handed:
        try:
            answer = self._client.publish(
                TargetArn=endpoint, Message=message, MessageStructure="json", MessageAttributes=attributes
            )
        except ClientError as error:
            return self._failed(error, known_as, endpoint)
        except BotoCoreError as error:
            return outcome_of(error, at_most_once=False)
        return Handed(Outcome.HANDED, provider_id=answer["MessageId"])

    def _failed(self, error: ClientError, known_as: tuple[str, str], endpoint: str) -> Handed:
        code = code_of(error)
        if code in ("EndpointDisabled", "EndpointDisabledException"):
            self._forget(known_as)
            self._delete(endpoint)
            return Handed(Outcome.INVALID_ADDRESS, "ENDPOINT_DISABLED")
        if code in ("NotFound", "NotFoundException"):
            self._forget(known_as)  # deleted behind our back: the next attempt makes a fresh one
            return Handed(Outcome.RETRY_LATER, "ENDPOINT_GONE", retry_after_s=UNREACHABLE_S)
        return outcome_of(error, at_most_once=False)

    def _endpoint(self, application: str, token: str) -> str:
        known = self._endpoints.get((application, token))
        if known is not None:
            return known
        try:
            made = self._client.create_platform_endpoint(PlatformApplicationArn=application, Token=token)
            arn = made["EndpointArn"]
        except ClientError as error:
            standing = _STANDING.search(text_of(error))
            if standing is None:
                raise
            arn = standing[1]  # made elsewhere with user data of its own
        with self._remembering:
            if len(self._endpoints) >= _REMEMBERED:
                self._endpoints.clear()
            self._endpoints[(application, token)] = arn
        return arn

    def _forget(self, known_as: tuple[str, str]) -> None:
        with self._remembering:
            self._endpoints.pop(known_as, None)

    def _delete(self, endpoint: str) -> None:
        try:
            self._client.delete_endpoint(EndpointArn=endpoint)
        except (ClientError, BotoCoreError):
            return  # it stays disabled, and is met again when the token is registered anew


def _target(address: Address) -> str:
    if address.platform == "android":
        return "android"
    return "ios_sandbox" if address.environment == "sandbox" else "ios"


def _message(target: str, address: Address, notice: Notice, now: float) -> str:
    """``MessageStructure`` json: the platform's payload as text. Raises ``TooLarge``."""
    made = payload(address.platform or "ios", notice, now).document
    document = {"fcmV1Message": {"message": made}} if target == "android" else made
    return orjson.dumps({_KEYS[target]: orjson.dumps(document).decode()}).decode()


def _attributes(target: str, notice: Notice, now: float) -> dict[str, MessageAttributeValueTypeDef]:
    """For how long the provider may hold it (never past ``expires_at``), and what it replaces."""
    if target == "android":
        return {"AWS.SNS.MOBILE.FCM.TTL": _string(str(fcm_ttl_s(notice, now)))}
    return {
        f"AWS.SNS.MOBILE.{_KEYS[target]}.TTL": _string(str(notice.life_left(now))),
        "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": _string(collapse_id(notice)),
        "AWS.SNS.MOBILE.APNS.PUSH_TYPE": _string("alert"),
        "AWS.SNS.MOBILE.APNS.PRIORITY": _string("5" if notice.silent else "10"),
    }


def _string(value: str) -> MessageAttributeValueTypeDef:
    return {"DataType": "String", "StringValue": value}


def _blames_token(error: ClientError) -> bool:
    return code_of(error) in ("InvalidParameter", "InvalidParameterException") and "Token" in text_of(error)
