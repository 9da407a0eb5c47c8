"""A notice as a mail: text and HTML of the same words, with the way out that RFC 8058 asks for."""

from __future__ import annotations

from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from html import escape
from typing import Final

from herenow.channels.model import Notice

WAY_OUT: Final = {
    "de": "Keine E-Mails mehr",
    "en": "Unsubscribe",
    "es": "Darse de baja",
    "fr": "Se désinscrire",
    "hi": "सदस्यता समाप्त करें",
    "id": "Berhenti berlangganan",
    "ja": "配信停止",
    "pt": "Cancelar inscrição",
}
"""The words of the link by language."""

_PAGE: Final = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8"><body style="font:16px/1.5 sans-serif;'
    'max-width:36em;margin:auto;padding:1em">{parts}</body></html>'
)


def mail(notice: Notice, sender: str, to: str) -> bytes:
    """The message as bytes of RFC 5322. ``sender`` is ``name <address>``; no header can be smuggled in."""
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    message["From"] = Mailbox(name, addr_spec=address)
    message["To"] = Mailbox(addr_spec=to)
    message["Subject"] = " ".join(notice.title.split())
    message["X-Herenow-Message"] = "".join(each for each in notice.message_id if each.isprintable())
    if notice.unsubscribe:
        message["List-Unsubscribe"] = f"<{notice.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_text(notice))
    message.add_alternative(_html(notice), subtype="html")
    return message.as_bytes()


def way_out(locale: str) -> str:
    """The words of the link that ends mails."""
    return WAY_OUT.get(locale.partition("-")[0].lower(), WAY_OUT["en"])


def _text(notice: Notice) -> str:
    out = f"-- \n{way_out(notice.locale)}: {notice.unsubscribe}" if notice.unsubscribe else ""
    return "\n\n".join(filter(None, (notice.title, notice.body, notice.link, out))) + "\n"


def _html(notice: Notice) -> str:
    paragraphs = (each.strip() for each in notice.body.split("\n\n"))
    parts = [f"<h1>{escape(notice.title)}</h1>"]
    if _is_web(notice.image):
        parts.append(f'<p><img src="{escape(notice.image)}" alt="" style="max-width:100%"></p>')
    parts += [f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs if each]
    if _is_web(notice.link):
        parts.append(f'<p><a href="{escape(notice.link)}">{escape(notice.link)}</a></p>')
    if notice.unsubscribe:
        link = f'<a href="{escape(notice.unsubscribe)}">{escape(way_out(notice.locale))}</a>'
        parts.append(f'<p style="font-size:12px">{link}</p>')
    return _PAGE.format(lang=escape(notice.locale), parts="".join(parts))


def _is_web(link: str) -> bool:
    """Whether a mail client follows it: links into an app are not, and scripts never."""
    return link.startswith(("https://", "http://"))
