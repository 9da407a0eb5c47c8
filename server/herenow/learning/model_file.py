"""The model as bytes: one small artefact, named by its content.

::

    magic 8 | zlib of canonical JSON

Tables of numbers stand in the JSON as base64 of little-endian float32. The name is made of the JSON, not of
the compressed bytes, so that it is the same whichever zlib wrote it. ``"v"`` is the version of the form: a
form that this server does not know is refused, a member that an older form lacked is as in ``Model.EMPTY``.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np

from herenow.canonical import canonical_json, digest
from herenow.errors import HerenowError
from herenow.learning.best_time import TimeModel
from herenow.learning.model import ItemModel, Model, Returning
from herenow.learning.next_place import PlaceModel
from herenow.learning.purchases import BgNbd

MAGIC: Final = b"HNMODEL1"
FORM: Final = 1
MAX_BYTES: Final = 8_000_000
"""Largest artefact; a model is held in memory by every worker."""
_MAX_JSON: Final = 64_000_000
_NAME_DIGITS: Final = 12


class ModelDamaged(HerenowError):
    """The bytes are not a complete model that this server can read."""

    default_code = "MODEL_DAMAGED"


def to_bytes(model: Model) -> bytes:
    """The artefact. Raises ``ValueError`` for one that is larger than ``MAX_BYTES``."""
    content = MAGIC + zlib.compress(canonical_json(_told(model)), 9)
    if len(content) > MAX_BYTES:
        raise ValueError(f"the model has {len(content)} bytes, of at most {MAX_BYTES}")
    return content


def from_bytes(content: bytes | memoryview) -> Model:
    """The model, under its name. Raises ``ModelDamaged``."""
    raw = bytes(content)
    if raw[: len(MAGIC)] != MAGIC:
        raise _damaged("it does not begin like one")
    unpacked = zlib.decompressobj()
    try:
        text = unpacked.decompress(raw[len(MAGIC) :], _MAX_JSON)
        told = json.loads(text)
        if not unpacked.eof or told["v"] != FORM:
            raise _damaged("it is cut off, or of a form that this server does not know")
        return replace(_read(told), version=_name(text))
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged("its content does not hold together") from error


def named(model: Model) -> Model:
    """The model as a reader of its artefact gets it: rounded as stored, with the name of its content."""
    return from_bytes(to_bytes(model))


def _name(text: bytes) -> str:
    return f"m-{digest(text)[:_NAME_DIGITS]}"


def _told(model: Model) -> dict[str, Any]:
    places, returning = model.places, model.returning
    return {
        "v": FORM,
        "people": model.people,
        "facets": model.facets,
        "segments": model.segments,
        "times": {
            channel: [_packed(each) for each in (times.hours, times.rhythms, times.weights)]
            for channel, times in model.times.items()
        },
        "places": {
            "visits": places.visits,
            "steps": places.steps,
            "popular": places.popular,
            "cells": _packed(places.cells),
            "weights": [[_context_told(each), _packed(row)] for each, row in _in_order(places.weights)],
        },
        "items": {"people": model.items.people, "neighbours": model.items.neighbours},
        "returning": {
            "usual_days": returning.usual_days,
            "by_category": returning.by_category,
            "purchases": asdict(returning.purchases) if returning.purchases else None,
        },
        "offers": [[*arm, *tally] for arm, tally in sorted(model.offers.items())],
    }


def _read(told: Mapping[str, Any]) -> Model:
    places, items, returning = told["places"], told.get("items", {}), told.get("returning", {})
    bought = returning.get("purchases")
    return Model(
        people=told["people"],
        facets=told.get("facets", {}),
        segments=told.get("segments", {}),
        times={channel: TimeModel(*map(_unpacked, rows)) for channel, rows in told.get("times", {}).items()},
        places=PlaceModel(
            places["visits"],
            places["steps"],
            places["popular"],
            _unpacked(places["cells"]),
            {_context_of(each): _unpacked(row) for each, row in places["weights"]},
        ),
        items=ItemModel(
            items.get("people", {}),
            {
                item: tuple((name, weight) for name, weight in near)
                for item, near in items.get("neighbours", {}).items()
            },
        ),
        returning=Returning(
            returning["usual_days"], returning["by_category"], BgNbd(**bought) if bought else None
        ),
        offers={(form, daypart): (shown, answered) for form, daypart, shown, answered in told["offers"]},
    )


def _in_order(weights: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    return sorted(weights.items(), key=lambda each: str(each[0]))


def _context_told(context: Any) -> Any:
    return list(context) if isinstance(context, tuple) else context


def _context_of(told: Any) -> Any:
    return tuple(told) if isinstance(told, list) else told


def _packed(table: Any) -> dict[str, Any]:
    """Float32: about seven digits, more than any of these counts supports."""
    rows = np.ascontiguousarray(table, dtype="<f4")
    return {"shape": list(rows.shape), "f4": base64.b64encode(rows.tobytes()).decode()}


def _unpacked(told: Mapping[str, Any]) -> Any:
    flat = np.frombuffer(base64.b64decode(told["f4"], validate=True), dtype="<f4")
    return flat.reshape(told["shape"]).astype(float)


def _damaged(why: str) -> ModelDamaged:
    return ModelDamaged(f"The model cannot be opened: {why}", detail="Learn it again with `herenow learn`.")
