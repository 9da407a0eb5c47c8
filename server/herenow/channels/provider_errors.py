"""What an error of SNS or SES means for a notice: the table of ``docs/channels.md``.

Botocore is told never to repeat a call, so that each answer is judged here. A push may be repeated when no
answer came (a device shows it once); SMS and e-mail may not, so there no answer means ``UNKNOWN``.
"""

from __future__ import annotations

from typing import Final

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
    SSLError,
)

from herenow.channels.model import Handed, Outcome

ONCE: Final = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1})
"""For the clients that couriers are given."""

THROTTLED_S: Final = 5
UNREACHABLE_S: Final = 30
UNAUTHORIZED_S: Final = 300
_MAX_WAIT_S: Final = 3600

_THROTTLED: Final = frozenset(
    {
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_UNAUTHORIZED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccountSendingPausedException",
        "AuthorizationError",
        "ConfigurationSetSendingPausedException",
        "ExpiredToken",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_NEVER_SENT: Final = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)
_NO_CREDENTIALS: Final = (NoCredentialsError, CredentialRetrievalError)


def outcome_of(error: ClientError | BotoCoreError, *, at_most_once: bool) -> Handed:
    """The outcome of a call that failed for a reason that is not its courier's own."""
    if isinstance(error, ClientError):
        return _answered(error, at_most_once=at_most_once)
    if isinstance(error, _NEVER_SENT):
        return Handed(Outcome.RETRY_LATER, "UNREACHABLE", retry_after_s=UNREACHABLE_S)
    if isinstance(error, _NO_CREDENTIALS):
        return Handed(Outcome.RETRY_LATER, "UNAUTHORIZED", retry_after_s=UNAUTHORIZED_S)
    return _unanswered("NO_ANSWER", at_most_once=at_most_once)


def code_of(error: ClientError) -> str:
    """The provider's code of an error answer."""
    return error.response.get("Error", {}).get("Code") or ""


def text_of(error: ClientError) -> str:
    """The provider's words. They may hold the address: compare them, never log them."""
    return error.response.get("Error", {}).get("Message") or ""


def _answered(error: ClientError, *, at_most_once: bool) -> Handed:
    code = code_of(error)
    metadata = error.response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 400)
    if code in _THROTTLED or status == 429:
        wait = _wait(metadata.get("HTTPHeaders", {}).get("retry-after", ""))
        return Handed(Outcome.RETRY_LATER, "THROTTLED", retry_after_s=wait)
    if code in _UNAUTHORIZED or status == 403:
        return Handed(Outcome.RETRY_LATER, "UNAUTHORIZED", retry_after_s=UNAUTHORIZED_S)
    if status >= 500:
        return _unanswered("PROVIDER_FAILED", at_most_once=at_most_once)
    return Handed(Outcome.REFUSED, "REFUSED_BY_PROVIDER")


def _unanswered(reason: str, *, at_most_once: bool) -> Handed:
    if at_most_once:
        return Handed(Outcome.UNKNOWN, reason)
    return Handed(Outcome.RETRY_LATER, reason, retry_after_s=UNREACHABLE_S)


def _wait(told: str) -> int:
    """Seconds of a ``Retry-After``, within reason."""
    return min(max(int(told), 1), _MAX_WAIT_S) if told.isascii() and told.isdigit() else THROTTLED_S
