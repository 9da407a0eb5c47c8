"""Where a tap may lead: what is written out is judged when it is published, the rest when it is said."""

import pytest

from herenow.authoring.validation import Severity
from herenow.messaging.writing import content_of

NUDGE = ("campaigns.json", "cart_nudge")
PLACES = [
    ("template", "en", "link"),
    ("template", "en", "image"),
    ("actions", 0, "link"),
]


@pytest.fixture(name="nudge")
def _nudge(folder):
    """The nudge with one button."""
    return folder.put(*NUDGE, "actions", [{"id": "go", "title": "Go"}])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "javascript:open('{{item.id}}')",
        "data:text/html,x",
        "vbscript:x",
        "https://example.com/\n{{item.id}}",
        "",
    ],
)
def test_a_link_that_runs_something_is_an_error(nudge, place, link):
    """In messages, images and buttons, told where it stands, with what would be right."""
    finding = nudge.put(*NUDGE, *place, link).only("WRONG_LINK")
    assert finding.severity is Severity.ERROR
    assert finding.pointer == "/".join(["/cart_nudge", *map(str, place)])
    assert "bites://cart" in finding.expected


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/{{item.id}}",
        "http://example.com",
        "bites://item/{{item.id}}",
        "/cart",
        "{{item.id}}",
        "{% if item.id %}bites://item/{{item.id}}{% else %}bites://cart{% endif %}",
    ],
)
def test_addresses_and_the_apps_own_schemes_are_links(nudge, place, link):
    """Also a link whose scheme only a name will bring: it is judged when it is said."""
    assert not nudge.put(*NUDGE, *place, link).findings("WRONG_LINK")


def test_a_scheme_that_a_name_brings_is_refused_when_it_is_said():
    """The message goes without the link, the image, the button's link; what is harmless stays."""
    template = {"title": "Hi", "link": "{{item.url}}", "image": "{{ item.url | strip }}"}
    campaign = {"actions": [{"id": "go", "title": "Go", "link": "{{item.url}}"}]}

    def said(url):
        return content_of(campaign, template, {"item": {"url": url}}, ("en",))

    assert said("Javascript:alert(1)") == {"title": "Hi", "actions": [{"id": "go", "title": "Go"}]}
    assert said("bites://a")["link"] == said("bites://a")["image"] == "bites://a"
    assert said("bites://a")["actions"][0]["link"] == "bites://a"
