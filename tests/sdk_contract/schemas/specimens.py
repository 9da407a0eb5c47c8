"""One document of each schema of the contract that holds every member its schema describes."""

from typing import Any

NUMBER_OF_HEX = "0123456789abcdef" * 4
COORDINATE = "A" * 43
NOON = 1_795_320_000
ADULT = {"age": {"$gte": 18}}
ZONE = {"offset_s": 3600, "changes": [[1_743_296_400, 7200]]}
KEY = {
    "kty": "EC",
    "crv": "P-256",
    "kid": "k1",
    "x": COORDINATE,
    "y": COORDINATE,
    "alg": "ES256",
    "use": "sig",
}
CAP = {
    "max": 2,
    "per": "day",
    "window": "rolling",
    "channel": "push",
    "tag": "food",
    "campaign": "lunch",
    "place": "each",
}

MANIFEST: dict[str, Any] = {
    "spec": "1.0",
    "app": "bites",
    "environment": "production",
    "sequence": 2,
    "serving_set": {"release": 1, "catalog": "c-1", "model": "m-0"},
    "issued_at": NOON,
    "expires_at": NOON + 86_400,
    "max_age_s": 2_592_000,
    "parts": [{"name": "features", "capability": "features", "sha256": NUMBER_OF_HEX, "size": 2904}],
    "keys": [KEY],
    "revoked": ["k0"],
    "kill": ["geofence"],
}

PACKAGE: dict[str, Any] = {
    "manifest": "e30.e30.AAAA",
    "parts": {NUMBER_OF_HEX: "{}"},
    "keys": [KEY],
    "min_app_version": "3.2.0",
}

RULE = {
    "id": "test",
    "condition": ADULT,
    "parentConditions": [{"id": "map", "condition": {"value": True}, "gate": True}],
    "filters": [{"attribute": "id", "seed": "s", "hashVersion": 2, "ranges": [[0, 0.5]]}],
    "coverage": 0.5,
    "range": [0, 0.5],
    "hashAttribute": "user",
    "fallbackAttribute": "id",
    "hashVersion": 2,
    "seed": "title",
    "variations": ["a", None],
    "contextualVariations": ["a", "b"],
    "contextualBanditRef": "tiles",
    "key": "title-test",
    "name": "Title",
    "weights": [0.5, 0.5],
    "ranges": [[0, 0.5], [0.5, 1]],
    "meta": [{"key": "control", "name": "Control", "passthrough": False}],
    "namespace": ["checkout", 0, 0.5],
    "disableStickyBucketing": False,
    "bucketVersion": 1,
    "minBucketVersion": 0,
}
TRACK = {
    "experiment": {"key": "e"},
    "result": {
        "variationId": 1,
        "key": "b",
        "name": "B",
        "hashAttribute": "id",
        "hashValue": "u1",
        "bucket": 0.25,
    },
}
FEATURES: dict[str, Any] = {
    "features": {
        "title": {
            "type": "string",
            "default": "Popular",
            "defaultValue": "Popular",
            "description": "Title",
            "rules": [RULE, {"force": None, "tracks": [TRACK]}],
        }
    },
    "savedGroups": {
        "staff": ["u1", 2],
        "cities": {"type": "list", "attributeKey": "city", "values": ["Mumbai"]},
        "adults": {"type": "condition", "condition": ADULT},
    },
    "contextualBandits": {
        "tiles": {
            "banditVersion": 3,
            "contexts": [{"leafId": 0, "condition": ADULT, "weights": [0.5, 0.5]}],
        }
    },
}

PLACEMENTS: dict[str, Any] = {
    "placements": {
        "feed": {
            "size": 20,
            "description": "Feed",
            "candidates": {"rating": {"$gte": 3}},
            "weights": {
                "intent": 50,
                "distance": 10,
                "quality": 10,
                "popularity": 10,
                "price_fit": 5,
                "freshness": 5,
                "affinity": 5,
                "neighbour": 5,
                "seen_recently": 5,
                "habit": 5,
                "boost": 5,
            },
            "pins": [{"item": "gala", "position": 1, "until": NOON, "condition": ADULT}],
            "boosts": [{"condition": {"genre": "noir"}, "points": 10, "audience": ADULT}],
            "diversity": {"facet": "genre", "max": 3, "per": 10},
        }
    }
}

