import gzip
import json

import pytest

HEADER = "id,title,topic,topics,rating,readers\n"


def test_an_import_goes_live_with_the_release(herenow, small):
    """Items are counted, and served at once."""
    herenow("publish", small)
    told = herenow("catalog", "import", small / "catalog.csv", "--folder", small).stdout
    assert "5 items imported as c-" in told
    assert "It is live with release 1." in told


def test_rejected_rows_are_told_by_line_and_reason(herenow, small):
    """The other rows are taken."""
    herenow("publish", small)
    rows = "a,A,T,t,4,1\n,No id,T,t,4,1\nb,B,T,t,high,1\nc,C,T,t,4,1\na,Again,T,t,4,1\nd,D,T,t,4,1\n"
    (small / "some.csv").write_text(HEADER + rows)
    told = herenow("catalog", "import", small / "some.csv", "--folder", small).stdout
    assert "3 rows not taken:" in told
    assert "line 3: " in told
    assert "line 6: 'a' was in an earlier row  [DUPLICATE_ID]" in told


def test_a_file_that_is_mostly_wrong_changes_nothing(herenow, small):
    """Unless forced."""
    herenow("publish", small)
    (small / "bad.csv").write_text(HEADER + "a,A,T,t,4,1\n,x,T,t,4,1\n,y,T,t,4,1\n")
    told = herenow("catalog", "import", small / "bad.csv", "--folder", small, expect=1).stderr
    assert "nothing was changed" in told
    assert "line 3:" in told
    herenow("catalog", "import", small / "bad.csv", "--folder", small, "--force")


def test_columns_are_mapped_and_files_may_be_gzipped(herenow, small):
    """A mapping file tells our columns from theirs."""
    herenow("publish", small)
    theirs = "code,name,subject,score,seen\nx,X,t,4,9\n"
    (small / "export.csv.gz").write_bytes(gzip.compress(theirs.encode()))
    mapping = {
        "columns": {"id": "code", "title": "name", "topics": "subject", "rating": "score", "readers": "seen"},
        "constants": {"topic": "T"},
    }
    (small / "mapping.json").write_text(json.dumps(mapping))
    told = herenow(
        "catalog", "import", small / "export.csv.gz", "--folder", small, "--mapping", small / "mapping.json"
    )
    assert "1 item imported" in told.stdout


def test_versions_are_listed_and_an_import_can_wait(herenow, small):
    """``--no-publish`` keeps what is live."""
    herenow("publish", small)
    herenow("catalog", "import", small / "catalog.csv", "--folder", small)
    (small / "next.ndjson").write_text(json.dumps({"id": "z", "title": "Z", "topics": ["t"]}) + "\n")
    told = herenow("catalog", "import", small / "next.ndjson", "--folder", small, "--no-publish").stdout
    assert "not live by itself" in told
    lines = herenow("catalog", "versions", "--app", "small-app").stdout.splitlines()
    assert lines[0].startswith("  c-")
    assert lines[0].endswith("1 item  asha")
    assert lines[1].startswith("→ c-")
    told = json.loads(herenow("catalog", "versions", "--app", "small-app", "--json").stdout)
    assert told["live"] == told["versions"][1]["version"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("items.xlsx", "", "neither CSV nor NDJSON"), ("absent.csv", None, "there is no file")],
)
def test_what_cannot_be_imported_is_told(herenow, small, name, text, told):
    """Before anything is sent or opened."""
    if text is not None:
        (small / name).write_text(text)
    assert told in herenow("catalog", "import", small / name, "--folder", small, expect=1).stderr


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_mapping_that_is_no_object_is_told(herenow, small, text):
    """With its file name."""
    (small / "mapping.json").write_text(text)
    told = herenow(
        "catalog",
        "import",
        small / "catalog.csv",
        "--folder",
        small,
        "--mapping",
        small / "mapping.json",
        expect=1,
    )
    assert "mapping.json' is not" in told.stderr


def test_a_catalogue_can_come_before_the_first_release_on_this_machine(here, small):
    """The folder's app.json declares the facets, and the first publication serves the import."""
    here("catalog", "import", small / "catalog.csv", "--folder", small)
    here("publish", small)
    assert here("catalog", "versions", "--app", "small-app").stdout.startswith("→")


def test_no_catalogue_yet_is_told_with_a_way_on(herenow):
    """An empty list is a sentence."""
    assert "herenow catalog import FILE" in herenow("catalog", "versions", "--app", "nothing").stdout
