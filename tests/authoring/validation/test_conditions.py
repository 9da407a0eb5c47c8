"""Conditions: attributes that exist, operators that can match, values that the catalogue has."""

import pytest

from herenow.authoring.validation import CatalogFacts, Severity

VALUES = {"category": ["burger", "fast food", "pizza"], "area": ["Bandra West", "Kandivali West"]}
CATALOG = CatalogFacts(
    has_item=lambda item: item == "anniversary-special",
    facet_values=lambda facet: VALUES.get(facet, []),
    near_items=lambda _: ["anniversary-special"],
)


def in_audience(folder, condition):
    """A condition on the person."""
    return folder.put("audiences.json", "new", "condition", condition)


def in_candidates(folder, condition):
    """A condition on items."""
    return folder.put("placements.json", "deals", "candidates", condition)


def codes(folder, catalog=None):
    """The codes found, without those of the unchanged example."""
    ignored = {"UNKNOWN_FENCE_GROUP", "UNKNOWN_ITEM_FIELD"}
    return [finding.code for finding in folder.findings(catalog=catalog) if finding.code not in ignored]


@pytest.mark.parametrize(
    "condition",
    [
        {"platform": "android", "app_version": {"$vgte": "3.2.0"}, "device.screen.width": {"$gte": 1000}},
        {
            "now.weekday": {"$in": ["mon", "fri"]},
            "now.hour": {"$gte": 11, "$lt": 15},
            "now.date": "2026-12-31",
        },
        {
            "intent.category": {"$in": ["burger"]},
            "intent.place.name": {"$exists": True},
            "intent": {"$exists": True},
        },
        {"affinity.category.fast-food": {"$gte": 300}, "events.purchase.count_60d": {"$gte": 2}},
        {"habit.usual_now": True, "habit.something_learned": 1, "here.zones": {"$in": ["mall"]}},
        {"consent.push": "granted", "acquisition.source": "web", "lifecycle.stage": "new"},
        {"intent.category": {"$not": {"$all": ["burger", "pizza"]}}, "capabilities": {"$size": {"$gte": 2}}},
        {"intent.category": {"$elemMatch": {"$regex": "^burg"}}},
        {"churn.risk": {"$exists": True, "$lt": 50}, "lifecycle.due_in_days": {"$gte": 1}},
        {"events.purchase.count_30d": {"$lt": 1}, "affinity.category.burger": {"$lt": 100}},
        {"$not": {"lifecycle.monetary": {"$lte": 100}}},
        {},
    ],
)
def test_attributes_of_ours_are_known(folder, condition):
    """What the evaluator and the profile derive can be read without a finding."""
    assert codes(in_audience(folder, condition)) == []


@pytest.mark.parametrize(
    ("attribute", "test", "at"),
    [
        ("churn.risk", {"$lt": 50}, "/$lt"),
        ("lifecycle.due_in_days", {"$lte": 3}, "/$lte"),
        ("best_time.push.hour", {"$gte": 0, "$lt": 9}, "/$gte"),
        ("habit.usual_hour", 0, ""),
    ],
)
def test_a_comparison_that_holds_of_strangers_is_warned_of(folder, attribute, test, at):
    """What is missing compares as 0, on the phone too: the finding names what to say beside it."""
    found = in_audience(folder, {"platform": "android", attribute: test}).findings()
    told = next(each for each in found if each.code == "HOLDS_OF_STRANGERS")
    assert told.severity is Severity.WARNING
    assert told.pointer == f"/new/condition/{attribute}{at}"
    assert told.expected == '"$exists": true beside it'


@pytest.mark.parametrize(
    ("attribute", "nearest"),
    [
        ("intent.categry", "intent.category"),
        ("device.clas", "device.class"),
        ("now.our", "now.hour"),
        ("lifecycle.days_since_instal", "lifecycle.days_since_install"),
        ("affinity.categry.burger", "affinity.category.burger"),
        ("events.purchase.count60d", "events.purchase.count_30d"),
        ("consent.pusch", "consent.push"),
    ],
)
def test_a_misspelt_attribute_below_a_reserved_name_is_an_error(folder, attribute, nearest):
    """Below our own names everything is known, so the nearest is offered."""
    finding = in_audience(folder, {"$or": [{attribute: {"$exists": True}}]}).only("UNKNOWN_ATTRIBUTE")
    assert finding.severity is Severity.ERROR
    assert finding.pointer == f"/new/condition/$or/0/{attribute}"
    assert finding.nearest == nearest


def test_a_taste_is_named_as_it_stands_in_a_path(folder):
    """A value of several words has one word there."""
    finding = in_audience(folder, {"affinity.category.Fast food": {"$gte": 1}}).only("UNKNOWN_ATTRIBUTE")
    assert finding.nearest == "affinity.category.fast-food"


def test_an_attribute_of_the_app_is_a_warning(folder):
    """The app may send attributes of its own; a likely misspelling of ours is named."""
    finding = in_audience(folder, {"platfrom": "ios"}).only("UNKNOWN_ATTRIBUTE")
    assert (finding.severity, finding.nearest) == (Severity.WARNING, "platform")
    assert (
        in_audience(folder, {"loyalty_tier": "gold"}).only("UNKNOWN_ATTRIBUTE").severity is Severity.WARNING
    )


