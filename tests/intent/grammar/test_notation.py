"""The notation of rules: what it reads, and what it refuses."""

import pytest

from herenow.intent.grammar.notation import BadNotation, ClassOf, read


def patterns(text):
    """The patterns of the only rule of a text."""
    (rule,) = read(text)[1]
    return [" ".join(getattr(each, "name", each) for each in pattern) for pattern in rule.patterns]


def test_words_beside_a_bar_stand_for_each_other():
    """``a|b c`` is "a c" or "b c"."""
    assert patterns("price: big|small deal") == ["big deal", "small deal"]


def test_round_brackets_may_be_absent_and_square_ones_may_not():
    """Alternatives within brackets may be several words."""
    assert patterns("price: (very|not so) cheap") == ["cheap", "very cheap", "not so cheap"]
    assert patterns("price: [very|not so] cheap") == ["very cheap", "not so cheap"]


def test_brackets_nest():
    """An absent part takes what is within it along."""
    assert patterns("price: x (y (z))") == ["x", "x y", "x y z"]


def test_patterns_are_compared_as_tokens_are():
    """Case, marks, hyphens and plurals fold."""
    assert patterns("price: Kid-Friendly Cafés") == ["kid friendly cafe"]


def test_a_class_has_a_value_or_what_it_contains():
    """``<length 1000>`` captures 1000, ``<here>`` nothing."""
    classes, _ = read("<length 1000> = km\n<here> = me, <length>")
    assert [(each.name, each.value) for each in classes] == [("length", "1000"), ("here", None)]
    assert classes[1].patterns == (("me",), (ClassOf("length"),))


def test_a_rule_may_have_a_spec_and_say_what_is_not_wanted():
    """``! kind spec: …``."""
    (rule,) = read("! amenity smoking: smoke free")[1]
    assert (rule.kind, rule.spec, rule.negated) == ("amenity", "smoking", True)


def test_lines_continue_and_comments_do_not_count():
    """A line that begins with blanks belongs to the one before."""
    assert patterns("# prices\nprice: cheap,\n    dear\n\n") == ["cheap", "dear"]


@pytest.mark.parametrize(
    "text", ["price cheap", "price: (cheap", "price: cheap)", "price: (cheap)", "price: a, , b", "<x = y"]
)
def test_what_is_not_in_the_notation_is_refused_with_a_quote(text):
    """So a slip in a language's rules is found by the first test that reads them."""
    with pytest.raises(BadNotation, match=r"'.*'"):
        read(text)
