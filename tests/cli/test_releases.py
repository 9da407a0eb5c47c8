import json


def test_a_folder_goes_live_when_no_approval_is_asked_for(herenow, small):
    """One command validates, numbers and publishes."""
    told = herenow("publish", small).stdout
    assert "Release 1 made." in told
    assert "Release 1 is live in small-app/production." in told


def test_publishing_the_same_documents_again_changes_nothing(herenow, small):
    """The same set never makes a second release."""
    herenow("publish", small)
    told = herenow("publish", small).stdout
    assert "Release 1 is this very set of documents." in told
    assert "It is live in small-app/production already." in told


def test_a_release_waits_for_somebody_else(herenow, bites):
    """The policy asks for one approval: the author is told who does what next, and cannot do it."""
    told = herenow("publish", bites, by="asha", expect=1)
    assert "Release 1 made." in told.stdout
    assert "needs 1 more approval" in told.stderr
    assert "herenow approve 1 --app bites --env production --publish" in told.stderr
    assert "--as NAME" in herenow("approve", "1", "--app", "bites", by="asha", expect=1).stderr
    done = herenow("approve", "1", "--app", "bites", "--publish", by="ravi").stdout
    assert "Release 1 is approved by ravi." in done
    assert "Release 1 is live in bites/production." in done


def test_codes_come_with_a_release_that_waits(herenow, bites):
    """So nobody has to import them once it is live; those who approve need no folder."""
    assert "200 codes new for the offer fifty_off." in herenow("publish", bites, by="asha", expect=1).stdout
    herenow("approve", "1", "--app", "bites", "--publish", by="ravi")
    (fifty, *_) = json.loads(herenow("offers", "list", "--json", "--app", "bites").stdout)["offers"]
    assert (fifty["offer"], fifty["codes_left"]) == ("fifty_off", 200)
    assert "codes new" not in herenow("publish", bites, by="asha").stdout


def test_a_publication_tells_its_warnings(herenow, bites, edit):
    """They stop nothing: a time that is past, a pool whose file holds no code."""
    (bites / "codes" / "fifty.csv").write_text("code\n\n", encoding="utf-8")
    sale = {"kind": "mass", "schedule": {"at": "2025-01-01"}, "channels": ["in_app"],
            "template": {"en": {"title": "Sale"}}}  # fmt: skip
    edit(bites / "campaigns.json", lambda each: each.update(sale=sale))
    told = herenow("publish", bites, "--env", "staging").stdout
    assert "warning: 2025-01-01 is past: it has expired, so nobody gets it  [ALREADY_PAST]" in told
    assert "warning: no code of 'codes/fifty.csv' is known, so nobody is made the offer" in told
    assert "Release 1 is live in bites/staging." in told


def test_codes_in_the_folder_count_as_known(herenow, bites):
    """Before they are imported as well; a missing file is a pool without a code."""
    assert "EMPTY_POOL" not in herenow("validate", bites).stdout
    (bites / "codes" / "fifty.csv").unlink()
    told = herenow("validate", bites).stdout
    assert "[EMPTY_POOL]" in told
    assert "herenow offers codes import fifty_off FILE" in told


def test_an_invalid_folder_changes_nothing(herenow, small, edit):
    """The errors are told and no number is taken."""
    herenow("publish", small)
    edit(small / "features.json", lambda each: each["home_title"].update(default=7))
    told = herenow("publish", small, expect=1).stderr
    assert "features.json:" in told
    assert [each["number"] for each in _releases(herenow)["releases"]] == [1]


def test_releases_are_listed_with_what_is_live(herenow, small, edit):
    """The newest first, an arrow at the live one, notes and approvals beside."""
    herenow("publish", small, "--note", "The beginning")
    edit(small / "features.json", lambda each: each["home_title"].update(default="Second"))
    herenow("publish", small)
    lines = herenow("releases", "--app", "small-app").stdout.splitlines()
    assert lines[0].startswith("→    2")
    assert lines[1].startswith("     1")
    assert lines[1].endswith("no approval needed        The beginning")
    assert _releases(herenow)["live"]["release"] == 2


def test_rolling_back_serves_the_release_before(herenow, small, edit):
    """And ``--to`` any that was live; one that never was is refused."""
    herenow("publish", small)
    edit(small / "features.json", lambda each: each["home_title"].update(default="Second"))
    herenow("publish", small)
    told = herenow("rollback", "--app", "small-app").stdout
    assert "Release 1 is live in small-app/production in place of 2." in told
    herenow("rollback", "--app", "small-app", "--to", "2")
    assert _releases(herenow)["live"]["release"] == 2
    assert "never live" in herenow("rollback", "--app", "small-app", "--to", "9", expect=1).stderr


def test_an_earlier_release_can_be_published_by_number(herenow, small, edit):
    """``--release`` publishes without a folder."""
    herenow("publish", small)
    edit(small / "features.json", lambda each: each["home_title"].update(default="Second"))
    herenow("publish", small)
    assert "Release 1 is live" in herenow("publish", "--release", "1", "--app", "small-app").stdout


def test_publishing_needs_a_folder_or_a_number(herenow, small):
    """Neither or both is wrong usage."""
    assert "FOLDER, or --release N" in herenow("publish", expect=2).stderr
    herenow("publish", small, "--release", "1", expect=2)


def test_an_environment_is_published_by_itself(herenow, small):
    """``--env`` names it; the others stay as they were."""
    herenow("publish", small, "--env", "staging")
    assert _releases(herenow)["live"] is None


def test_documents_of_another_app_are_refused(herenow, small):
    """``--app`` does not turn one app into another."""
    assert "small-app" in herenow("publish", small, "--app", "other", expect=1).stderr


def test_the_app_is_taken_from_the_folder_one_stands_in(herenow, small, monkeypatch):
    """Without a folder argument, the app.json here says which app; without one it is asked for."""
    herenow("publish", small)
    assert "--app NAME" in herenow("releases", expect=2).stderr
    monkeypatch.chdir(small)
    assert herenow("releases").stdout.startswith("→    1")


def test_no_release_yet_is_told_with_a_way_on(herenow):
    """An empty list is a sentence."""
    assert "herenow publish FOLDER" in herenow("releases", "--app", "nothing").stdout


def _releases(herenow):
    return json.loads(herenow("releases", "--app", "small-app", "--json").stdout)
