"""Offers at the command line."""

import json


def test_codes_are_imported_and_offers_listed(herenow, bites, tmp_path):
    """Those in the folder with its publication; a file again adds nothing; what is left is told."""
    assert "200 codes new for the offer fifty_off." in herenow("publish", bites, "--env", "staging").stdout
    (tmp_path / "codes.csv").write_text("code\nA1\nB2\nA1\n", encoding="utf-8")
    where = ("--app", "bites", "--env", "staging")
    told = [herenow("offers", "codes", "import", "fifty_off", "codes.csv", *where).stdout for _ in range(2)]
    assert told == [
        f"{new} codes new for fifty_off, {known} known already.\n" for new, known in ((2, 1), (0, 3))
    ]
    assert herenow("offers", "list", *where).stdout.startswith(
        "fifty_off: 0 open, 0 used, 0 returned; 2,000 of 2,000 left"
    )
    (fifty, *_) = json.loads(herenow("offers", "list", "--json", *where).stdout)["offers"]
    assert fifty["codes_left"] == 202


def test_an_unknown_offer_or_file_is_told(herenow, bites, tmp_path):
    """With the offers that have a pool."""
    herenow("publish", bites, "--env", "staging")
    where = ("--app", "bites", "--env", "staging")
    assert "no file" in herenow("offers", "codes", "import", "fifty_off", "none.csv", *where, expect=1).stderr
    (tmp_path / "codes.csv").write_text("A1\n", encoding="utf-8")
    assert "fifty_off" in herenow("offers", "codes", "import", "x", "codes.csv", *where, expect=1).stderr
