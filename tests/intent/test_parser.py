import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.intent.model import Intent, ModifierKind, Source
from herenow.intent.parser import parse
from herenow.text import TEXT_LIMIT, clean_text


def values(intent):
    """The (facet, value) pairs of an intent."""
    return [(match.facet, match.value) for match in intent.facets]


def place_name(intent):
    """The name of an intent's place, if any."""
    return intent.place.name if intent.place else None


def wishes(intent):
    """The (kind, value) pairs of an intent's modifiers."""
    return [(modifier.kind.value, modifier.value) for modifier in intent.modifiers]


def test_the_founding_search(venues):
    """The example of the design: category, place, label, nothing left over."""
    intent = parse("burger joints in kandivali west", venues)
    assert values(intent) == [("category", "burger")]
    assert (intent.label, place_name(intent)) == ("Burgers", "Kandivali West")
    assert intent.unparsed == ()
    assert intent.confidence >= 0.97
    told = intent.as_json()
    assert told["place"]["lat"] == 19.2053
    assert told["place"]["values"] == ["Kandivali West"]
    assert told["facets"][0]["weight"] == 1.0


@pytest.mark.parametrize(
    ("text", "categories", "place", "modifiers"),
    [
        ("biryani near andheri", ["biryani"], "Andheri", []),
        ("pizza bandra (w)", ["pizza"], "Bandra West", []),
        ("West Bandra pizza", ["pizza"], "Bandra West", []),
        ("cheap chinese in borivali west", ["chinese"], "Borivali West", [("price", "cheap")]),
        ("Best Cafés in Kandivali West", ["cafe"], "Kandivali West", [("rating", None)]),
        ("find me luxury pizza places", ["pizza"], None, [("price", "high")]),
        ("mid range chinese", ["chinese"], None, [("price", "mid")]),
        ("BIRYANIS, andheri west!!!", ["biryani"], "Andheri West", []),
        ("pizza near andheri station", ["pizza"], "Andheri", []),
        ("quick bites around dadar", ["fast food"], "Near Dadar Station", []),
        ("coffee & tea kharghar", ["coffee and tea"], "Kharghar", []),
        ("open now pizza on linking rd", ["pizza"], "Linking Road", [("open_now", None)]),
        ("बर्गर andheri", ["बर्गर"], "Andheri", []),
        ("🍔 burger 🍔 fort", ["burger"], None, []),
        ("\u202eburger\u200b in\u00a0andheri", ["burger"], "Andheri", []),
    ],
)
def test_searches_with_category_place_and_wishes(venues, text, categories, place, modifiers):
    """Case, plurals, brackets, emoji, scripts and word order as people type them."""
    intent = parse(text, venues)
    assert [match.value for match in intent.facets if match.facet == "category"] == categories
    assert place_name(intent) == place
    assert wishes(intent) == modifiers
    assert intent.unparsed == ()


def test_a_preposition_makes_a_place_of_a_word_that_is_both(venues):
    """Announced it is where, alone it is what, since the app declared it as a value."""
    announced, alone = parse("pizza in the fort", venues), parse("fort pizza", venues)
    assert (values(announced), place_name(announced)) == ([("category", "pizza")], "Fort")
    assert (values(alone), place_name(alone)) == ([("brand", "Fort"), ("category", "pizza")], None)


def test_the_longest_phrase_wins(venues):
    """A value of three words is not read as its parts."""
    assert values(parse("coffee and tea", venues)) == [("category", "coffee and tea")]


def test_names_of_three_letters_are_no_places(venues):
    """They would match by accident; the word is reported instead."""
    intent = parse("pizza in bkc", venues)
    assert intent.place is None
    assert intent.unparsed == ("bkc",)


def test_a_parent_confirms_its_place(venues):
    """The larger place named beside the smaller is understood and changes nothing."""
    intent = parse("pizza in bandra west, mumbai", venues)
    assert (place_name(intent), intent.unparsed) == ("Bandra West", ())


def test_a_second_place_is_reported_not_dropped(venues):
    """One place is kept; the other words are told as not understood."""
    intent = parse("pizza in andheri west or kharghar", venues)
    assert (place_name(intent), intent.unparsed) == ("Andheri West", ("kharghar",))


