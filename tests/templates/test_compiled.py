import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.templates import TemplateFailed, WrongTemplate, compiled, rendered
from herenow_sdk.core import templates as plain

VALUES = {
    "item": {
        "name": "Café",
        "price": 400,
        "tags": ["hot", "new"],
        "none": None,
        "motto": "",
        "inner": {"a": 1},
    },
    "long": "y" * 4000,
}


def failed(source, values=VALUES):
    """The reason why a text is not filled."""
    with pytest.raises(TemplateFailed) as failure:
        rendered(source, values)
    return failure.value.reason


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{item.name}} and {{ item.price }}", "Café and 400"),
        ("{{ item.nickname | default: 'this place' }}", "this place"),
        ("{{ item.motto | default: 'this place' }}", "this place"),
        ("{% if item.nickname %}a{% else %}b{% endif %}", "b"),
        ("{% if item.price > 100 and item.price < 900 %}mid{% endif %}", "mid"),
        (
            "{% for t in item.tags %}{{ t }}{% unless forloop.last %} · {% endunless %}{% endfor %}",
            "hot · new",
        ),
        ("{{ item.price | times: 0.9 | round }}", "360"),
        ("{{ item.tags }} {{ item.tags | size }}", "hot, new 2"),
        ("bites://find?q={{ item.name | url_encode }}", "bites://find?q=Caf%C3%A9"),
        ("{{ '2026-12-31 18:30' | date: '%d.%m. %H:%M' }}", "31.12. 18:30"),
        ("<b>{{ '&' | append: item.name }}</b>", "<b>&Café</b>"),
    ],
)
def test_liquid_is_filled(source, expected):
    """Defaults, conditions, loops, arithmetic and forms of dates come out as a marketer expects."""
    assert rendered(source, VALUES) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{{item.nickname}}",
        "before {{ item.nickname | upcase }} after",
        "{{ item.none }}{% comment %}not plain{% endcomment %}",
        "{{ item.motto }}{% comment %}not plain{% endcomment %}",
        "{{ item.inner }}{% comment %}not plain{% endcomment %}",
        "{% for t in item.nickname %}{{ t }}{% endfor %}",
        "{{ item.price | append: item.nickname }}",
        "{{ 10 | divided_by: 0 }}",
        "{{ item.name | date: '%H' }}",
    ],
)
def test_there_is_never_half_a_text(source):
    """A value that is missing, empty or unreadable where it is shown fails the whole text."""
    assert failed(source)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{% include 'other' %}", "include"),
        ("{% render 'other' %}", "render"),
        ("{% increment n %}", "increment"),
        ("{{ 'a' | replace: 'a', 'bb' }}", "no filter 'replace'"),
        ("{{ item.name | sample }}", "no filter 'sample'"),
        ("{% for i in (1..9) %}.{% endfor %}", "no ranges"),
        ("{% if (1..999999999) contains 'a' %}{% endif %}", "no ranges"),
        ("{{ (1..999999999) | join: ',' }}", "no ranges"),
        ("{{ open", "end of file"),
        ("{% if a %}", "endif"),
        ("x" * 4097, "longer than 4096"),
        ("{% if a %}" * 9 + "{% endif %}" * 9, "nest"),
    ],
)
def test_what_we_do_not_have_is_no_template(source, why):
    """Files, states, unforeseeable growth, unknown filters, depth and length are refused when compiled."""
    with pytest.raises(WrongTemplate) as wrong:
        compiled(source)
    assert why in wrong.value.reason


def test_now_is_no_date():
    """No filter reads the clock."""
    assert "cannot read" in failed("{{ 'now' | date: '%Y' }}")


@pytest.mark.parametrize(
    "source",
    [
        "{{ long | append: long | append: long }}",
        "{% assign a = long %}{% for t in item.tags %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
        "{{ long }}{{ long }}{{ long }}{% comment %}{% endcomment %}",
        "{% for a in many %}{% for b in many %}.{% endfor %}{% endfor %}",
        "{% assign n = 9 %}{% for a in few %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
    ],
)
def test_what_grows_is_stopped(source):
    """Output, kept values and turns of loops are bounded."""
    assert failed(source, {**VALUES, "many": list(range(20)), "few": list(range(17))})


_paths = st.lists(st.sampled_from(["item", "place", "name", "a", "b-c", "x_1"]), min_size=1, max_size=3).map(
    ".".join
)
_literals = st.text(alphabet=st.characters(exclude_characters="{}%", codec="utf-8"), max_size=12)
_leaves = (
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | st.text(max_size=8)
)
_names = st.sampled_from(["item", "place", "name", "a", "b-c", "x_1"])
_values = st.dictionaries(
    _names,
    st.recursive(
        _leaves | st.lists(_leaves, max_size=3),
        lambda below: st.dictionaries(_names, below, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@given(st.lists(st.tuples(_literals, _paths), min_size=1, max_size=3), _values)
def test_liquid_fills_plain_texts_as_a_phone_does(pieces, values):
    """What both languages can say, both say alike, and both fail alike."""
    source = "".join(literal + "{{" + path + "}}" for literal, path in pieces)
    expected = plain.render(source, values)
    try:
        filled = compiled(source).fill(values)
    except TemplateFailed:
        filled = None
    assert filled == expected
    assert compiled(source).is_plain


@given(st.text(alphabet="{}%| abi.f:',\"0(1)-", max_size=60), _values)
def test_any_text_is_filled_or_refused(source, values):
    """Whatever is written and known, a text comes out or one of two errors; and the same one again."""

    def outcome():
        try:
            return rendered(source, values)
        except TemplateFailed as failure:
            return failure.reason

    assert outcome() == outcome()


def test_names_are_told_with_their_place():
    """A template knows every name it reads and where it stands, also inside tags."""
    template = compiled("Hi {{ person.name }}{% if item.price > offer.amount %}!{% endif %}")
    assert [(name.path, name.at) for name in template.names] == [
        ("person.name", 6),
        ("item.price", 26),
        ("offer.amount", 39),
    ]


@pytest.mark.parametrize(
    ("source", "is_plain"),
    [
        ("{{place.name}} is close: {{ offer.text }}", True),
        ("no names at all", True),
        ("{{ place.name | upcase }}", False),
        ("{% if place.name %}here{% endif %}", False),
        ("{{ 'text' }}", False),
    ],
)
def test_what_a_phone_can_say_alone(source, is_plain):
    """Names are for phones; filters, tags and expressions are the server's."""
    assert compiled(source).is_plain == is_plain


def test_the_same_text_is_compiled_once():
    """However many messages say it."""
    source = json.dumps(VALUES["item"]["name"]) + "{{item.name}}"
    assert compiled(source) is compiled(f"{source}")
