"""Rules that cross documents, group by group: what is wrong, where it is told, and what is offered."""

import pytest

from herenow.authoring.validation import Severity

RULE = {"id": "all", "force": "x"}
FENCE = {
    "type": "Feature",
    "id": "mall",
    "geometry": {"type": "Point", "coordinates": [72.8, 19.2]},
    "properties": {"radius": 150, "groups": ["burger_joints"], "dwell": "5m"},
}
RING = [[72.8, 19.2], [72.9, 19.2], [72.9, 19.3], [72.8, 19.2]]
BOW_TIE = [[72.8, 19.2], [72.9, 19.3], [72.9, 19.2], [72.8, 19.3], [72.8, 19.2]]
CONTINENT = [[60, 10], [90, 10], [90, 30], [60, 10]]
COAST = [*([72.8 + n / 1e5, 19.2] for n in range(1000)), [72.8, 19.2]]


def fences(*features):
    """A document of fences."""
    return {"type": "FeatureCollection", "features": list(features)}


def polygon(*rings, **properties):
    """A fence that is a polygon."""
    return {**FENCE, "geometry": {"type": "Polygon", "coordinates": list(rings)}, "properties": properties}


ERRORS = [
    # names that stand for something declared elsewhere
    (("features.json", "home_title", "rules", 0, "audience"), "nwe", "UNKNOWN_AUDIENCE", "new"),
    (("placements.json", "home_feed", "pins", 0, "audience"), "nwe", "UNKNOWN_AUDIENCE", "new"),
    (("offers.json", "fifty_off", "audience"), "likes_burger", "UNKNOWN_AUDIENCE", "likes_burgers"),
    (("audiences.json", "new", "audience"), "lunch_crwd", "UNKNOWN_AUDIENCE", "lunch_crowd"),
    (("placements.json", "home_feed", "diversity", "facet"), "categry", "UNKNOWN_FACET", "category"),
    (("intents.json", "synonyms", "categories"), {"burger": ["patty"]}, "UNKNOWN_FACET", "category"),
    (("campaigns.json", "burger_lunch", "offers"), ["fiftyoff"], "UNKNOWN_OFFER", "fifty_off"),
    (("app.json", "capabilities"), ["in_app", "push", "geofence"], "UNKNOWN_CAPABILITY", None),
    (("personas.json", "organic", "context", "capabilities"), ["pusch"], "UNKNOWN_CAPABILITY", "push"),
    (("policy.json", "caps", 0, "campaign"), "burger_lunsh", "UNKNOWN_CAMPAIGN", "burger_lunch"),
    (
        ("fences.geojson",),
        fences({**FENCE, "properties": {"radius": 150, "groups": ["burger_joint"]}}),
        "UNKNOWN_FENCE_GROUP",
        "burger_joint",
    ),
    # events of the app's own
    (
        ("app.json", "events"),
        {"booked": {"properties": {"people": {"type": "integer", "values": ["2"]}}}},
        "WRONG_PROPERTY_TYPE",
        None,
    ),
    (
        ("app.json", "events"),
        {"booked": {"properties": {"people": {"type": "integer", "minimum": 9, "maximum": 2}}}},
        "EMPTY_RANGE",
        None,
    ),
    # circles
    (("audiences.json", "new", "audience"), "new", "AUDIENCE_CYCLE", None),
    (
        ("features.json", "show_map", "rules", 0, "parentConditions"),
        [{"id": "show_map", "condition": {"value": True}}],
        "FEATURE_CYCLE",
        None,
    ),
    # features
    (("features.json", "show_map", "rules", 0, "force"), "yes", "VALUE_TYPE", None),
    (("features.json", "show_map", "default"), 0, "VALUE_TYPE", None),
    (("features.json", "home_title", "rules", 1, "variations"), ["a", 2], "VALUE_TYPE", None),
    (("features.json", "home_title", "rules", 1, "weights"), [0.5, 0.4], "WEIGHTS_SUM", None),
    (("features.json", "home_title", "rules", 1, "weights"), [0.3, 0.3, 0.4], "VARIATIONS_LENGTH", None),
    (("features.json", "home_title", "rules", 1, "id"), "searched", "REPEATED_ID", None),
    (("features.json", "home_title", "rules", 0), {"id": "nothing"}, "RULE_WITHOUT_OUTCOME", None),
    (("features.json", "home_title", "rules", 1, "force"), "x", "RULE_WITH_TWO_OUTCOMES", None),
    (("features.json", "home_title", "rules", 0, "weights"), [1], "NOT_AN_EXPERIMENT", None),
    (("features.json", "home_title", "rules", 0, "bucketVersion"), 1, "NOT_AN_EXPERIMENT", None),
    (("features.json", "home_title", "rules", 0, "minBucketVersion"), 1, "NOT_AN_EXPERIMENT", None),
    (("features.json", "home_title", "rules", 1, "minBucketVersion"), 1, "VERSION_TOO_HIGH", None),
    (
        ("features.json", "home_title", "rules", 0, "force"),
        "{{intent.lable}}",
        "UNKNOWN_ATTRIBUTE",
        "intent.label",
    ),
    (("features.json", "home_title", "rules", 0, "force"), "{{intent.label", "OPEN_PLACEHOLDER", None),
    (
        ("features.json", "home_title", "rules", 0, "force"),
        "{{intent.label | upcase}}",
        "WRONG_PLACEHOLDER",
        None,
    ),
    (
        ("features.json", "home_title", "rules", 0, "parentConditions"),
        [{"id": "showmap", "condition": {"value": True}}],
        "UNKNOWN_FEATURE",
        "show_map",
    ),
    # the app
    (("app.json", "time_zone"), "Asia/Kolkatta", "UNKNOWN_TIME_ZONE", "Asia/Kolkata"),
    (("app.json", "time_zone"), "../../etc/passwd", "UNKNOWN_TIME_ZONE", None),
    (("app.json", "facets", "category", "lat"), "lat", "WRONG_FACET_TYPE", None),
    (("app.json", "facets", "area", "role"), "quality", "WRONG_FACET_TYPE", None),
    (("app.json", "facets", "area", "parent"), "rating", "WRONG_FACET_TYPE", None),
    (("app.json", "facets", "area", "parent"), "area", "FACET_CYCLE", None),
    (("app.json", "facets", "votes", "role"), "quality", "REPEATED_ROLE", None),
    (("app.json", "facets", "price", "bands", "mid"), [1000, 400], "EMPTY_RANGE", None),
    (("app.json", "placements"), ["home_feed", "deal"], "UNKNOWN_PLACEMENT", "deal"),
    # time
    (("placements.json", "home_feed", "pins", 0, "until"), "2026-02-30", "NO_SUCH_DAY", None),
    (("policy.json", "quiet_hours"), {"from": "08:00", "to": "08:00"}, "EMPTY_WINDOW", None),
    (("campaigns.json", "burger_lunch", "schedule", "zone"), "Mars/Olympus", "UNKNOWN_TIME_ZONE", None),
    (
        ("campaigns.json", "burger_lunch", "schedule"),
        {"start": "2026-12-02", "end": "2026-12-01"},
        "EMPTY_WINDOW",
        None,
    ),
    # campaigns and offers
    (("campaigns.json", "cart_nudge", "kind"), "mass", "WRONG_KIND", None),
    (
        ("campaigns.json", "cart_nudge", "trigger"),
        {"event": "a", "fence": "b", "transition": "enter"},
        "WRONG_TRIGGER",
        None,
    ),
    (("campaigns.json", "cart_nudge", "trigger"), {"fence_group": "burger_joints"}, "MISSING_FIELD", None),
    (("campaigns.json", "cart_nudge", "delay"), "12h", "EXPIRES_TOO_SOON", None),
    (("campaigns.json", "cart_nudge", "template", "de"), {"title": "Hunger?"}, "UNKNOWN_LOCALE", None),
    (
        ("campaigns.json", "cart_nudge", "template", "en", "body"),
        "{{offer.txt}}",
        "UNKNOWN_ATTRIBUTE",
        "offer.text",
    ),
    (
        ("campaigns.json", "tour"),
        {
            "kind": "journey",
            "steps": [{"id": "a", "wait": "1d", "then": "bb"}, {"id": "b", "campaign": "cart_nudge"}],
        },
        "UNKNOWN_STEP",
        "b",
    ),
    (
        ("campaigns.json", "tour"),
        {"kind": "journey", "steps": [{"id": "a", "wait": "1d", "campaign": "cart_nudge"}]},
        "CROWDED_STEP",
        None,
    ),
    (
        ("campaigns.json", "tour"),
        {
            "kind": "journey",
            "steps": [
                {"id": "a", "wait": "1d", "condition": {"locale": "en"}, "otherwise": "b"},
                {"id": "b", "campaign": "cart_nudge", "then": "a"},
            ],
        },
        "STEP_CYCLE",
        None,
    ),
    (
        ("campaigns.json", "tour"),
        {"kind": "journey", "steps": [{"id": "a", "campaign": "tour"}]},
        "WRONG_KIND",
        None,
    ),
    (("offers.json", "ten_percent", "form"), "points", "WRONG_FORM", None),
    (("offers.json", "ten_percent", "code"), {"fixed": "A", "pool": "b.csv"}, "WRONG_CODE", None),
    (("offers.json", "ten_percent", "code"), {"pool": "../secret.csv"}, "OUTSIDE_FOLDER", None),
    # fences
    (("fences.geojson",), fences(FENCE, FENCE), "REPEATED_ID", None),
    (
        ("fences.geojson",),
        fences({**FENCE, "geometry": {"type": "Point", "coordinates": [19.2, 172.8]}}),
        "WRONG_POSITION",
        None,
    ),
    (("fences.geojson",), fences(FENCE, polygon(RING[:-1]) | {"id": "b"}), "OPEN_RING", None),
    (("fences.geojson",), fences(FENCE, polygon(RING, radius=150) | {"id": "b"}), "WRONG_SHAPE", None),
    (("fences.geojson",), fences({**FENCE, "properties": {"radius": 0.2}}), "WRONG_SHAPE", None),
    (("fences.geojson",), fences(FENCE, polygon(BOW_TIE) | {"id": "b"}), "SELF_INTERSECTION", None),
    (("fences.geojson",), fences(FENCE, polygon(CONTINENT) | {"id": "b"}), "SHAPE_TOO_LARGE", None),
    (("fences.geojson",), fences(FENCE, polygon(COAST) | {"id": "b"}), "TOO_MANY_POSITIONS", None),
    (
        ("fences.geojson",),
        fences({**FENCE, "properties": {"groups": ["burger_joints"]}}),
        "MISSING_FIELD",
        None,
    ),
]


