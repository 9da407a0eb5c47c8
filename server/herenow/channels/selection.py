"""Which courier takes which channel, from the settings. What AWS needs is loaded only when it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from herenow.channels.model import Channel, Courier
from herenow.errors import Invalid
from herenow.settings import Settings

OUTBOX: Final = "outbox"
Closing = Callable[[Callable[[], None]], Any]


def couriers_of(settings: Settings, outbox: Courier, closing: Closing) -> Mapping[Channel, Courier]:
    """A courier for each channel; ``closing`` is told how to close what was opened.

    Raises ``Invalid`` (INVALID_SETTING) for an unknown name, and for a provider that lacks what it needs.
    """
    return {
        "push": _chosen("push_courier", settings.push_courier, outbox, {"sns": _push}, settings, closing),
        "email": _chosen("email_courier", settings.email_courier, outbox, {"ses": _mail}, settings, closing),
        "sms": _chosen("sms_courier", settings.sms_courier, outbox, {"sns": _sms}, settings, closing),
    }


Make = Callable[[Settings, Closing], Courier]


def _chosen(
    setting: str,
    name: str,
    outbox: Courier,
    makers: Mapping[str, Make],
    settings: Settings,
    closing: Closing,
) -> Courier:
    if name == OUTBOX:
        return outbox
    if name not in makers:
        known = ", ".join([OUTBOX, *makers])
        raise Invalid(
            f"HERENOW_{setting.upper()} is none of: {known}",
            code="INVALID_SETTING",
            detail="See docs/channels.md.",
        )
    return makers[name](settings, closing)


def _push(settings: Settings, closing: Closing) -> Courier:
    from herenow.channels.sns_push import SnsPush, read_applications  # noqa: PLC0415 - needs the extra

    return SnsPush(
        _client("sns", settings, closing),
        read_applications(_needed(settings, "sns_applications", "push_courier")),
    )


def _mail(settings: Settings, closing: Closing) -> Courier:
    from herenow.channels.ses import SesMail  # noqa: PLC0415 - needs the extra

    _needed(settings, "public_url", "email_courier")  # mail without a way out is not sent
    sender = _needed(settings, "ses_sender", "email_courier")
    return SesMail(
        _client("ses", settings, closing), sender, configuration_set=settings.ses_configuration_set
    )


def _sms(settings: Settings, closing: Closing) -> Courier:
    from herenow.channels.sns_sms import SnsSms  # noqa: PLC0415 - needs the extra

    return SnsSms(
        _client("sns", settings, closing),
        sender_id=settings.sms_sender_id,
        max_price_usd=settings.sms_max_price_usd,
    )


def _needed(settings: Settings, name: str, for_the_sake_of: str) -> str:
    value: str = getattr(settings, name)
    if not value:
        raise Invalid(
            f"HERENOW_{name.upper()} is missing, which HERENOW_{for_the_sake_of.upper()} needs",
            code="INVALID_SETTING",
            detail="See docs/channels.md.",
        )
    return value


def _client(service: str, settings: Settings, closing: Closing) -> Any:
    import boto3  # noqa: PLC0415 - an optional extra

    from herenow.channels.provider_errors import ONCE  # noqa: PLC0415 - needs the extra

    client: Any = boto3.session.Session().client(
        service,  # type: ignore[call-overload]  # one of many literals
        region_name=settings.messaging_region,
        endpoint_url=settings.messaging_endpoint or None,
        config=ONCE,
    )
    closing(client.close)
    return client
