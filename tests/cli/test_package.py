import json

from herenow_sdk.conformance.p256 import verify
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.device.package import open_package
from herenow_sdk.core.device.trust import read_trust
from herenow_sdk.core.evaluate import evaluate


def test_an_app_built_with_it_decides_without_a_network(herenow, small, tmp_path):
    """Written here or from a server, the file alone is enough for real decisions."""
    herenow("publish", small)
    file = tmp_path / "build" / "herenow-package.json"
    told = herenow("package", "--app", "small-app", "--min-app-version", "3.2.0", "--output", file).stderr
    assert "what small-app/production serves" in told

    shipped = json.loads(file.read_text(encoding="utf-8"))
    trust = read_trust(None, "small-app", "production", shipped["keys"])
    package = open_package(shipped, trust, verify, ("features", "placements"), "3.2.0")
    assert package is not None
    bundle, dropped = parse_bundle({name: json.loads(content) for name, content in package.parts.items()})
    assert dropped == ()
    features = json.loads((small / "features.json").read_text(encoding="utf-8"))
    decided = evaluate(bundle, {"platform": "android"}, {"id": "somebody"}, {}, {}, 1_800_000_000)
    assert set(decided.features) == set(features) - {"$schema"}


def test_nothing_secret_is_in_it(here, small, tmp_path):
    """Public halves of keys, and no seal of the key ring."""
    here("publish", small)
    file = tmp_path / "package.json"
    here("package", "--app", "small-app", "--output", file)
    shipped = json.loads(file.read_text(encoding="utf-8"))
    assert set(shipped) == {"manifest", "parts", "keys"}
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"} for key in shipped["keys"])


def test_nothing_live_and_no_version_are_told(herenow, tmp_path):
    """No file is written; the way on is told."""
    file = tmp_path / "package.json"
    told = herenow("package", "--app", "nothing", "--output", file, expect=1).stderr
    assert "nothing is published" in told
    wrong = herenow("package", "--app", "x", "--output", file, "--min-app-version", "newest", expect=2)
    assert "not a version" in wrong.stderr
    assert not file.exists()