@pytest.mark.parametrize(("path", "value", "code", "nearest"), ERRORS)
def test_a_fault_across_documents_is_an_error(folder, path, value, code, nearest):
    """The right set with one change has that error, with the nearest valid name where there is one."""
    found = folder.put(*path, value).findings(code)
    assert found, [finding.code for finding in folder.findings()]
    assert all(finding.severity is Severity.ERROR for finding in found)
    assert nearest in {None, *(finding.nearest for finding in found)}


WARNINGS = [
    (
        ("features.json", "home_title", "rules"),
        [RULE, {"id": "late", "force": "y", "condition": {"platform": "ios"}}],
        "UNREACHABLE_RULE",
        "/home_title/rules/1",
    ),
    (
        ("features.json", "home_title", "rules"),
        [
            RULE | {"condition": {"platform": "ios"}},
            {"id": "late", "force": "y", "condition": {"platform": "ios"}},
        ],
        "UNREACHABLE_RULE",
        "/home_title/rules/1",
    ),
    (
        ("placements.json", "home_feed", "weights", "freshness"),
        10,
        "WEIGHT_COUNTS_NOTHING",
        "/home_feed/weights/freshness",
    ),
    (("placements.json", "home_feed", "weights"), {"intent": 0}, "NO_WEIGHTS", "/home_feed/weights"),
    (("placements.json", "home_feed", "diversity", "per"), 2, "NO_BOUND", "/home_feed/diversity/max"),
    (
        ("placements.json", "home_feed", "pins", 0, "position"),
        50,
        "BEYOND_SIZE",
        "/home_feed/pins/0/position",
    ),
    (
        ("placements.json", "home_feed", "pins"),
        [{"item": "a", "position": 1}, {"item": "b", "position": 1}],
        "PIN_TAKEN",
        "/home_feed/pins/1/position",
    ),
    (
        ("app.json", "placements"),
        ["home_feed", "deals", "search"],
        "PLACEMENT_NOT_DESCRIBED",
        "/placements/2",
    ),
    (("app.json", "facets", "price", "intent"), True, "WRONG_FACET_TYPE", "/facets/price/intent"),
    (
        ("campaigns.json", "sale"),
        {
            "kind": "mass",
            "schedule": {"at": "2026-12-01"},
            "channels": ["push"],
            "expires_after": "2h",
            "template": {"en": {"title": "Sale"}},
        },
        "MASS_PUSH",
        "/sale/channels",
    ),
    (
        ("campaigns.json", "cart_nudge", "template"),
        {"hi": {"title": "भूख है?"}},
        "NO_DEFAULT_LOCALE",
        "/cart_nudge/template",
    ),
    (("campaigns.json", "burger_lunch", "offers"), ["fifty_off"], "UNUSED_OFFER", "/ten_percent"),
    (("personas.json", "organic", "context", "locale"), "de-DE", "UNKNOWN_LOCALE", "/organic/context/locale"),
    (("policy.json", "holdout", "percent"), 40, "LARGE_HOLDOUT", "/holdout/percent"),
    (
        ("policy.json", "caps"),
        [{"max": 1, "per": "week"}, {"max": 2, "per": "week"}],
        "REPEATED_CAP",
        "/caps/1",
    ),
    (
        ("policy.json", "caps"),
        [{"max": 3, "per": "week"}, {"max": 5, "per": "day"}],
        "CAP_NEVER_BINDS",
        "/caps/1",
    ),
    (
        ("features.json", "home_title", "rules", 1, "bucketVersion"),
        1,
        "NOT_REMEMBERED",
        "/home_title/rules/1/bucketVersion",
    ),
    (
        ("intents.json", "synonyms", "category"),
        {"burger": ["patty"], "pie": ["Patty "]},
        "TWO_MEANINGS",
        "/synonyms/category/pie/0",
    ),
    (
        ("fences.geojson",),
        fences({**FENCE, "properties": {**FENCE["properties"], "radius": 20}}),
        "SMALL_RADIUS",
        "/features/0/properties/radius",
    ),
]


