"""Hard cases of each language besides English."""

import pytest

from herenow.intent.model import Bounds

CASES = [
    ("es", "menos de 50 euros", "price", Bounds(None, 50.0, "EUR")),
    ("es", "no muy caro", "price", "cheap"),
    ("es", "abierto hasta las 10 de la noche", "hours", "until 22:00"),
    ("es", "a 10 minutos a pie", "distance", 800),
    ("es", "cerca de mí", "near_me", None),
    ("es", "sillas de ruedas", "audience", "wheelchair"),
    ("pt", "até R$ 50 por pessoa", "price", Bounds(None, 50.0, "BRL")),
    ("pt", "aberto até as 22h", "hours", "until 22:00"),
    ("pt", "perto daqui", "near_me", None),
    ("pt", "café da manhã", "daypart", "breakfast"),
    ("fr", "pas trop cher", "price", "cheap"),
    ("fr", "ouvert jusqu'à 22h30", "hours", "until 22:30"),
    ("fr", "à moins de 2,5 km", "distance", 2500),
    ("fr", "près d’ici", "near_me", None),
    ("fr", "pour 4 personnes", "party", 4),
    ("de", "nicht zu teuer", "price", "cheap"),
    ("de", "unter 20 Euro", "price", Bounds(None, 20.0, "EUR")),
    ("de", "bis 22 Uhr geöffnet", "hours", "until 22:00"),
    ("de", "10 Minuten zu Fuß", "distance", 800),
    ("de", "in der Nähe", "near_me", None),
    ("de", "für fünf Personen", "party", 5),
    ("de", "glutenfrei", "diet", "gluten_free"),
    ("id", "di bawah 50 ribu per orang", "price", Bounds(None, 50000.0)),
    ("id", "di bawah 50rb", "price", Bounds(None, 50000.0)),
    ("id", "buka sampai jam 10 malam", "hours", "until 22:00"),
    ("id", "dekat sini", "near_me", None),
    ("id", "gak mahal", "price", "cheap"),
    ("hi", "500 रुपये से कम", "price", Bounds(None, 500.0, "INR")),
    ("hi", "५०० रुपये से कम", "price", Bounds(None, 500.0, "INR")),
    ("hi", "रात 10 बजे तक खुला", "hours", "until 22:00"),
    ("hi", "मेरे पास", "near_me", None),
    ("hi", "दो लोगों के लिए", "party", 2),
    ("hi-IN", "500 rupaye se kam", "price", Bounds(None, 500.0, "INR")),
    ("hi-IN", "mere paas", "near_me", None),
    ("hi-IN", "raat tak khula", "hours", "late"),
    ("hi-IN", "5 km door", "distance", 5000),
    ("ja", "1000円以下", "price", Bounds(None, 1000.0, "JPY")),
    ("ja", "3千円以内", "price", Bounds(None, 3000.0, "JPY")),
    ("ja", "夜10時まで", "hours", "until 22:00"),
    ("ja", "徒歩5分以内", "distance", 400),
    ("ja", "5km以内", "distance", 5000),
    ("ja", "近くの", "near_me", None),
    ("ja", "4人で", "party", 4),
]


@pytest.mark.parametrize(("locale", "text", "kind", "value"), CASES)
def test_a_whole_wish_is_read(told, locale, text, kind, value):
    """From its first word to its last."""
    assert told(text, locale) == [(text.replace("’", "’"), kind, value)]


def test_people_mix_english_into_their_language(told):
    """English is read everywhere."""
    kinds = [kind for _, kind, _ in told("mere paas cheap biryani under 300", "hi-IN")]
    assert kinds == ["near_me", "price", "price"]


def test_wishes_stand_within_a_sentence_without_spaces(told):
    """Japanese writes none."""
    kinds = [kind for _, kind, _ in told("近くの安いラーメン", "ja")]
    assert kinds == ["near_me", "price"]