def test_a_facet_that_no_search_is_matched_against_is_told_as_such(folder):
    """intent.rating is misspelt in app.json, not in the condition."""
    finding = in_audience(folder, {"intent.rating": {"$gte": 4}}).only("NOT_AN_INTENT_FACET")
    assert '"intent": true' in finding.expected


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        ("burger", '{"$in": ["burger"]}'),
        (["burger"], '{"$in": ["burger"]}'),
        ({"$eq": "burger"}, '{"$in": ["burger"]}'),
        ({"$ne": "burger"}, '{"$nin": ["burger"]}'),
        ({"$not": {"$eq": "burger"}}, '{"$in": ["burger"]}'),
    ],
)
@pytest.mark.parametrize("place", [in_candidates, in_audience])
def test_equality_with_an_attribute_of_several_values_needs_in(folder, place, operand, expected):
    """Equality with a list never matches; the operator that is meant is written out."""
    attribute = "category" if place is in_candidates else "intent.category"
    finding = place(folder, {attribute: operand}).only("TAGS_NEED_IN")
    assert finding.expected == expected
    assert finding.pointer.endswith(f"/{attribute}")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"category": {"$gt": "a"}}, "OPERATOR_NEVER_MATCHES"),
        ({"category": {"$regex": "burg"}}, "OPERATOR_NEVER_MATCHES"),
        ({"price": {"$size": 1}}, "OPERATOR_NEVER_MATCHES"),
        ({"price": "cheap"}, "WRONG_OPERAND_TYPE"),
        ({"price": {"$lt": "600"}}, "WRONG_OPERAND_TYPE"),
        ({"area": {"$in": [7]}}, "WRONG_OPERAND_TYPE"),
        ({"area": True}, "WRONG_OPERAND_TYPE"),
        ({"area": {"$regex": "("}}, "INVALID_REGEX"),
        ({"area": {"$regexi": "(a+)+$"}}, "SLOW_REGEX"),
        ({"categry": {"$in": ["burger"]}}, "UNKNOWN_FACET"),
        ({"price": {"$in": []}}, "EMPTY_LIST"),
        ({"price": {"$lte ": 5}}, "UNKNOWN_OPERATOR"),
        ({"price": {"$gte": True}}, "WRONG_OPERAND"),
        ({"price": {"$exists": 1}}, "WRONG_OPERAND"),
        ({"price": {}}, "EMPTY_CONDITION"),
        ({"$gte": 5}, "MISPLACED_OPERATOR"),
        ({"$andd": []}, "UNKNOWN_OPERATOR"),
    ],
)
def test_what_can_never_match_an_item_is_an_error(folder, condition, code):
    """Each way of asking in vain has its code."""
    assert codes(in_candidates(folder, condition)) == [code]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"now.hour": {"$gte": "11"}}, "WRONG_OPERAND_TYPE"),
        ({"now.weekday": "monday"}, "UNKNOWN_VALUE"),
        ({"platform": {"$in": ["andriod"]}}, "UNKNOWN_VALUE"),
        ({"app_version": {"$gte": "3.10"}}, "VERSION_NEEDS_V"),
        ({"habit.usual_now": "yes"}, "WRONG_OPERAND_TYPE"),
    ],
)
def test_what_can_never_match_a_person_is_an_error(folder, condition, code):
    """Types and closed sets of our attributes are known."""
    assert codes(in_audience(folder, condition)) == [code]


def test_an_unknown_operator_is_named_with_the_nearest(folder):
    """The operator's own place, the operator that is meant."""
    finding = in_candidates(folder, {"price": {"$gt3": 5}}).only("UNKNOWN_OPERATOR")
    assert (finding.pointer, finding.nearest) == ("/deals/candidates/price/$gt3", "$gt")


def test_values_that_the_catalogue_lacks_are_warnings(folder):
    """Only a catalogue tells; the nearest value is offered, and items are named likewise."""
    in_candidates(folder, {"category": {"$in": ["burger", "piza"]}})
    folder.put("placements.json", "home_feed", "pins", 0, "item", "aniversary-special")
    folder.put("intents.json", "labels", {"category": {"burgr": "Burgers"}})
    assert codes(folder) == []
    value, label = (finding for finding in folder.findings("UNKNOWN_FACET_VALUE", CATALOG)[::-1])
    assert (value.pointer, value.nearest) == ("/deals/candidates/category/$in/1", "pizza")
    assert (label.pointer, label.nearest) == ("/labels/category/burgr", "burger")
    item = folder.only("UNKNOWN_ITEM", CATALOG)
    assert (item.severity, item.nearest) == (Severity.WARNING, "anniversary-special")


def test_a_condition_on_another_feature_reads_its_value_alone(folder):
    """``value`` has the other feature's type."""
    parent = {"id": "show_map", "condition": {"value": True}}
    folder.put("features.json", "home_title", "rules", 0, "parentConditions", [parent])
    assert codes(folder) == []
    parent["condition"] = {"value": "yes"}
    assert folder.put("features.json", "home_title", "rules", 0, "parentConditions", [parent]).only(
        "WRONG_OPERAND_TYPE"
    )
    parent["condition"] = {"platform": "ios"}
    assert folder.put("features.json", "home_title", "rules", 0, "parentConditions", [parent]).only(
        "UNKNOWN_ATTRIBUTE"
    )