@pytest.mark.parametrize(("path", "value", "code", "pointer"), WARNINGS)
def test_what_is_doubtful_is_a_warning(folder, path, value, code, pointer):
    """The right set with one change can still be published, and tells what its author may not have meant."""
    finding = folder.put(*path, value).only(code)
    assert (finding.severity, finding.pointer) == (Severity.WARNING, pointer)
    assert not [found for found in folder.findings() if found.severity is Severity.ERROR]


def test_fences_may_be_imported_so_an_unknown_group_is_doubtful_without_the_document(folder):
    """Without fences.geojson the groups are known to nobody; with it they are known."""
    assert folder.only("UNKNOWN_FENCE_GROUP").severity is Severity.WARNING
    assert folder.put("fences.geojson", fences(FENCE)).findings("UNKNOWN_FENCE_GROUP") == []


def test_a_longer_circle_is_told_at_each_of_its_references(folder):
    """The way round is written out."""
    folder.put("audiences.json", "new", "audience", "lunch_crowd")
    folder.put("audiences.json", "lunch_crowd", "audience", "new")
    found = folder.findings("AUDIENCE_CYCLE")
    assert [finding.pointer for finding in found] == ["/new/audience", "/lunch_crowd/audience"]
    assert "new → lunch_crowd → new" in found[0].detail


