HEADER = "id,name,lat,lon,radius_m\n"
ROWS = "eiffel,Eiffel,48.8583,2.2945,300\nbad,,100,0,150\n"


def test_fences_are_imported_with_a_report_and_go_live(herenow, small):
    """What was not taken is told by line and reason; the version is marked as live."""
    herenow("publish", small)
    (small / "stores.csv").write_text(HEADER + ROWS)
    told = herenow("fences", "import", small / "stores.csv", "--folder", small).stdout
    assert "1 fence imported as f-" in told
    assert "line 3: " in told
    assert "[WRONG_POSITION]" in told
    assert "They are live with release 1." in told


def test_a_check_changes_nothing(herenow, small):
    """It needs no server, tells what would be taken, and leaves no version behind."""
    (small / "stores.csv").write_text(HEADER + ROWS)
    told = herenow("fences", "import", small / "stores.csv", "--folder", small, "--check").stdout
    assert "1 fence would be imported." in told
    assert "line 3: " in told


def test_another_ending_is_refused(herenow, small):
    """With those that are read."""
    (small / "stores.shp").write_text("")
    told = herenow("fences", "import", small / "stores.shp", "--folder", small, expect=1).stderr
    assert ".geojson" in told
