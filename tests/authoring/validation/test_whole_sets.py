"""Sets of documents as a whole: what is read, how findings are told, and that nothing crashes."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.depth import examples

from herenow.authoring.documents import BY_FILE, DOCUMENTS
from herenow.authoring.validation import MOST_FINDINGS, Severity, require_valid, validate
from herenow.authoring.validation.rendering import rendered
from herenow.errors import Invalid

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_founding_example_is_valid(founding_files):
    """What the documentation shows can be published as it stands."""
    validated = require_valid(validate(founding_files))
    assert set(validated.documents) == set(founding_files)
    assert {finding.code for finding in validated.warnings} == {"UNKNOWN_FENCE_GROUP", "UNKNOWN_ITEM_FIELD"}


@pytest.mark.parametrize("app", ["bites", "reels"])
def test_the_example_apps_are_valid(app):
    """The apps that come with the repository can be published."""
    files = {file.name: file.read_bytes() for file in (EXAMPLES / app).iterdir() if file.name in BY_FILE}
    assert validate(files).errors == ()


def test_documents_come_back_as_they_were_written(founding_files):
    """Nothing is converted, dropped or filled in."""
    documents = validate(founding_files).documents
    assert documents == {file: json.loads(content) for file, content in founding_files.items()}


def test_errors_have_the_documented_shape(founding_files):
    """The error of the documentation, member by member, from the faults that it shows."""
    campaigns = founding_files["campaigns.json"].replace(
        b'"audience": "likes_burgers"', b'"audience": "likes_burger"'
    )
    placements = founding_files["placements.json"].replace(b'{"$in": ["burger"]}', b'"burger"')
    with pytest.raises(Invalid) as caught:
        require_valid(
            validate({**founding_files, "campaigns.json": campaigns, "placements.json": placements})
        )
    assert caught.value.title == "The documents have 2 errors"
    assert caught.value.code == "INVALID_DOCUMENTS"
    assert caught.value.extra == {
        "errors": [
            {
                "file": "campaigns.json",
                "pointer": "/burger_lunch/audience",
                "line": 1,
                "column": 87,
                "code": "UNKNOWN_AUDIENCE",
                "detail": "no audience 'likes_burger'",
                "expected": "one of: bought_twice, likes_burgers, lunch_crowd, new",
                "nearest": "likes_burgers",
            },
            {
                "file": "placements.json",
                "pointer": "/home_feed/boosts/0/condition/category",
                "line": 4,
                "column": 30,
                "code": "TAGS_NEED_IN",
                "detail": "'category' holds several values; equality never matches",
                "expected": '{"$in": ["burger"]}',
            },
        ]
    }


def test_all_errors_of_all_files_are_told_at_once_in_order(folder):
    """A fault of form in one file hides no fault of meaning in another."""
    folder.put("features.json", "home_title", "typ", "string")
    folder.put("features.json", "show_map", "rules", 0, "audience", "nwe")
    folder.put("placements.json", "deals", "size", 0)
    folder.put("policy.json", "quiet_hours", "to", "21:30")
    files = folder.files() | {"offers.json": b"{"}
    found = [(finding.file, finding.code) for finding in validate(files).errors]
    assert found == [
        ("features.json", "UNKNOWN_FIELD"),
        ("features.json", "UNKNOWN_AUDIENCE"),
        ("offers.json", "MALFORMED_JSON"),
        ("placements.json", "OUT_OF_RANGE"),
        ("policy.json", "EMPTY_WINDOW"),
    ]


def test_a_missing_app_document_is_an_error_and_alone(folder):
    """Without app.json nothing else is called unknown."""
    assert [
        finding.code for finding in folder.remove("app.json").findings() if finding.severity == "error"
    ] == ["MISSING_FILE"]


def test_an_unreadable_document_makes_nothing_else_unknown(founding_files):
    """Who cannot read audiences.json does not claim that an audience is unknown."""
    codes = {finding.code for finding in validate({**founding_files, "audiences.json": b"{,"}).errors}
    assert codes == {"MALFORMED_JSON"}


def test_an_unknown_file_is_named_with_the_nearest_document(folder):
    """A misspelt file name is an error; notes, codes and catalogues may lie beside the documents."""
    folder.documents["feature.json"] = {}
    finding = folder.only("UNKNOWN_FILE")
    assert (finding.file, finding.nearest) == ("feature.json", "features.json")
    assert finding.severity is Severity.ERROR
    (like_none,) = validate(folder.files() | {"feature.json": b"", "install.json": b"{}"}).warnings[-1:]
    assert (like_none.file, like_none.code, like_none.nearest) == ("install.json", "UNKNOWN_FILE", None)
    assert validate({"fences.json": b"{}"}).findings[-1].nearest == "fences.geojson"
    beside = {"README.md": b"#", "codes/fifty.csv": b"A", "catalog.ndjson": b"{}"}
    assert not [finding for finding in validate(beside).findings if finding.code == "UNKNOWN_FILE"]


def test_an_unknown_member_is_named_with_the_nearest(folder):
    """The position is the member's own, the choices are those of its record."""
    finding = folder.put("placements.json", "deals", "wieghts", {}).only("UNKNOWN_FIELD")
    assert finding.pointer == "/deals/wieghts"
    assert finding.nearest == "weights"
    assert "diversity" in finding.expected


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer"),
    [
        (("app.json", "locales"), "en", "WRONG_TYPE", "/locales"),
        (("app.json", "facets", "label"), {"type": "tags"}, "RESERVED_NAME", "/facets/label"),
        (("app.json", "facets", "Big"), {"type": "tags"}, "WRONG_NAME", "/facets/Big"),
        (("app.json", "facets", "area", "type"), "palce", "UNKNOWN_VALUE", "/facets/area/type"),
        (("placements.json", "deals", "weights", "affinity"), 101, "OUT_OF_RANGE", "/deals/weights/affinity"),
        (
            ("campaigns.json", "cart_nudge", "expires_after"),
            "12 hours",
            "WRONG_FORMAT",
            "/cart_nudge/expires_after",
        ),
        (("features.json", "show_map", "default"), None, "VALUE_TYPE", "/show_map/default"),
        (("personas.json", "organic", "context"), None, "WRONG_TYPE", "/organic/context"),
        (("app.json", "placements"), ["deals", "deals", "home_feed"], "REPEATED", "/placements/1"),
    ],
)
def test_faults_of_one_value_are_placed_and_say_what_was_expected(folder, path, value, code, pointer):
    """Each kind of fault has its code, its pointer and an expectation."""
    finding = folder.put(*path, value).only(code)
    assert finding.pointer == pointer
    assert finding.expected