def test_versions_of_an_experiment_that_remembers_draw_no_finding(folder):
    """Every arm has a key, and the least version is not above the present one."""
    versions = {"bucketVersion": 2, "minBucketVersion": 2, "fallbackAttribute": "id"}
    rule = {"id": "t", "variations": ["a", "b"], "meta": [{"key": "a"}, {"key": "b"}], **versions}
    told = folder.put("features.json", "home_title", "rules", 1, rule).findings()
    assert [found for found in told if found.pointer.startswith("/home_title/rules/1")] == []


def test_versions_beside_an_experiment_that_forgets_are_doubtful(folder):
    """They would do nothing, though every arm has a key."""
    rule = {"id": "t", "variations": ["a", "b"], "meta": [{"key": "a"}, {"key": "b"}], "bucketVersion": 1}
    forgetful = {**rule, "disableStickyBucketing": True}
    finding = folder.put("features.json", "home_title", "rules", 1, forgetful).only("NOT_REMEMBERED")
    assert finding.severity is Severity.WARNING


def test_one_experiment_key_in_two_features_is_an_error(folder):
    """Their exposures would be counted together."""
    test = {"id": "t", "key": "title-test", "variations": ["a", "b"]}
    folder.put("features.json", "home_title", "rules", [test])
    folder.put("features.json", "other", {"type": "string", "default": "a", "rules": [test]})
    assert folder.only("REPEATED_KEY").pointer == "/other/rules/0/key"


