"""Triggers on dwelling, against the fences that could start them."""

import pytest

from herenow.authoring.validation import Severity

TRIGGER = ("campaigns.json", "burger_lunch", "trigger")


def put_fences(folder, **dwell_of):
    """Fences of the group, by name with their dwell time, which may be none."""
    features = [
        {
            "type": "Feature",
            "id": name,
            "geometry": {"type": "Point", "coordinates": [72.8, 19.2]},
            "properties": {"radius": 150, "groups": ["burger_joints"], **({"dwell": dwell} if dwell else {})},
        }
        for name, dwell in dwell_of.items()
    ]
    return folder.put("fences.geojson", {"type": "FeatureCollection", "features": features})


@pytest.mark.parametrize(
    ("dwell_of", "severity", "named"),
    [
        ({"a": None}, Severity.ERROR, ["'a'"]),
        ({"a": None, "b": None, "c": None, "d": None}, Severity.ERROR, ["'a', 'b', 'c' and 1 more"]),
        ({"a": "5m", "b": None}, Severity.WARNING, ["'b'"]),
    ],
)
def test_a_fence_without_a_dwell_time_starts_nothing(folder, dwell_of, severity, named):
    """An error when no fence of the trigger could, a warning when some could."""
    finding = put_fences(folder, **dwell_of).only("NOBODY_DWELLS")
    assert (finding.severity, finding.pointer) == (severity, "/burger_lunch/trigger/transition")
    assert all(name in finding.detail for name in named)
    assert '"5m"' in finding.expected


def test_a_fence_tells_of_dwelling_once_and_perhaps_too_soon(folder):
    """So minutes beyond its dwell time are doubted; as many or fewer are right."""
    assert not put_fences(folder, a="5m", b="1h").findings("NOBODY_DWELLS")
    finding = folder.put(*TRIGGER, "minutes", 10).only("NOBODY_DWELLS")
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/burger_lunch/trigger/minutes")
    assert "'a'" in finding.detail
    assert "'b'" not in finding.detail


def test_other_fences_and_other_transitions_do_not_matter(folder):
    """The one named alone, and only when it is about dwelling; imported fences are not known here."""
    put_fences(folder, a=None, b="5m")
    folder.put(*TRIGGER, {"fence": "b", "transition": "dwell"})
    assert not folder.findings("NOBODY_DWELLS")
    folder.put(*TRIGGER, {"fence": "a", "transition": "enter"})
    assert not folder.findings("NOBODY_DWELLS")
    folder.remove("fences.geojson").put(*TRIGGER, {"fence": "a", "transition": "dwell"})
    assert not folder.findings("NOBODY_DWELLS")
