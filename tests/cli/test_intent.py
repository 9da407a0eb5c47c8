import json
from itertools import product

import pytest

SEARCHES = """\
the best travel stories\t[{"type": "Subject", "start": 9, "end": 15}]
music in  lisbon\t[{"type": "Subject", "start": 0, "end": 5}, {"type": "Where", "start": 10, "end": 16}]
nothing of the sort\t[]
"""


@pytest.fixture
def live(herenow, small):
    """A new app with its catalogue, published."""
    herenow("publish", small)
    herenow("catalog", "import", small / "catalog.csv", "--folder", small)
    return herenow


@pytest.fixture
def labelled(tmp_path):
    """A file of labelled searches."""
    file = tmp_path / "searches.tsv"
    file.write_text(SEARCHES, encoding="utf-8")
    return file


def test_a_search_is_shown_with_its_words_underlined(live):
    """What each was taken for, how sure, from which source; what is left; why."""
    told = live("intent", "quokka travel", "--app", "small-app").stdout
    text, marks, *rest = told.splitlines()
    assert (text, marks) == ("quokka travel", "       ──────")
    assert any("“travel”  topic travel  1.00  catalog" in line for line in rest)
    assert "not understood: quokka" in told
    assert '"travel" is topic travel (catalog)' in told


def test_parse_need_not_be_said(live):
    """Unless the text is the name of a command."""
    said = live("intent", "parse", "travel", "--app", "small-app", "--json").stdout
    left_out = live("intent", "travel", "--app", "small-app", "--json").stdout
    assert json.loads(said)["intent"] == json.loads(left_out)["intent"]
    assert (
        json.loads(live("intent", "parse", "eval", "--app", "small-app", "--json").stdout)["text"] == "eval"
    )


def test_a_folder_is_read_before_anything_is_live(here, small, edit):
    """Its documents and its catalogue, as they are now; no store is left behind."""
    edit(small / "intents.json", lambda each: each.update(stop_words=["pray tell"]))
    told = json.loads(here("intent", "pray tell travel", "--folder", small, "--json").stdout)
    assert told["intent"]["facets"][0]["value"] == "travel"
    assert told["intent"]["unparsed"] == []
    assert not here.data_dir.exists()


def test_a_server_reads_as_this_machine_does(here, at_server, small):
    """What is live, and a folder's documents."""
    for place in (here, at_server):
        place("publish", small)
        place("catalog", "import", small / "catalog.csv", "--folder", small)
    for where in (("--app", "small-app"), ("--folder", small)):
        told = [json.loads(place("intent", "travel", *where, "--json").stdout) for place in (here, at_server)]
        assert told[0]["intent"] == told[1]["intent"]
        assert told[0]["intent"]["facets"]


def test_the_phone_is_told(here, bites):
    """Its place settles "near me"; a place elsewhere on earth is told with how far it reaches."""
    arguments = ("--folder", bites, "--near", "19.2053,72.8277", "--country", "IN", "--locale", "hi-IN")
    told = here("intent", "burgers near me", *arguments).stdout
    assert "place Kandivali West" in told
    assert "near me" in told


def test_every_kind_of_finding_is_told(here, bites):
    """What is not wanted, wishes with bounds, a place with its alternatives."""
    told = here("intent", "burgers not pizza under 500 in kandivali", "--folder", bites).stdout
    assert "not category pizza" in told
    assert "price to 500" in told
    assert "place Kandivali" in told


def test_wide_characters_are_underlined_in_full(here, bites):
    """Two columns each."""
    text, marks, *_ = here("intent", "汉堡 bandra", "--folder", bites).stdout.splitlines()
    assert (text, marks) == ("汉堡 bandra", "──── ══════")


@pytest.mark.parametrize("text", ["", "   ", "🦘", "xyzzy" * 3000])
def test_any_text_is_answered(here, small, text):
    """With nothing understood, and why."""
    assert "nothing named" in here("intent", "parse", text, "--folder", small).stdout


@pytest.mark.parametrize("point", ["here", "19.2", "91,0", "0,181", "nan,0"])
def test_a_point_that_is_none_is_wrong_usage(here, small, point):
    """Degrees north and east."""
    here("intent", "travel", "--folder", small, "--near", point, expect=2)


def test_without_anything_live_it_says_what_to_do(herenow):
    """Publish, or name a folder."""
    assert "herenow publish" in herenow("intent", "travel", "--app", "small-app", expect=1).stderr


