import pytest

from herenow.intent.model import ModifierKind
from herenow.intent.parser import parse


def years(intent):
    """The years that an intent asks for."""
    return [wish.value for wish in intent.modifiers if wish.kind is ModifierKind.YEAR]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("comedy from 1994", ["1994"]),
        ("1980s comedy", ["1980-1989"]),
        ("comedy of the 80s", ["1980-1989"]),
        ("80 s comedy", ["1980-1989"]),
        ("an eighties comedy", ["1980-1989"]),
        ("comedies of the 00s", ["2000-2009"]),
        ("the 1970 comedies", ["1970-1979"]),
        ("comedy in 80 minutes", []),
        ("1066 comedy", []),
        ("comedy 19944", []),
    ],
)
def test_years_and_decades_are_read(films, text, asked):
    """As people write them; other numbers are none."""
    assert years(parse(text, films)) == asked


def test_an_app_without_dates_reads_no_years(venues):
    """The number is not understood, and that is told."""
    intent = parse("burger 1994", venues)
    assert (years(intent), intent.unparsed) == ([], ("1994",))
