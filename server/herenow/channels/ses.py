"""E-mail through Amazon SES, at most once: what got no answer is unknown, and never sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from herenow.channels.mail import mail
from herenow.channels.model import Address, Handed, Notice, Outcome, expired
from herenow.channels.provider_errors import UNAUTHORIZED_S, code_of, outcome_of, text_of
from herenow.scope import Scope

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient


class SesMail:
    """Sends mails from ``sender`` (``name <address>``), which SES must have verified."""

    def __init__(self, client: SESClient, sender: str, *, configuration_set: str = "") -> None:
        self._client = client
        self._sender = sender
        self._options: dict[str, Any] = (
            {"ConfigurationSetName": configuration_set} if configuration_set else {}
        )

    def hand_off(self, scope: Scope, address: Address, notice: Notice, now: float) -> Handed:  # noqa: ARG002 - one sender for every app
        """See ``Courier.hand_off``. Without a way out nothing is sent (NO_UNSUBSCRIBE_LINK)."""
        if notice.life_left(now) <= 0:
            return expired()
        if not notice.unsubscribe:
            return Handed(Outcome.REFUSED, "NO_UNSUBSCRIBE_LINK")
        try:
            answer = self._client.send_raw_email(
                Source=self._sender,
                Destinations=[address.value],
                RawMessage={"Data": mail(notice, self._sender, address.value)},
                **self._options,
            )
        except ClientError as error:
            return _failed(error)
        except BotoCoreError as error:
            return outcome_of(error, at_most_once=True)
        return Handed(Outcome.HANDED, provider_id=answer["MessageId"])


def _failed(error: ClientError) -> Handed:
    code = code_of(error)
    if code == "MailFromDomainNotVerifiedException" or _sender_unknown(error):
        return Handed(Outcome.RETRY_LATER, "SENDER_NOT_VERIFIED", retry_after_s=UNAUTHORIZED_S)
    if code == "InvalidParameterValue":
        return Handed(Outcome.INVALID_ADDRESS, "INVALID_ADDRESS")
    return outcome_of(error, at_most_once=True)


def _sender_unknown(error: ClientError) -> bool:
    """SES says so in words alone, under the code of every other rejection."""
    words = text_of(error).lower()
    return code_of(error) == "MessageRejected" and ("not verified" in words or "authority to send" in words)
