"""A message as a marketer sees it before anybody gets it."""

from __future__ import annotations

import pytest
from tests.messaging.conftest import APP, DOCUMENTS, NOON, campaign

from herenow.catalog.build import build_catalog
from herenow.catalog.catalog import Catalog
from herenow.catalog.rows import RowReader
from herenow.catalog.schema import CatalogSchema
from herenow.errors import Invalid, NotFound
from herenow.launch.preview import ORGANIC, unpublished
from herenow.messaging.previewing import SAMPLE_CODE, Asked, previewed

ITEM = {"id": "patty", "name": "Patty Lane"}


def previews(asked=None, deals=None, **said):
    """The preview of one campaign ``c`` over a catalogue of one item."""
    app = {**DOCUMENTS["app.json"], "locales": ["en", "de"], "placements": ["home"]}
    documents = {**DOCUMENTS, "app.json": app, "placements.json": {"home": {"size": 5}}}
    documents |= {"campaigns.json": {"c": campaign(**said)}, "offers.json": deals or {}}
    schema = CatalogSchema.from_app(app)
    catalog = Catalog.open(memoryview(build_catalog(schema, [RowReader(schema).read(ITEM)])))
    serving = unpublished(APP, documents, catalog, NOON)
    return previewed(serving, [ORGANIC], asked or Asked("c"), NOON)


def test_each_language_of_the_template_is_written():
    """With the item that the persona would see first."""
    template = {"de": {"title": "{{item.name}} ist da"}, "en": {"title": "{{item.name}} is here"}}
    german, english = previews(template=template)
    assert (german.locale, german.content) == ("de", {"title": "Patty Lane ist da"})
    assert (english.locale, english.content) == ("en", {"title": "Patty Lane is here"})
    assert english.about == {"item": "patty"}
    assert english.missing == ()


def test_what_is_missing_is_told_by_text_and_name():
    """A title without its name cannot be said; a link without it is left out."""
    template = {"en": {"title": "{{person.first_name}}, hello", "link": "talk://{{item.city}}"}}
    (told,) = previews(template=template)
    assert told.content is None
    assert [(each.text, each.name, each.said) for each in told.missing] == [
        ("title", "person.first_name", False),
        ("link", "item.city", False),
    ]
    assert told.sizes == ()


def test_a_default_says_the_text_all_the_same():
    """It is told that a value is missing, and that the message goes without."""
    (told,) = previews(template={"en": {"title": "{{ person.first_name | default: 'Hello' }}"}})
    assert told.content == {"title": "Hello"}
    assert [(each.name, each.said) for each in told.missing] == [("person.first_name", True)]


def test_a_push_tells_its_bytes_on_both_platforms_and_what_is_dropped():
    """Within 4,096 bytes nothing is; beyond, the image and then the end of the body."""
    small = previews(channels=["push"], template={"en": {"title": "Hi"}})[0].sizes
    assert [(each["platform"], each["limit"], each["fits"], each["dropped"]) for each in small] == [
        ("ios", 4096, True, []),
        ("android", 4096, True, []),
    ]
    large = {"title": "Hi", "body": "x" * 4000, "image": "https://example.org/a.jpg"}
    (ios, _) = previews(channels=["push"], template={"en": large})[0].sizes
    assert ios["bytes"] > 4096
    assert (ios["fits"], ios["dropped"]) == (True, ["image", "body"])
    unmoved = {"title": "Hi", "link": "https://example.org/" + "y" * 4050}
    (ios, _) = previews(channels=["push"], template={"en": unmoved})[0].sizes
    assert not ios["fits"]


def test_a_text_message_tells_how_many_are_billed():
    """Seventy characters of another alphabet fill one."""
    (size,) = previews(channels=["sms"], template={"en": {"title": "क" * 71}})[0].sizes
    assert (size["characters"], size["parts"]) == (71, 2)


def test_sizes_are_narrowed_to_a_channel():
    """Of push and SMS, SMS alone."""
    sizes = previews(Asked("c", channel="sms"), channels=["push", "sms"])[0].sizes
    assert [each["channel"] for each in sizes] == ["sms"]


def test_no_code_of_a_pool_is_taken():
    """An example stands in for it."""
    deals = {"deal": {"form": "gift", "text": {"en": "A gift"}, "code": {"pool": "codes/x.csv"}}}
    (told,) = previews(deals=deals, offers=["deal"], template={"en": {"title": "{{offer.code}}"}})
    assert told.content == {"title": SAMPLE_CODE, "code": SAMPLE_CODE}
    assert told.about["offer"] == "deal"


def test_a_place_of_the_trigger_stands_in():
    """The first of the trigger's group; another where it is named."""
    said = {"trigger": {"fence_group": "diners", "transition": "enter"}}
    (told,) = previews(template={"en": {"title": "{{place.name}}"}}, **said)
    assert told.content == {"title": "Patty Lane"}
    (told,) = previews(Asked("c", place="elsewhere"), template={"en": {"title": "{{place.id}}"}}, **said)
    assert told.content == {"title": "elsewhere"}


def test_an_example_of_the_event_stands_in():
    """As its schema has it; what is asked for goes first."""
    said = {
        "trigger": {"event": "cart_add"},
        "template": {"en": {"title": "{{event.price}} {{event.quantity}}"}},
    }
    assert previews(**said)[0].content == {"title": "250 2"}
    assert previews(Asked("c", event={"price": 340}), **said)[0].content == {"title": "340 2"}


@pytest.mark.parametrize(
    ("asked", "said", "code"),
    [
        (Asked("d"), {}, "UNKNOWN_CAMPAIGN"),
        (Asked("c", channel="push"), {}, "UNKNOWN_CHANNEL"),
        (Asked("c"), {"template": {}}, "NOTHING_TO_SAY"),
    ],
)
def test_what_cannot_be_previewed_is_told_with_the_nearest(asked, said, code):
    """A campaign or channel that there is not, and one that says nothing by itself."""
    with pytest.raises((NotFound, Invalid)) as told:
        previews(asked, **said)
    assert told.value.code == code


def test_a_channel_with_texts_of_its_own_is_shown_beside_the_message():
    """Its size is that of what it says; alone it is the message itself."""
    template = {
        "en": {
            "title": "Hello",
            "body": "x" * 300,
            "channels": {"sms": {"body": "short"}, "email": {"title": "{{person.first_name}}"}},
        }
    }
    many = {"template": template, "channels": ["push", "email", "sms"]}
    (told,) = previews(**many)
    assert told.content == {"title": "Hello", "body": "x" * 300}
    assert told.by_channel == {"email": None, "sms": {"title": "Hello", "body": "short"}}
    (sms,) = (each for each in told.sizes if each["channel"] == "sms")
    assert sms["characters"] == len("Hello\nshort")
    assert told.as_json()["by_channel"]["email"] is None

    (alone,) = previews(Asked("c", channel="sms"), **many)
    assert (alone.content, alone.by_channel) == ({"title": "Hello", "body": "short"}, {})


def test_a_message_is_written_for_its_channel(house):
    """What the courier is given is the variant of the channel that it leaves by."""
    template = {"en": {"title": "Hello", "body": "All", "channels": {"sms": {"body": "Short"}}}}
    house.publish(campaigns={"c": campaign(template=template, channels=["sms"])})
    house.tell(house.phone(), ("item_view", {"item": "patty"}))
    house.worker().turn(APP)
    ((_, letter, _),) = house.couriers.letters
    assert letter.content == {"title": "Hello", "body": "Short"}