def test_members_given_twice_are_errors(founding_files):
    """What JSON readers would silently drop is told."""
    offers = b'{"a": 1, "a": 2}'
    (finding,) = [
        f for f in validate({**founding_files, "offers.json": offers}).errors if f.code == "REPEATED_MEMBER"
    ]
    assert (finding.pointer, finding.line, finding.column) == ("/a", 1, 10)


def test_a_hostile_number_of_faults_is_bounded(folder):
    """Thousands of faults are answered with the first of them; errors are not hidden by warnings."""
    folder.put("features.json", {f"F{i}": {"typ": i, "rules": [{"audience": f"a{i}"}]} for i in range(900)})
    folder.put("intents.json", "stop_words", list(range(1000)))
    found = folder.findings()
    assert sum(finding.file == "features.json" for finding in found) <= MOST_FINDINGS + 1
    assert {finding.code for finding in found} >= {"MORE_FINDINGS", "UNKNOWN_FIELD", "WRONG_TYPE"}


def test_text_for_the_terminal_begins_with_the_place(folder):
    """file:line:column, then severity, sentence, code, expectation and nearest name."""
    folder.put("campaigns.json", "burger_lunch", "audience", "likes_burger")
    text = rendered(folder.findings())
    assert "campaigns.json:1:" in text
    assert "error: no audience 'likes_burger'  [UNKNOWN_AUDIENCE]" in text
    assert "nearest   likes_burgers" in text
    assert text.endswith("The documents have 1 error and 2 warnings.")
    assert rendered([]) == "The documents are valid."


WORDS = st.sampled_from(
    [
        "type",
        "rules",
        "condition",
        "facets",
        "$in",
        "$or",
        "$not",
        "$regex",
        "audience",
        "weights",
        "intent.category",
        "features",
        "geometry",
        "coordinates",
        "kind",
        "mass",
        "triggered",
        "trigger",
        "template",
        "{{a.b}}",
        "{{",
        "$schema",
        "properties",
        "lat",
        "caps",
        "max",
        "per",
        "day",
        "en",
        "string",
        "tags",
        "pins",
        "steps",
        "variations",
        "_schema",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 200) | st.floats(-2, 2) | WORDS | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(WORDS | st.text(max_size=3), children, max_size=5)
    ),
    max_leaves=25,
)


@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([document.file for document in DOCUMENTS]), JSON, max_size=5))
def test_any_json_in_any_document_is_judged_without_an_exception(documents):
    """Whatever JSON stands in the files, findings come back, sorted and placed."""
    try:
        files = {file: json.dumps(value).encode() for file, value in documents.items()}
    except UnicodeEncodeError:
        return
    found = validate(files).findings
    assert list(found) == sorted(found, key=lambda finding: (finding.file, finding.line, finding.column))
    assert all(finding.line >= 1 and finding.column >= 1 for finding in found)
    json.dumps([finding.as_json() for finding in found])


@settings(
    max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_value_anywhere_in_the_example_is_judged_without_an_exception(founding_files, data):
    """One value of a right set replaced by any JSON never crashes a rule that crosses documents."""
    file = data.draw(st.sampled_from(sorted(founding_files)))
    document = json.loads(founding_files[file])
    holder, steps = document, data.draw(st.integers(1, 6))
    for _ in range(steps):
        step = data.draw(
            st.sampled_from(sorted(holder) if isinstance(holder, dict) else list(range(len(holder))))
        )
        if not isinstance(holder[step], dict | list) or not holder[step]:
            break
        parent, holder = holder, holder[step]
    else:
        holder = parent
    holder[step] = data.draw(JSON)
    found = validate({**founding_files, file: json.dumps(document).encode()}).findings
    assert all(finding.severity in Severity for finding in found)


@settings(max_examples=examples(100), deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=12) | st.sampled_from(sorted(BY_FILE)), st.binary(max_size=60), max_size=6
    )
)
def test_any_bytes_under_any_name_are_judged_without_an_exception(files):
    """Neither names nor bytes crash it."""
    assert validate(files).errors
