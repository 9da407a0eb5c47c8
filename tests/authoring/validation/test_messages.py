import pytest

from herenow.authoring.validation import Severity

TITLE = ("campaigns.json", "cart_nudge", "template", "en", "title")


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [
        ("{{offer.txt}}", "UNKNOWN_ATTRIBUTE", "offer.text"),
        ("{{ofer.text}}", "UNKNOWN_ATTRIBUTE", "offer.text"),
        ("{% if lifecycle.stge == 'new' %}a{% endif %}", "UNKNOWN_ATTRIBUTE", "lifecycle.stage"),
        ("{{app.nam}}", "UNKNOWN_ATTRIBUTE", "app.name"),
        ("{{item.name | upcas}}", "WRONG_TEMPLATE", "upcase"),
        ("{% for i in (1..100000000) %}{% endfor %}", "WRONG_TEMPLATE", None),
        ("{% include 'x' %}", "WRONG_TEMPLATE", None),
        ("{{item.name", "OPEN_PLACEHOLDER", None),
    ],
)
def test_a_text_that_could_not_be_said_is_an_error(folder, text, code, nearest):
    """Unknown names, filters and tags are told where they stand, with what was probably meant."""
    finding = folder.put(*TITLE, text).only(code)
    assert finding.severity is Severity.ERROR
    assert finding.pointer == "/cart_nudge/template/en/title"
    assert finding.nearest == nearest


@pytest.mark.parametrize(
    "text",
    [
        "{{ item.name | default: 'It' }} {% if item.price > 3 %}…{% endif %}",
        "{% for tag in item.category %}{{ tag }}{% endfor %}",
        "{% assign name = person.first_name | default: 'you' %}{{ name }}",
        "{{ app.name }} {{ offer.code }} {{ intent.place.name }} {{ extra.screen }} {{ person.tier }}",
    ],
)
def test_liquid_is_no_finding(folder, text):
    """Defaults, loops, own variables and every family of names pass."""
    codes = {"UNKNOWN_ATTRIBUTE", "WRONG_TEMPLATE", "UNKNOWN_ITEM_FIELD"}
    folder.put("campaigns.json", "cart_nudge", "extra", {"screen": "offers"})
    assert not [
        each for each in folder.put(*TITLE, text).findings() if each.code in codes and "title" in each.pointer
    ]


def test_a_likely_misspelling_of_the_person_is_doubted(folder):
    """Below person the app may know more, so it is a warning."""
    finding = folder.put(*TITLE, "{{person.countri}}").only("UNKNOWN_ATTRIBUTE")
    assert (finding.severity, finding.expected.split(",")[0]) == (Severity.WARNING, "person.country")


def test_a_phone_that_is_offline_says_names_alone(folder):
    """What a phone cannot say is a warning for this channel, and only for it; names are none."""
    at = ("campaigns.json", "burger_lunch", "template", "en", "body")
    assert not folder.put(*at, "{{place.name}}").findings("NOT_ON_DEVICE")
    assert folder.put(*at, "{{place.name | upcase}}").only("NOT_ON_DEVICE").severity is Severity.WARNING
    folder.put("campaigns.json", "burger_lunch", "channels", ["in_app"])
    assert not folder.findings("NOT_ON_DEVICE")


def test_a_category_is_declared(folder):
    """An unknown category of buttons is an error with the nearest declared one."""
    folder.put("app.json", "categories", ["order_now"])
    folder.put("campaigns.json", "cart_nudge", "template", "en", "category", "order_nw")
    finding = folder.only("UNKNOWN_CATEGORY")
    assert (finding.severity, finding.nearest) == (Severity.ERROR, "order_now")
    folder.put("campaigns.json", "cart_nudge", "template", "en", "category", "order_now")
    assert not folder.findings("UNKNOWN_CATEGORY")


def test_a_push_that_may_be_too_large_is_told(folder):
    """The estimate counts bytes, not characters: 1,300 letters of Devanagari are 3,900."""
    folder.put("campaigns.json", "cart_nudge", "template", "hi", "body", "भ" * 1300)
    finding = folder.only("PAYLOAD_TOO_LARGE")
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/cart_nudge/template/hi")
    folder.put("campaigns.json", "cart_nudge", "channels", ["in_app"])
    assert not folder.findings("PAYLOAD_TOO_LARGE")


def test_a_push_that_cannot_fit_is_an_error(folder):
    """Extra values and links are never dropped."""
    folder.put("campaigns.json", "cart_nudge", "extra", {f"k{n}": "v" * 400 for n in range(10)})
    assert {each.severity for each in folder.findings("PAYLOAD_TOO_LARGE")} == {Severity.ERROR}


def test_texts_name_what_an_event_tells(folder):
    """By its schema; another name is an error with the nearest, a list or a search are none that can be."""
    folder.put("campaigns.json", "cart_nudge", "trigger", {"event": "cart_add"})
    assert not folder.put(*TITLE, "{{event.price}} {{event.item}}").findings("UNKNOWN_EVENT_PROPERTY")
    finding = folder.put(*TITLE, "{{event.prise}}").only("UNKNOWN_EVENT_PROPERTY")
    assert (finding.severity, finding.nearest) == (Severity.ERROR, "event.price")
    for event, name in (("purchase", "items"), ("search", "query")):
        folder.put("campaigns.json", "cart_nudge", "trigger", {"event": event})
        assert folder.put(*TITLE, f"{{{{event.{name}}}}}").only("UNKNOWN_EVENT_PROPERTY")


def test_an_app_declares_what_its_own_events_tell(folder):
    """Also of an event that herenow knows; of one that nobody declared a name is doubted."""
    folder.put("campaigns.json", "cart_nudge", "trigger", {"event": "cart_add"})
    folder.put(*TITLE, "{{event.total}}")
    assert folder.only("UNKNOWN_EVENT_PROPERTY").severity is Severity.ERROR
    folder.put("app.json", "events", {"cart_add": {"properties": {"total": {"type": "number"}}}})
    assert not folder.findings("UNKNOWN_EVENT_PROPERTY")
    folder.put("campaigns.json", "cart_nudge", "trigger", {"event": "table_booked"})
    assert folder.only("UNKNOWN_EVENT_PROPERTY").severity is Severity.WARNING


def test_no_event_no_name_of_it(folder):
    """A fence or a stage tells nothing; of a sequence the last event counts."""
    folder.put(*TITLE, "{{event.price}}")
    folder.put("campaigns.json", "cart_nudge", "trigger", {"lifecycle": "at_risk"})
    assert "no event starts" in folder.only("UNKNOWN_EVENT_PROPERTY").detail
    steps = [{"event": "item_view"}, {"event": "cart_add"}]
    folder.put("campaigns.json", "cart_nudge", "trigger", {"sequence": steps, "within": "1h"})
    assert not folder.findings("UNKNOWN_EVENT_PROPERTY")


def test_texts_name_at_most_eight_properties_of_an_event(folder):
    """What a message keeps is bounded."""
    nine = {f"n{each}": {"type": "number"} for each in range(9)}
    folder.put("app.json", "events", {"cart_add": {"properties": nine}})
    folder.put("campaigns.json", "cart_nudge", "trigger", {"event": "cart_add"})
    folder.put(*TITLE, " ".join(f"{{{{event.{name}}}}}" for name in nine))
    assert folder.only("TOO_MANY_NAMED").severity is Severity.ERROR