def test_an_experiment_with_coverage_leaves_later_rules_reachable(folder):
    """A rule that takes a part of everybody does not make the next unreachable."""
    rules = [RULE | {"coverage": 0.5}, RULE | {"id": "rest"}]
    assert folder.put("features.json", "home_title", "rules", rules).findings("UNREACHABLE_RULE") == []


def test_a_faulty_record_stays_known_by_its_name(folder):
    """An audience with a fault in it is not unknown to those who refer to it."""
    folder.put("audiences.json", "likes_burgers", {"condition": 7})
    assert [finding.code for finding in folder.findings() if finding.severity == "error"] == ["WRONG_TYPE"]


@pytest.mark.parametrize("kind", ["mass", "triggered", "personal", "journey"])
def test_each_kind_of_campaign_says_what_it_needs(folder, kind):
    """A campaign with nothing but its kind is told every member that it lacks."""
    found = folder.put("campaigns.json", "empty", {"kind": kind}).findings("MISSING_FIELD")
    assert found
    assert all(kind in finding.detail for finding in found)


def test_a_campaign_that_only_a_journey_says_needs_no_trigger(folder):
    """Its step triggers it; without the journey it is told what it lacks."""
    said = {"kind": "triggered", "channels": ["in_app"], "template": {"en": {"title": "Hello"}}}
    folder.put("campaigns.json", "hello", said)
    assert folder.only("MISSING_FIELD").nearest is None
    folder.put("campaigns.json", "tour", {"kind": "journey", "steps": [{"id": "a", "campaign": "hello"}]})

    assert folder.findings("MISSING_FIELD") == []


def test_a_circle_with_a_wait_is_a_journey(folder):
    """Whoever comes round waits a day each time."""
    steps = [{"id": "a", "campaign": "cart_nudge"}, {"id": "b", "wait": "1d", "then": "a"}]
    folder.put("campaigns.json", "tour", {"kind": "journey", "steps": steps})

    assert folder.findings("STEP_CYCLE") == []


def test_a_fallback_without_a_best_time_is_a_mistake(folder):
    """It would never be used."""
    folder.put("campaigns.json", "cart_nudge", "schedule", {"fallback": "18:00"})
    assert "best_time" in folder.only("MISSING_FIELD").expected
    folder.put("campaigns.json", "cart_nudge", "schedule", {"best_time": True, "fallback": "18:00"})

    assert folder.findings("MISSING_FIELD") == []
