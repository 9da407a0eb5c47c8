import json

import pytest

from herenow.launch.understanding import MAX_TEXTS


def asked(desk, **body):
    """What the searches mean."""
    answer = desk.call("POST", "intent", json=body)
    assert answer.status_code == 200, answer.json
    return answer.json["searches"]


def test_searches_are_read_with_what_is_live(live):
    """Each with its text, spans, explanation and time, in the order asked."""
    burgers, nothing = asked(live, texts=["burger joints in  Kandivali West", ""])
    assert burgers["text"] == "burger joints in Kandivali West"
    (facet,) = burgers["intent"]["facets"]
    assert burgers["text"][slice(*facet["span"])] == "burger joints"
    assert burgers["intent"]["place"]["name"] == "Kandivali West"
    assert burgers["intent"]["explanation"]
    assert burgers["took_us"] >= 0
    assert nothing["intent"]["facets"] == []


def test_documents_in_the_body_are_read_with_instead(live):
    """As somebody is changing them; nothing of them is kept."""
    intents = json.loads(live.documents["intents.json"])
    changed = json.dumps({**intents, "stop_words": ["pretty please"]})
    documents = {**live.documents, "intents.json": changed}
    (told,) = asked(live, texts=["pretty please pizza"], documents=documents)
    assert told["intent"]["unparsed"] == []
    (before,) = asked(live, texts=["pretty please pizza"])
    assert before["intent"]["unparsed"] != []


def test_the_phone_is_told(live):
    """Its place settles what is near."""
    near = {"lat": 19.2053, "lon": 72.8277}
    (told,) = asked(live, texts=["burgers near me"], near=near, country="in", locale="hi-IN")
    assert told["intent"]["place"]["name"] == "Kandivali West"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"texts": []},
        {"texts": ["x"] * (MAX_TEXTS + 1)},
        {"texts": ["x" * 10_001]},
        {"texts": [7]},
        {"texts": ["x"], "near": {"lat": 91, "lon": 0}},
        {"texts": ["x"], "country": "IND"},
    ],
    ids=["nothing", "no text", "too many", "too long", "no string", "nowhere", "no country"],
)
def test_what_cannot_be_asked_is_refused(live, body):
    """With each fault."""
    answer = live.call("POST", "intent", json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_invalid_documents_are_told(live):
    """As validate tells them."""
    answer = live.call("POST", "intent", json={"texts": ["x"], "documents": {"app.json": "{}"}})
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_DOCUMENTS")
