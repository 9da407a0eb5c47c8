"""SMS through Amazon SNS, at most once: what got no answer is unknown, and never sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from herenow.channels.model import Address, Handed, Notice, Outcome, expired
from herenow.channels.provider_errors import code_of, outcome_of, text_of
from herenow.channels.short_text import MAX_SMS, short_text
from herenow.scope import Scope

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef


class SnsSms:
    """Sends texts. ``sender_id`` is shown where the country allows; ``max_price_usd`` bounds one message."""

    def __init__(self, client: SNSClient, *, sender_id: str = "", max_price_usd: str = "") -> None:
        self._client = client
        told = {
            "AWS.SNS.SMS.SMSType": ("String", "Promotional"),
            "AWS.SNS.SMS.SenderID": ("String", sender_id),
            "AWS.SNS.SMS.MaxPrice": ("Number", max_price_usd),
        }
        self._attributes: dict[str, MessageAttributeValueTypeDef] = {
            name: {"DataType": kind, "StringValue": value} for name, (kind, value) in told.items() if value
        }

    def hand_off(self, scope: Scope, address: Address, notice: Notice, now: float) -> Handed:  # noqa: ARG002 - one sender for every app
        """See ``Courier.hand_off``."""
        if notice.life_left(now) <= 0:
            return expired()
        text = short_text(notice)
        if len(text) > MAX_SMS:
            return Handed(Outcome.REFUSED, "PAYLOAD_TOO_LARGE")
        try:
            answer = self._client.publish(
                PhoneNumber=address.value, Message=text, MessageAttributes=self._attributes
            )
        except ClientError as error:
            return _failed(error)
        except BotoCoreError as error:
            return outcome_of(error, at_most_once=True)
        return Handed(Outcome.HANDED, provider_id=answer["MessageId"])


def _failed(error: ClientError) -> Handed:
    if code_of(error) in ("InvalidParameter", "InvalidParameterException", "OptedOutException"):
        words = text_of(error).lower()
        if "opted out" in words:
            return Handed(Outcome.INVALID_ADDRESS, "OPTED_OUT")
        if "phonenumber" in words or "phone number" in words:
            return Handed(Outcome.INVALID_ADDRESS, "INVALID_NUMBER")
    return outcome_of(error, at_most_once=True)
