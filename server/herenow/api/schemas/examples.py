"""Worked requests for the OpenAPI page: Android, iOS, organic, pending; beacons."""

from __future__ import annotations

from typing import Any, Final

_ID: Final = "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11"
_SECRET: Final = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105 - an example

_ANDROID: Final[dict[str, Any]] = {
    "platform": "android",
    "os_version": "15",
    "app_version": "3.2.1",
    "locale": "en-IN",
    "time_zone": "Asia/Kolkata",
    "device": {
        "class": "phone",
        "model": "Pixel 9",
        "screen": {"width": 1080, "height": 2424, "density": 2.6},
    },
    "capabilities": ["in_app", "push", "local_notification", "geofence"],
    "network": "wifi",
    "now": "2026-11-20T07:12:03+05:30",
}
_IOS: Final[dict[str, Any]] = {
    "platform": "ios",
    "os_version": "19.1",
    "app_version": "3.2.1",
    "locale": "en-IN",
    "time_zone": "Asia/Kolkata",
    "device": {"class": "phone", "model": "iPhone 17"},
    "capabilities": ["in_app", "push"],
    "network": "cellular",
    "now": "2026-11-20T07:12:03+05:30",
}
_CONSENT: Final = {"analytics": "unknown", "personalization": "granted", "location": "unknown"}

_REFERRER: Final = "utm_source=web&utm_medium=search&utm_term=burger%2Bjoints%2Bin%2Bkandivali%2Bwest"

PLAY_REFERRER: Final[dict[str, Any]] = {
    "play_install_referrer": {
        "install_referrer": _REFERRER,
        "referrer_click_timestamp_seconds": 1795138800,
        "install_begin_timestamp_seconds": 1795138860,
        "google_play_instant": False,
    }
}


def _launch(context: dict[str, Any], acquisition: dict[str, Any]) -> dict[str, Any]:
    return {
        "installation_id": _ID,
        "installation_secret": _SECRET,
        "context": context,
        "acquisition": acquisition,
        "consent": _CONSENT,
    }


FIRST_LAUNCHES: Final[dict[str, Any]] = {
    "android": {
        "summary": "Android, found by a search: the Play install referrer carries it",
        "value": _launch(_ANDROID, PLAY_REFERRER),
    },
    "ios": {
        "summary": "iOS, the app knows the query (its own link was opened)",
        "value": _launch(_IOS, {"query": "burger joints in Kandivali West"}),
    },
    "organic": {"summary": "Organic: no trace of a search", "value": _launch(_ANDROID, {})},
    "pending": {
        "summary": "iOS, AdServices token: answered at once, resolved by POST /v1/acquisition",
        "value": _launch(_IOS, {"apple_adservices_token": "c29tZSBhZHNlcnZpY2VzIHRva2Vu"}),
    },
}

LATE_ACQUISITIONS: Final[dict[str, Any]] = {
    "pending": {"summary": "Ask again for a pending token", "value": {}},
    "deep_link": {
        "summary": "A deferred deep link arrived",
        "value": {"deep_link": "https://bites.example/find?q=biryani+near+andheri"},
    },
}

BEACONS: Final[dict[str, Any]] = {
    "behavior": {
        "summary": "A tap on an item of the first screen",
        "value": {
            "sent_at": "2026-11-20T07:15:00.120+05:30",
            "beacons": [
                {
                    "id": "0b9f3a52-7c1d-4e0a-9d39-5f1d2c3b4a10",
                    "seq": 1,
                    "type": "behavior",
                    "name": "item_tap",
                    "at": "2026-11-20T07:13:10+05:30",
                    "properties": {
                        "item": "patty-lane-kandivali-west",
                        "placement": "home_feed",
                        "position": 0,
                    },
                }
            ],
        },
    },
}
