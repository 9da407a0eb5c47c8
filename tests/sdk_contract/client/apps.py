"""What a person does with an app: opens it, opens it again."""

from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED, Phones

from herenow_sdk.client import Herenow
from herenow_sdk.core.reasons import AnswerSource

TITLE = "Burgers in Kandivali West"
"""What a search for them makes of the title of the first screen."""


def launched(phones: Phones, name: str = "phone", **changes: object) -> Herenow:
    """An app after its first launch, with its rules fetched."""
    app = phones.open(name, **changes)
    app.start(CONTEXT, FOUND, GRANTED)
    assert app.refresh(within_s=10)
    return app


def restarted(phones: Phones, name: str = "phone", **changes: object) -> tuple[Herenow, AnswerSource]:
    """The app opened again, nothing waited for."""
    app = phones.open(name, **changes)
    return app, app.start(CONTEXT)
