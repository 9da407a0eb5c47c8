"""The app's own content: declared facets, imported items, and the one artefact they compile to.

``schema`` reads what ``app.json`` declares; ``imports`` reads files row by row; ``build`` compiles the
rows to one columnar artefact; ``catalog`` opens it without copying; ``service`` keeps its versions.
"""

from herenow.catalog.catalog import Catalog
from herenow.catalog.places import CatalogPlace
from herenow.catalog.schema import CatalogSchema, FacetSchema, FacetType
from herenow.catalog.service import CatalogService, CatalogVersion

__all__ = [
    "Catalog",
    "CatalogPlace",
    "CatalogSchema",
    "CatalogService",
    "CatalogVersion",
    "FacetSchema",
    "FacetType",
]
