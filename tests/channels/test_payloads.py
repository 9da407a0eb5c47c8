"""What APNs and FCM are sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.conftest import NOW, notice

from herenow.channels.model import Action
from herenow.channels.payloads import LEAST_BODY, MAX_PAYLOAD, TooLarge, collapse_id, payload

PLATFORMS = ["ios", "android"]
FULL = notice(
    link="bites://item/7",
    image="https://cdn.bites.example/7.jpg",
    category="order_now",
    actions=(Action("order", "Order", "bites://cart"),),
    extra={"screen": "offers", "amount": 3, "aps": "smuggled", "herenow": "smuggled"},
    collapse="lunch",
    sound="chime",
)


def test_apple_is_told_in_its_own_words():
    """Alert, sound, category, thread; an image needs the app's extension; what is ours stands apart."""
    assert payload("ios", FULL, NOW).document == {
        "aps": {
            "alert": {"title": "Lunch?", "body": "Round the corner"},
            "interruption-level": "active",
            "thread-id": "lunch",
            "sound": "chime",
            "category": "order_now",
            "mutable-content": 1,
        },
        "herenow": {
            "message": "m-1",
            "campaign": "lunch",
            "expires_at": int(NOW) + 3600,
            "link": "bites://item/7",
            "image": "https://cdn.bites.example/7.jpg",
            "actions": [{"id": "order", "title": "Order", "link": "bites://cart"}],
        },
        "screen": "offers",
        "amount": 3,
    }


def test_google_is_told_in_its_own_words():
    """Texts alone in ``data``, the life left as its TTL, one tag for what replaces each other."""
    told = payload("android", FULL, NOW + 600).document

    assert told["notification"] == {
        "title": "Lunch?",
        "body": "Round the corner",
        "image": "https://cdn.bites.example/7.jpg",
    }
    assert told["android"] == {
        "ttl": "3000s",
        "priority": "HIGH",
        "collapse_key": "lunch",
        "notification": {"tag": "lunch", "sound": "chime", "click_action": "order_now"},
    }
    assert told["data"]["amount"] == "3"
    assert set(told["data"]) == {"screen", "amount", "herenow"}
    assert all(isinstance(value, str) for value in told["data"].values())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_silent_one_makes_no_sound(platform):
    """It is shown, without a sound or a buzz."""
    told = payload(platform, notice(silent=True, sound="chime"), NOW).document

    assert "chime" not in str(told)
    assert told.get("aps", {}).get("interruption-level", "passive") == "passive"
    assert told.get("android", {}).get("priority", "NORMAL") == "NORMAL"


def test_a_message_replaces_itself():
    """Without a name of its own a repeated push has its message's id, within APNs' 64 bytes."""
    assert collapse_id(notice()) == "m-1"
    assert collapse_id(notice(collapse="lunch")) == "lunch"
    assert len(collapse_id(notice(collapse="é" * 60)).encode()) <= 64


@pytest.mark.parametrize("platform", PLATFORMS)
def test_optional_parts_go_in_order(platform):
    """First the image, then the buttons, then the end of the body."""
    image = notice(image="https://cdn.bites.example/" + "x" * 4000)
    assert payload(platform, image, NOW).dropped == ("image",)
    buttons = notice(
        image="https://i.example/1", actions=tuple(Action(f"a{n}", "t" * 1500) for n in range(3))
    )
    assert payload(platform, buttons, NOW).dropped == ("image", "actions")
    long = payload(platform, notice(body="so much to say " * 400), NOW)
    assert long.dropped == ("body",)
    assert MAX_PAYLOAD - 8 <= long.size <= MAX_PAYLOAD


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_never_dropped_may_be_too_much(platform):
    """The app's own values are not thinned out behind its back."""
    with pytest.raises(TooLarge):
        payload(platform, notice(extra={"big": "x" * 4096}), NOW)


@given(
    platform=st.sampled_from(PLATFORMS),
    title=st.text(max_size=200),
    body=st.text(max_size=5000),
    link=st.text(max_size=2000),
    image=st.text(max_size=2000),
)
def test_nothing_larger_leaves(platform, title, body, link, image):
    """Whatever is said, a payload is within the bound or refused, and keeps title, link and ids."""
    told = notice(title=title, body=body, link=link, image=image)
    try:
        made = payload(platform, told, NOW)
    except TooLarge:
        assert len((title + link).encode()) + 4 * LEAST_BODY > 500
        return
    assert made.size <= MAX_PAYLOAD
    shown = made.document["aps"]["alert"] if platform == "ios" else made.document["notification"]
    assert shown.get("title", "") == title
    assert "m-1" in str(made.document["herenow" if platform == "ios" else "data"])
