"""JSON with positions: the standard decoder's values, and where each stood."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.authoring.positions import MAX_BYTES, MAX_DEPTH, MalformedJson, Place, parse, pointer_of

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), children, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 0, 2]), st.booleans())
def test_reads_what_the_standard_decoder_reads(value, indent, ascii_only):
    """Every document of ours reads as Python's own decoder reads it."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert parse(text.encode()).value == json.loads(text)


@given(JSON)
def test_every_value_has_a_place_at_which_it_stands(value):
    """The offset of each pointer is where that very value can be decoded again."""
    text = json.dumps(value, indent=1)
    positioned = parse(text.encode())
    lines = text.split("\n")
    for pointer in positioned.spots:
        line, column = positioned.value_place(pointer)
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        decoded, _ = json.JSONDecoder().raw_decode(rest)
        target = value
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            target = target[int(name)] if isinstance(target, list) else target[name]
        assert decoded == target


def test_a_member_is_placed_at_its_key_and_an_element_at_itself():
    """Lines and columns count from 1; a column counts characters, not bytes."""
    positioned = parse('{"é": 1,\r\n "list": [\n  "x", {"a/b": null}]}'.encode())
    assert positioned.place("/é") == Place(1, 2)
    assert positioned.value_place("/é") == Place(1, 7)
    assert positioned.place("/list") == Place(2, 2)
    assert positioned.place("/list/0") == Place(3, 3)
    assert positioned.place("/list/1/a~1b") == Place(3, 9)


def test_an_absent_member_is_placed_at_what_should_hold_it():
    """A missing member has the place of its nearest ancestor."""
    positioned = parse(b'{"a": {\n "b": {}}}')
    assert positioned.place("/a/b/c/d") == positioned.place("/a/b") == Place(2, 2)
    assert positioned.place("/nothing") == Place(1, 1)


def test_pointers_escape_what_rfc_6901_escapes():
    """A tilde and a slash in a name are escaped."""
    assert pointer_of(("a/b", 0, "~")) == "/a~1b/0/~0"


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ('{"a": 1,}', (1, 9), "a member name in double quotes"),
        ("[1,\n 2", (2, 3), "',' or ']'"),
        ('{"a" 1}', (1, 6), "':'"),
        ("{'a': 1}", (1, 2), "a member name in double quotes"),
        ("", (1, 1), "a value"),
        ("1 2", (1, 3), "the end of the document"),
        ("NaN", (1, 1), "a value"),
        ("[-Infinity]", (1, 2), "a value"),
        ("[1e999]", (1, 2), "a string"),
        ("[9007199254740993]", (1, 2), "a string"),
        ("[" + "1" * 5000 + "]", (1, 2), "a string"),
        ('["\\ud800"]', (1, 2), "UTF-8"),
        ('["a\nb"]', (1, 4), "a string in double quotes"),
        ('["\\x"]', (1, 3), "a string in double quotes"),
        ("[01]", (1, 3), "',' or ']'"),
        ("[" * (MAX_DEPTH + 1), (1, MAX_DEPTH + 1), "at most 32 levels"),
    ],
)
def test_malformed_text_is_refused_where_it_goes_wrong(text, place, expected):
    """What is no JSON, or JSON that readers understand differently, names place and expectation."""
    with pytest.raises(MalformedJson) as caught:
        parse(text.encode())
    assert caught.value.place == place
    assert expected in caught.value.expected


def test_what_is_no_text_or_too_long_is_refused():
    """Wrong UTF-8 is placed; a document over the bound is not read at all."""
    with pytest.raises(MalformedJson) as caught:
        parse(b'{"a":\n "\xff"}')
    assert caught.value.place == Place(2, 3)
    with pytest.raises(MalformedJson, match="bytes"):
        parse(b" " * (MAX_BYTES + 1))


def test_members_given_twice_are_reported_and_reading_goes_on():
    """Every repetition has its own place; the last value counts."""
    positioned = parse(b'{"a": 1, "b": {"c": 1, "c": 2},\n "a": 3}')
    assert positioned.value == {"a": 3, "b": {"c": 2}}
    assert positioned.duplicates == (("/b/c", Place(1, 24)), ("/a", Place(2, 2)))


def test_a_byte_order_mark_is_passed_over():
    """Some editors write one; it shifts no column."""
    assert parse(b"\xef\xbb\xbf[1]").place("/0") == Place(1, 2)
