"""Settings: the only reader of the environment.

One frozen object, built once and passed in. Every field has a default that works on a laptop;
``HERENOW_<FIELD IN UPPER CASE>`` overrides it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from herenow.errors import Invalid

ENVIRONMENT_PREFIX: Final = "HERENOW_"
SECRET_FILE: Final = "master.secret"  # noqa: S105 - a file name
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """How one server process runs. Sizes are bytes, times seconds."""

    data_dir: Path = Path(".herenow")
    """Folder of the embedded stores; made at first start, readable by its owner alone."""
    secret: str = field(default="", repr=False)
    """Master secret, 64 hex digits; made in ``data_dir`` at first start when empty."""

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    threads: int = 4
    """Threads of each worker for what may take seconds (the admin plane, imports). Everything else is
    computed on its event loop, so serve more by more workers, about one a core."""
    max_streams: int = 2_000
    """Event streams open at a time in each worker; a tenth of them for one network."""
    backlog: int = 1024
    log_level: str = "info"
    trusted_proxies: int = 0
    """How many proxies in front append to ``X-Forwarded-For``; 0 ignores the header."""

    max_body: int = 512 * 1024
    """Largest request body of the SDK plane."""
    max_import: int = 256 * 1024 * 1024
    """Largest catalogue import."""
    max_documents: int = 8 * 1024 * 1024
    """Largest set of config documents in one request."""
    request_timeout_s: int = 30
    """How long an ordinary body may take to arrive, a large one between two pieces, and a stopping worker
    to finish."""

    installations_per_minute: int = 600
    """First launches accepted per app, environment and network (/24 or /48) in a minute."""
    evaluations_per_minute: int = 6_000
    """Remote evaluations for stock SDKs per installation, or per app, environment and network without one."""
    acquisitions_per_hour: int = 60
    """Late acquisitions accepted per installation in an hour."""

    beacons_per_minute: int = 60_000
    """Beacons accepted per installation, or person of a foreign client, in a minute; so many at once too."""

    token_ttl_s: int = 86_400
    admin_token_ttl_s: int = 12 * 3600
    manifest_ttl_s: int = 60
    """How long a cache may keep a manifest."""
    poll_interval_s: float = 0.5
    """How often a worker looks for a new serving set."""
    refresh_after_s: int = 900
    """When a client should ask for its config again."""

    adservices_url: str = "https://api-adservices.apple.com"
    """Where AdServices tokens are resolved."""

    localities: str = ""
    """A CSV file of places (name, lat, lon, parent) that searches may name, beside the world's cities."""
    geocoder: str = ""
    """One of geopy's services (``nominatim``, ``photon``, …) for places that nothing else knows."""
    geocoder_url: str = ""
    """Its server, when it is not the service's public one."""
    geocoder_user_agent: str = "herenow"
    geocoder_api_key: str = field(default="", repr=False)
    geocoder_per_second: float = 1.0
    """How often it may be asked; Nominatim's public server allows once a second."""

    public_url: str = ""
    """Where people reach this server (``https://…``), for the links in messages."""
    push_courier: str = "outbox"
    """Who takes push: ``outbox`` or ``sns``."""
    email_courier: str = "outbox"
    """Who takes mail: ``outbox`` or ``ses``."""
    sms_courier: str = "outbox"
    """Who takes SMS: ``outbox`` or ``sns``."""
    outbox_file: str = ""
    """A file that gets each message of the outbox as a line of JSON; for development."""
    messaging_region: str = "eu-central-1"
    """The region of SNS and SES."""
    messaging_endpoint: str = ""
    """Their address, when it is not AWS's own."""
    sns_applications: str = ""
    """Platform applications in words: ``[app:]ios=arn``, ``ios_sandbox=``, ``android=``."""
    ses_sender: str = ""
    """Who mails are from: ``name <address>``, verified by SES."""
    ses_configuration_set: str = ""
    sms_sender_id: str = ""
    """Shown as the sender of SMS where the country allows it."""
    sms_max_price_usd: str = ""
    """What one SMS may cost at most."""

    documents: str = "sqlite"
    """Documents adapter: ``sqlite``, ``memory`` or ``dynamodb``."""
    dynamodb_table: str = "herenow"
    dynamodb_region: str = "eu-central-1"
    dynamodb_endpoint: str = ""

    def master_secret(self) -> bytes:
        """The 32 bytes everything sealed or keyed derives from.

        Raises ``Invalid`` when ``secret`` or the file's content is not 64 hex digits.
        """
        return _decode_secret(self.secret or _kept_secret(self.data_dir))


def load_settings(environment: Mapping[str, str], **overrides: Any) -> Settings:
    """Settings from ``HERENOW_*`` variables; ``overrides`` that are not ``None`` win.

    Raises ``Invalid`` naming the variable whose value does not fit.
    """
    values: dict[str, Any] = {}
    for each in fields(Settings):
        raw = environment.get(ENVIRONMENT_PREFIX + each.name.upper())
        if raw is not None:
            values[each.name] = _convert(each.name, raw, type(each.default))
    values.update({name: value for name, value in overrides.items() if value is not None})
    return Settings(**values)


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables from which ``load_settings`` rebuilds ``settings`` in another process."""
    return {
        ENVIRONMENT_PREFIX + each.name.upper(): str(getattr(settings, each.name)) for each in fields(settings)
    }


def _convert(name: str, raw: str, kind: type) -> Any:
    try:
        return kind(raw)
    except ValueError as error:
        raise Invalid(
            f"{ENVIRONMENT_PREFIX}{name.upper()} is not a {kind.__name__}", code="INVALID_SETTING"
        ) from error


def _kept_secret(data_dir: Path) -> str:
    """Read the secret kept beside the data, making it when absent (once, whoever starts first)."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / SECRET_FILE
    if not path.exists():
        fresh = data_dir / f"{SECRET_FILE}.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(_SECRET_BYTES), encoding="ascii")
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process was first; its secret stands
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def _decode_secret(text: str) -> bytes:
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != _SECRET_BYTES:
        raise Invalid(
            "the master secret is not 64 hex digits",
            code="INVALID_SETTING",
            detail=f"Set {ENVIRONMENT_PREFIX}SECRET, or restore {SECRET_FILE} in the data folder.",
        )
    return secret
