"""The queries of NLmaps, on ones written here."""

from tests.evaluation.nlmaps_questions import Question, in_todays_tags, parse, tags_of

QUERY = (
    "query(around(center(area(keyval('name','Ulm')),nwr(keyval('name','Sam\\'s Inn'))),"
    "search(nwr(keyval('cuisine',or('thai','lao')),keyval('amenity','restaurant'))),maxdist(5)),qtype(count))"
)


def test_all_tags_of_a_query_are_told():
    """Wherever they stand, and each of a choice."""
    assert list(tags_of(parse(QUERY)))[2:] == [
        ("cuisine", "thai"),
        ("cuisine", "lao"),
        ("amenity", "restaurant"),
    ]


def test_old_tags_are_read_as_what_replaced_them():
    """One that is no category today falls away."""
    question = Question({}, frozenset({("amenity", "gym"), ("amenity", "old")}))
    replaced = {("amenity", "gym"): ("leisure", "fitness_centre"), ("amenity", "old"): ("emergency", "new")}
    assert in_todays_tags(question, replaced).gold == {("leisure", "fitness_centre")}