SPOKEN = {"kind": "triggered", "channels": ["push"]}
CAMPAIGNS: dict[str, Any] = {
    "campaigns": {
        "lunch": {
            **SPOKEN,
            "enabled": True,
            "audience": ADULT,
            "trigger": {
                "transition": "dwell",
                "fence": "patty-lane",
                "fence_group": "burger_joints",
                "minutes": 5,
            },
            "delay": "5m",
            "expires_after": "45m",
            "eligible_again": "1d",
            "cancel_on": [{"event": "purchase", "condition": ADULT}],
            "not_followed_by": {"event": "purchase", "condition": ADULT, "within": "2h"},
            "schedule": {
                "start": NOON,
                "at": NOON,
                "end": NOON + 3600,
                "days": ["mon", "fri"],
                "from": "11:30",
                "to": "14:00",
                "zone": ZONE,
            },
            "caps": [CAP],
            "priority": 50,
            "tags": ["food"],
            "offers": ["ten"],
            "keeps": ["price"],
            "ignore_caps": False,
            "control_percent": 10,
        },
        "cart": {**SPOKEN, "trigger": {"event": "view", "condition": ADULT, "count": 2, "within": "1h"}},
        "steps": {**SPOKEN, "trigger": {"sequence": [{"event": "view"}], "within": "1h"}},
        "stage": {**SPOKEN, "trigger": {"lifecycle": "new"}},
    }
}

OFFERS: dict[str, Any] = {
    "offers": {"ten": {"audience": ADULT, "valid_until": NOON, "per_person": 1, "reserved": True}}
}

POLICY: dict[str, Any] = {
    "policy": {
        "caps": [CAP],
        "quiet_hours": {"from": "21:30", "to": "08:30", "then": "hold", "channels": ["push"]},
        "holdout": {"percent": 5, "salt": "2026-q4"},
        "cool_down": "30m",
        "consent": {
            "analytics": "granted",
            "personalization": "granted",
            "location": "unknown",
            "in_app": "granted",
            "push": "denied",
            "local_notification": "unknown",
            "email": "unknown",
            "sms": "unknown",
        },
        "zone": ZONE,
        "locales": ["en", "hi"],
    }
}

RING = [[72.0, 19.0], [72.1, 19.0], [72.1, 19.1], [72.0, 19.0]]
IBEACON = {"kind": "ibeacon", "uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e", "major": 1, "minor": 2}
FENCES: dict[str, Any] = {
    "fences": {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "patty-lane",
                "geometry": {"type": "Point", "coordinates": [72.83, 19.2]},
                "properties": {
                    "radius": 120,
                    "dwell": "5m",
                    "cool_down": "1h",
                    "groups": ["burger_joints"],
                    "opening_hours": [{"days": ["mon"], "from": "11:00", "to": "23:30"}],
                    "closed_on": ["2026-12-25"],
                    "zone": ZONE,
                },
            },
            {"id": 70_007, "geometry": {"type": "Polygon", "coordinates": [RING]}},
            {"id": "counter", "geometry": None, "properties": {"beacon": IBEACON}},
            {
                "id": "door",
                "properties": {
                    "beacon": {
                        "kind": "eddystone_uid",
                        "namespace": "0123456789abcdef0123",
                        "instance": "0123456789ab",
                    }
                },
            },
        ],
    }
}

TILE: dict[str, Any] = {
    "tile": "te7ud",
    "shard": 0,
    "shards": 64,
    "fences": {
        "patty-lane": {
            "circle": [19_209_800, 72_831_510, 120],
            "beacon": IBEACON,
            "dwell_s": 300,
            "cool_down_s": 3600,
            "name": "Patty Lane",
            "groups": ["burger_joints"],
            "hours": [{"days": ["mon"], "from": "11:00", "to": "23:30"}],
            "closed_on": ["2026-12-25"],
            "zone": ZONE,
        },
        "mall": {"polygon": [[[0, 0], [0, 9], [9, 9], [0, 0]]]},
    },
}

PRIORS = {
    "priors": {
        "facets": {"category": {"burger": 300, "dosa": 0}},
        "sources": {"google_ads": {"category": {"burger": 1024}}},
    }
}

SPECIMENS: dict[str, dict[str, Any]] = {
    "manifest": MANIFEST,
    "package": PACKAGE,
    "tile": TILE,
    "parts/features": FEATURES,
    "parts/placements": PLACEMENTS,
    "parts/campaigns": CAMPAIGNS,
    "parts/offers": OFFERS,
    "parts/policy": POLICY,
    "parts/fences": FENCES,
    "parts/priors": PRIORS,
}
"""By the name of the schema under ``schemas/contract``."""