def test_a_place_without_coordinates_is_known_by_its_values(venues):
    """Its items can still be found."""
    place = parse("kharghar", venues).place
    assert (place.values, place.lat_e6) == (("Kharghar",), None)


def test_unknown_words_are_unparsed_and_lower_the_confidence(venues):
    """Function words and stop words are not among them."""
    intent = parse("best app for a crumbly burger in andheri please", venues)
    assert intent.unparsed == ("crumbly",)
    assert intent.confidence < parse("best app for a burger in andheri please", venues).confidence
    assert "not understood: crumbly" in intent.explanation


def test_a_wish_that_no_facet_answers_is_told_where_places_are_searched(venues, films):
    """It is understood, and less sure; for films the same words are words."""
    asked = parse("vegan burger with parking", venues)
    assert [(wish.kind.value, wish.facet, wish.value) for wish in asked.modifiers] == [
        ("diet", None, "vegan"),
        ("amenity", None, "parking"),
    ]
    assert asked.unparsed == ()
    assert asked.confidence < 1
    assert parse("comedy with parking", films).unparsed == ("parking",)


def test_what_is_not_wanted_is_told_apart(venues):
    """Values and wishes after a negation, once more negated ones not."""
    intent = parse("no pizza, no parking, but biryani in andheri", venues)
    assert [match.value for match in intent.facets] == ["biryani"]
    assert [match.value for match in intent.excluded] == ["pizza"]
    assert [(wish.value, wish.negated) for wish in intent.modifiers] == [("parking", True)]
    assert intent.as_json()["excluded"][0]["value"] == "pizza"
    assert intent.unparsed == ()


@pytest.mark.parametrize("text", ["", "   ", "\x00\x1b", "😀😀", "?!…", None, 7, [], {"q": 1}])
def test_without_words_nothing_is_understood_and_why_is_told(venues, text):
    """An empty intent has no label, no confidence and an explanation."""
    intent = parse(text, venues)
    assert intent.is_empty
    assert (intent.label, intent.confidence) == (None, 0.0)
    assert intent.explanation == ("there are no words in it",)


def test_only_unknown_words_are_understood_as_nothing(venues):
    """The words come back, so that a screen can say so."""
    intent = parse("xylophone repair", venues)
    assert intent.is_empty
    assert intent.unparsed == ("xylophone", "repair")


def test_near_me_takes_the_place_of_the_device(venues):
    """Named after the known place around it, at the device's own coordinates."""
    intent = parse("burger near me", venues, near=(19_206_000, 72_828_000))
    assert place_name(intent) == "Kandivali West"
    assert (intent.place.lat_e6, intent.place.facet) == (19_206_000, None)
    assert wishes(intent) == [("near_me", None)]


def test_near_me_far_from_every_known_place_has_no_name(venues):
    """Nothing is invented."""
    assert parse("burger near me", venues, near=(0, 0)).place.name is None


def test_near_me_in_an_app_without_places(films):
    """The device's place, without a name."""
    place = parse("comedy near me", films, near=(19_206_000, 72_828_000)).place
    assert (place.name, place.lat_e6, place.values) == (None, 19_206_000, ())


def test_near_me_without_a_device_place_stays_a_wish(venues):
    """Location may not be allowed; the wish is kept for later."""
    intent = parse("burgers nearby", venues)
    assert intent.place is None
    assert wishes(intent) == [("near_me", None)]


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("burgers within 5 km of andheri", 5000),
        ("burgers within 2.5km of andheri", 2500),
        ("burgers less than 3 miles from andheri", 4828),
        ("burgers walking distance from andheri", 1000),
    ],
)
def test_distances_widen_or_narrow_the_place(venues, text, metres):
    """The place's radius becomes what was asked for."""
    intent = parse(text, venues)
    assert (intent.place.name, intent.place.radius_m) == ("Andheri", metres)
    assert wishes(intent) == [("distance", metres)]
    assert intent.unparsed == ()


def test_a_synonym_that_only_implies_its_value_weighs_less(venues):
    """And tells its source; one that contains the value is the value."""
    (implied,) = parse("hamburger", venues).facets
    (said,) = parse("burger joint", venues).facets
    assert (implied.weight, implied.source) == (0.95, Source.SYNONYM)
    assert said.weight == 1.0


