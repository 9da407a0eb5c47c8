import json


def test_each_persona_is_shown_with_reasons_before_anything_is_live(here, small):
    """The folder's own catalogue is looked at."""
    told = here("preview", small).stdout
    assert "searcher  Came from a search for travel" in told
    assert "understood       topic travel" in told
    assert "\"Travel for you\"  rule 'searched' matched" in told
    assert "Night Trains of the North" in told
    assert "matches the search" in told
    assert "organic  No trace of a search" in told
    assert "nothing is live yet" in told


def test_a_change_shows_before_and_after(herenow, small, edit):
    """Values that change, and items that enter, leave or move."""
    herenow("publish", small)
    herenow("catalog", "import", small / "catalog.csv", "--folder", small)
    edit(small / "features.json", lambda each: each["home_title"]["rules"][1].update(force="Hello"))
    edit(small / "placements.json", lambda each: each["home"].update(candidates={"rating": {"$gte": 4.3}}))
    edit(small / "placements.json", lambda each: each["home"].pop("boosts"))
    told = herenow("preview", small, "--persona", "organic").stdout
    assert "searcher" not in told
    assert '"Welcome" → "Hello"  rule \'newcomer\' matched' in told
    assert "2 gone" in told
    assert "was " in told


def test_preview_speaks_json_and_is_the_same_in_both_places(here, at_server, small):
    """A server answers what this machine would."""
    for place in (here, at_server):
        place("publish", small)
        place("catalog", "import", small / "catalog.csv", "--folder", small)
    told = [json.loads(place("preview", small, "--json").stdout) for place in (here, at_server)]
    assert told[0] == told[1]
    assert [each["persona"] for each in told[0]["personas"]] == ["searcher", "organic"]


def test_an_unknown_persona_is_told_with_the_nearest(herenow, small):
    """And the known ones."""
    told = herenow("preview", small, "--persona", "organik", expect=1).stderr
    assert "Nearest: organic" in told


def test_an_invalid_folder_cannot_be_previewed(herenow, small, edit):
    """Its errors are told instead."""
    edit(small / "features.json", lambda each: each["home_title"].update(type="strng"))
    assert "features.json:" in herenow("preview", small, expect=1).stderr


def test_a_message_is_previewed_the_same_in_both_places(here, at_server, bites):
    """Its texts by language, its bytes, and what it is about."""
    for place in (here, at_server):
        place("publish", bites, "--env", "staging")
        place("catalog", "import", bites / "catalog.csv", "--folder", bites, "--env", "staging")
    asked = ("messages", "preview", bites, "cart_nudge", "--persona", "organic", "--env", "staging")
    told = [place(*asked).stdout for place in (here, at_server)]
    assert told[0] == told[1]
    assert "organic  en\n  title    Still hungry?" in told[0]
    assert "organic  hi\n  title    अब भी भूख है?" in told[0]
    assert "push     APNs" in told[0]
    (only,) = json.loads(here(*asked, "--locale", "hi", "--json").stdout)["messages"]
    assert only["locale"] == "hi"


def test_a_name_without_a_value_is_told(herenow, bites, edit):
    """With whether the message is said without it."""
    said = {"title": "{{ person.first_name | default: 'You' }}", "body": "{{ person.nick }}"}
    edit(bites / "campaigns.json", lambda each: each["cart_nudge"].update(template={"en": said}))
    told = herenow("messages", "preview", bites, "cart_nudge", "--persona", "organic").stdout
    assert "not said: a name without a value stands in it" in told
    assert "person.nick in body: not said without it" in told


def test_what_the_event_tells_is_said(herenow, bites, edit):
    """Numbers as numbers; anything else is a text."""
    said = {"title": "{{ event.price }} {{ event.currency }}"}
    edit(bites / "campaigns.json", lambda each: each["cart_nudge"].update(template={"en": said}))
    asked = ("messages", "preview", bites, "cart_nudge", "--persona", "organic")
    told = herenow(*asked, "--event", "price=340", "--event", "currency=INR").stdout
    assert "title    340 INR" in told
    assert "NAME=VALUE" in herenow(*asked, "--event", "price", expect=2).stderr