def test_labelled_searches_are_scored(live, labelled):
    """By type, exactly and by overlap, with the time that a search takes."""
    told = live("intent", "eval", labelled, "--app", "small-app", "--map", "Subject=topic").stdout
    assert "3 searches read by small-app/production" in told
    assert "Nothing was found of Where" in told
    assert "(p50)" in told


def test_scores_are_for_programs_too(live, labelled):
    """Figures of each type and of all."""
    arguments = ("--app", "small-app", "--map", "Subject=topic", "--json")
    told = json.loads(live("intent", "eval", labelled, *arguments).stdout)
    (subject, where) = told["slots"]
    assert (subject["type"], subject["spans"], subject["exact_f1"]) == ("Subject", 2, 1.0)
    assert (where["type"], where["found"], where["overlap_f1"]) == ("Where", 0, 0.0)
    assert told["all"]["spans"] == 3
    assert told["took_us"]["p50"] <= told["took_us"]["p95"]


@pytest.mark.parametrize(
    "line",
    [
        "no tab",
        "text\tno json",
        'text\t{"type": "a"}',
        'text\t[{"type": "a", "start": 2, "end": 9}]',
        'text\t[{"start": 0, "end": 4}]',
        "text\t7",
    ],
)
def test_a_line_that_is_no_labelled_search_is_told_with_its_number(here, small, tmp_path, line):
    """And what a line looks like."""
    file = tmp_path / "bad.tsv"
    file.write_text(f"fine\t[]\n{line}\n")
    told = here("intent", "eval", file, "--folder", small, expect=1).stderr
    assert "line 2 is no labelled search" in told
    assert '"start": 0' in told


def test_a_file_that_is_none_is_told(here, small, tmp_path):
    """Missing, empty, or not text."""
    (tmp_path / "empty.tsv").write_text("\n")
    (tmp_path / "binary.tsv").write_bytes(b"\xff\xfe\x00")
    for name, said in (("no.tsv", "no file"), ("empty.tsv", "no searches"), ("binary.tsv", "not UTF-8")):
        assert said in here("intent", "eval", tmp_path / name, "--folder", small, expect=1).stderr


def test_a_mapping_that_is_none_is_wrong_usage(here, small, labelled):
    """TYPE=NAME."""
    here("intent", "eval", labelled, "--folder", small, "--map", "Subject", expect=2)


@pytest.fixture
def many(tmp_path):
    """Some hundreds of searches with moods, of which an app knows nothing."""
    moods = ("gloomy", "sunny", "drowsy", "brisk", "mellow", "tart")
    topics = ("travel", "trains", "music", "basics")
    asked = ("a {} read on {}", "something {} about {}", "{} stories of {} tonight", "show me {} {}")
    ends = ("", " please", " now")
    lines = []
    for mood, topic, pattern, end in product(moods, topics, asked, ends):
        text = pattern.format(mood, topic) + end
        spans = [("Mood", mood), ("topic", topic)]
        labels = [{"type": t, "start": text.index(w), "end": text.index(w) + len(w)} for t, w in spans]
        lines.append(f"{text}\t{json.dumps(labels)}")
    file = tmp_path / "many.tsv"
    file.write_text("\n".join(lines))
    return file


@pytest.mark.slow
def test_training_is_kept_where_it_is_better(here, small, many):
    """Told by type; a dry run keeps nothing; the audit log says who trained."""
    here("publish", small)
    here("catalog", "import", small / "catalog.csv", "--folder", small)
    tried = here("intent", "train", many, "--app", "small-app", "--dry-run").stdout
    assert "It would be used for mood" in tried
    told = here("intent", "train", many, "--app", "small-app").stdout
    assert "288 searches" in told
    assert "is kept for small-app/production, for mood" in told
    figures = json.loads(here("intent", "train", many, "--app", "small-app", "--json").stdout)
    assert figures["version"].startswith("t-")
    assert "mood" in [each["slot"] for each in figures["slots"] if each["wins"]]


def test_too_few_searches_teach_nothing(here, small, labelled):
    """It says how many it takes."""
    here("publish", small)
    told = here("intent", "train", labelled, "--app", "small-app", expect=1).stderr
    assert "3 labelled searches are too few" in told


def test_training_is_done_on_the_machine_itself(at_server, labelled):
    """A model is no request."""
    at_server("intent", "train", labelled, "--app", "small-app", expect=2)
