"""The page behind a message's link that ends its channel. The link itself is the permission; nobody signs in.

GET changes nothing, because scanners of mail follow links; POST does it, from the page's button or by a mail
client in one click (RFC 8058). Both answer a page for people, in the language that their browser asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from flask import Response, g, request

from herenow.api.access import services
from herenow.api.blueprint import Plane
from herenow.channels.model import Channel
from herenow.errors import NotFound

plane = Plane("unsubscribe", __name__, url_prefix="", description="Pages that end a channel.")

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The page's words in a language; ``{channel}`` is replaced."""

    ask: str
    button: str
    done: str
    unknown: str
    channels: dict[Channel, str]


WORDINGS: Final = {
    "en": Wording(
        "Do you want no more {channel} from this app?",
        "Unsubscribe",
        "You will get no more {channel} from this app.",
        "This link is unknown or too old. Use the link of a newer message, or change it in the app.",
        {"email": "e-mails", "sms": "text messages", "push": "notifications"},
    ),
    "de": Wording(
        "Möchten Sie von dieser App keine {channel} mehr?",
        "Abbestellen",
        "Sie erhalten von dieser App keine {channel} mehr.",
        "Dieser Link ist unbekannt oder zu alt. Nehmen Sie den einer neueren Nachricht oder die App selbst.",
        {"email": "E-Mails", "sms": "SMS", "push": "Mitteilungen"},
    ),
    "fr": Wording(
        "Ne plus recevoir de {channel} de cette application ?",
        "Se désinscrire",
        "Vous ne recevrez plus de {channel} de cette application.",
        "Ce lien est inconnu ou trop ancien. Utilisez celui d'un message plus récent, ou l'application.",
        {"email": "courriels", "sms": "SMS", "push": "notifications"},
    ),
    "es": Wording(
        "¿No quiere recibir más {channel} de esta aplicación?",
        "Darse de baja",
        "No recibirá más {channel} de esta aplicación.",
        "Este enlace es desconocido o demasiado antiguo. Use el de un mensaje más reciente, o la aplicación.",
        {"email": "correos", "sms": "SMS", "push": "notificaciones"},
    ),
}

_PAGE: Final = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:1.1em/1.5 sans-serif;max-width:32em;margin:4em auto;padding:0 1em}}
button{{font:inherit;padding:.5em 1em}}</style></head>
<body><p>{text}</p>{form}</body></html>
"""
_HTML: Final = "text/html; charset=utf-8"


@plane.route("/u/<token>", methods=["GET"])
@plane.doc(summary="Ask whether to unsubscribe", operationId="askUnsubscribe", security=[])
@plane.response(200, content_type=_HTML, description="A page with a button; nothing has changed")
@plane.alt_response(404, content_type=_HTML, description="The link is unknown or too old")
def ask(token: str) -> Response:
    """A page that asks. Looking at it changes nothing."""
    lang, words = _wording()
    try:
        told = services().unsubscribe_links.open(token)
    except NotFound:
        return _page(lang, words.button, words.unknown, status=404)
    g.scope = told.scope
    form = f'<form method="post"><button>{escape(words.button)}</button></form>'
    return _page(lang, words.button, words.ask.format(channel=words.channels[told.channel]), form)


@plane.route("/u/<token>", methods=["POST"])
@plane.doc(summary="Unsubscribe", operationId="unsubscribe", security=[])
@plane.response(200, content_type=_HTML, description="Consent to the channel is withdrawn")
@plane.alt_response(404, content_type=_HTML, description="The link is unknown or too old")
@plane.problem(409, "What is kept of the person is being changed by other requests")
def unsubscribe(token: str) -> Response:
    """Withdraw consent to the channel, on every device. The body is not read; again is safe."""
    lang, words = _wording()
    try:
        told = services().unsubscribe_links.open(token)
    except NotFound:
        return _page(lang, words.button, words.unknown, status=404)
    g.scope = told.scope
    services().unsubscribing.end(told)
    return _page(lang, words.button, words.done.format(channel=words.channels[told.channel]))


def _wording() -> tuple[str, Wording]:
    # by language alone: an Austrian is asked in German before in English
    wanted = (each.partition("-")[0].lower() for each in request.accept_languages.values())
    lang = next((each for each in wanted if each in WORDINGS), "en")
    return lang, WORDINGS[lang]


def _page(lang: str, title: str, text: str, form: str = "", *, status: int = 200) -> Response:
    page = _PAGE.format(lang=lang, title=escape(title), text=escape(text), form=form)
    return Response(page, status=status, content_type=_HTML, headers={**HEADERS, "Vary": "Accept-Language"})
