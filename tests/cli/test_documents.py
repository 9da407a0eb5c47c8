import json

import pytest


def _misspell(document):
    document["home"]["boosts"][0]["audience"] = "nwe"


def test_a_valid_folder_is_told_in_one_sentence(herenow, small):
    """Nothing wrong means one sentence and exit code 0, and then what stock SDKs cannot judge themselves."""
    told = herenow("validate", small).stdout
    assert told.startswith("The documents are valid.\nStock GrowthBook SDKs need remote evaluation for:\n")
    assert "home_title" in told


def test_every_error_names_its_place_and_the_nearest_name(herenow, small, edit):
    """Errors of several files come at once, with file, line, column, expectation and nearest name."""
    edit(small / "placements.json", _misspell)
    edit(small / "features.json", lambda features: features["home_title"].update(type="strng"))
    told = herenow("validate", small, expect=1).stdout
    assert "placements.json:" in told
    assert "nearest   new" in told
    assert "features.json:" in told
    assert told.endswith("The documents have 2 errors.\n")


def test_validate_speaks_json(herenow, small, edit):
    """Programs get every finding with its pointer."""
    edit(small / "placements.json", _misspell)
    verdict = json.loads(herenow("validate", small, "--json", expect=1).stdout)
    assert verdict["valid"] is False
    assert [each["pointer"] for each in verdict["findings"]] == ["/home/boosts/0/audience"]


def test_an_unknown_json_file_is_reported_and_sample_requests_are_not(herenow, bites):
    """A mistyped file name is an error; install.json and mappings lie beside the documents."""
    (bites / "catalog.mapping.json").write_text("{}")
    herenow("validate", bites)
    (bites / "featurs.json").write_text("{}")
    told = herenow("validate", bites, expect=1).stdout
    assert "'featurs.json' is not a document" in told
    assert "nearest   features.json" in told


def test_validating_leaves_no_store_behind(here, small):
    """Looking at a folder makes nothing on the disk."""
    here("validate", small)
    here("diff", small)
    here("preview", small)
    assert not here.data_dir.exists()


@pytest.mark.parametrize("command", ["validate", "diff", "preview", "publish"])
def test_a_missing_folder_is_told_with_a_way_on(herenow, command, tmp_path):
    """The sentence says what to do next."""
    told = herenow(command, tmp_path / "nowhere", expect=1).stderr
    assert "there is no folder" in told
    assert "herenow new" in told


def test_a_folder_without_documents_is_told(herenow, tmp_path):
    """An empty folder is no app."""
    (tmp_path / "empty").mkdir()
    assert "there are no documents" in herenow("validate", tmp_path / "empty", expect=1).stderr


def test_diff_is_against_what_is_live(herenow, small, edit):
    """A change is told by file and place, in the names of the documents."""
    herenow("publish", small)
    assert "no changes" in herenow("diff", small).stdout
    edit(small / "features.json", lambda each: each["home_title"]["rules"][1].update(force="Hello"))
    told = herenow("diff", small).stdout
    assert told.startswith("Against release 1:\n")
    assert '~ home_title / rules / newcomer / force: "Welcome" → "Hello"' in told


def test_diff_can_be_against_any_release_and_speaks_json(herenow, small, edit):
    """``--against`` chooses; JSON has the pointers."""
    herenow("publish", small)
    edit(small / "features.json", lambda each: each["home_title"].update(default="Second"))
    herenow("publish", small)
    assert json.loads(herenow("diff", small, "--json").stdout) == {
        "against": 2,
        "changes": [],
        "truncated": False,
    }
    told = json.loads(herenow("diff", small, "--against", "1", "--json").stdout)
    assert [each["pointer"] for each in told["changes"]] == ["/home_title/default"]


def test_diff_of_a_broken_document_says_where_it_breaks(herenow, small):
    """A document that is no JSON cannot be compared."""
    (small / "features.json").write_text("{")
    assert "not JSON" in herenow("diff", small, expect=1).stderr


def test_diff_before_anything_is_live_says_so(herenow, small):
    """Everything is new then."""
    assert "Nothing is live in small-app/production" in herenow("diff", small).stdout


def test_features_for_remote_evaluation_are_told(herenow, bites):
    """A marketer learns which features a stock GrowthBook SDK cannot decide, and from which rule on."""
    told = herenow("validate", bites).stdout

    assert "The documents are valid.\nStock GrowthBook SDKs need remote evaluation for:\n" in told
    assert "search_hint              from rule 'lunch' on: now.hour\n" in told
    assert "quick_reorder" not in told