def test_an_apostrophe_is_typed_or_not(venues):
    """Both spellings are the same value."""
    assert (
        values(parse("mcdonalds", venues)) == values(parse("McDonald’s", venues)) == [("brand", "McDonald's")]
    )


@pytest.mark.parametrize(
    ("text", "expected", "label"),
    [
        ("nolan sci fi", [("genre", "science fiction")], "Sci-fi"),
        ("christopher nolan dramas", [("director", "Christopher Nolan"), ("genre", "drama")], None),
        ("agnes varda", [("director", "Agnès Varda")], "Agnès Varda"),
        ("watch godfather", [("title", "The Godfather")], "The Godfather"),
        ("film noir", [("genre", "film-noir")], "Film-noir"),
        ("who is it by", [], None),
    ],
)
def test_an_app_of_films_works_from_its_own_words(films, text, expected, label):
    """No place, other facets, the same parser; names of function words alone never match."""
    intent = parse(text, films)
    assert values(intent) == expected
    assert intent.place is None
    assert label is None or intent.label == label


def test_bands_and_roles_of_another_app(films):
    """A band's own name works, "latest" is judged by year, and nothing there has a price."""
    intent = parse("latest short comedy cheap", films)
    assert [(modifier.kind, modifier.facet, modifier.value) for modifier in intent.modifiers] == [
        (ModifierKind.FRESHNESS, "year", None),
        (ModifierKind.BAND, "minutes", "short"),
    ]
    assert intent.unparsed == ("cheap",)


def test_labels_follow_the_locale(films):
    """A region falls back to its language, an unknown language to English."""
    assert parse("sci fi", films, locales=["hi-IN"]).label == "विज्ञान"
    assert parse("sci fi", films, locales=["de"]).label == "Sci-fi"


def test_several_facets_share_a_label(films):
    """Joined in the order they were said."""
    assert parse("funny drama", films).label == "Comedy, Drama"


@pytest.mark.parametrize(("country", "latitude"), [("GB", 51_460_000), ("US", 37_540_000)])
def test_the_country_settles_places_of_one_name(twin_towns, country, latitude):
    """Entries of the app's list that are no places are left out."""
    assert parse("pizza in richmond", twin_towns, country=country).place.lat_e6 == latitude


def test_the_round_trip_through_json(venues):
    """Everything that was understood is stored and read back."""
    for text in ("cheap burger joints in bandra (w)", "hamburger near me", "kharghar", "nothing known", ""):
        intent = parse(text, venues, near=(19_206_000, 72_828_000))
        assert Intent.from_json(intent.as_json(explain=True)) == intent
        assert "explanation" not in intent.as_json()


HOSTILE = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ["burger", "joints", "in", "near", "me", "andheri", "(w)", "west", "cheap", "5", "km", "'", "--",
             "; DROP TABLE items", "<script>", "{{intent.label}}", "\u202e", "برجر", "बर्गर", "🍔", "\ud800"]
        ),
        max_size=60,
    ).map(" ".join),
)  # fmt: skip


@settings(deadline=None)
@given(text=HOSTILE)
def test_any_text_gives_a_sound_intent(venues, text):
    """Spans lie in the cleaned text, matches do not overlap, confidence is a share, JSON is stable."""
    intent = parse(text, venues)
    cleaned = clean_text(text)
    spans = [match.span for match in intent.facets] + [wish.span for wish in intent.modifiers]
    spans += [intent.place.span] if intent.place else []
    assert all(0 <= start < end <= len(cleaned) <= TEXT_LIMIT for start, end in spans)
    assert 0.0 <= intent.confidence <= 1.0
    assert (intent.label is None) == (not intent.facets)
    assert Intent.from_json(intent.as_json(explain=True)) == intent
    assert all(word in cleaned for word in intent.unparsed)


@settings(deadline=None)
@given(text=HOSTILE)
def test_case_and_surrounding_blanks_do_not_matter(venues, text):
    """The same values, place and wishes."""
    plain, loud = parse(text.lower(), venues), parse(f"  {text.lower().swapcase().swapcase()} ", venues)
    assert (values(plain), place_name(plain)) == (values(loud), place_name(loud))


def test_a_novel_costs_no_more_than_a_line(venues):
    """Only the first two hundred characters are read."""
    text = "burger in andheri " * 100_000
    assert parse(text, venues) == parse(text[: TEXT_LIMIT * 2], venues)
