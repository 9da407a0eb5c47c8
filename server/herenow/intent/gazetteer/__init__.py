"""The world's cities, regions and countries, and the localities that an app adds to them.

The table is package data, built by ``tools/build_gazetteer.py`` from GeoNames (CC BY 4.0) and Unicode CLDR;
``_data/NOTICE.md`` holds what their licences ask for.
"""

from herenow.intent.gazetteer.gazetteer import Gazetteer
from herenow.intent.gazetteer.localities import Dropped, DroppedRow, LoadedLocalities, Localities
from herenow.intent.gazetteer.place import Area, AreaKind, City, Locality, Place
from herenow.intent.gazetteer.reading import PlaceReading, Served
from herenow.intent.gazetteer.settling import Settled, settle

__all__ = [
    "Area",
    "AreaKind",
    "City",
    "Dropped",
    "DroppedRow",
    "Gazetteer",
    "LoadedLocalities",
    "Localities",
    "Locality",
    "Place",
    "PlaceReading",
    "Served",
    "Settled",
    "settle",
]
