"""The Flask application: planes, hooks, problems, and the document that describes them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import Flask, redirect
from flask_smorest import Api
from flask_swagger_ui import get_swaggerui_blueprint
from werkzeug.wrappers import Response

from herenow import __version__
from herenow.api import admin, channels, ops, person, places, public, sdk, unsubscribe
from herenow.api.admission import Admission
from herenow.api.blueprint import BODY_LIMIT
from herenow.api.hooks import register_hooks
from herenow.api.metrics import RequestMetrics
from herenow.api.problems import PROBLEM_TYPE, register_problem_handlers
from herenow.api.schemas.answers import Problem
from herenow.api.segment import plane as segment
from herenow.api.server import plane as server
from herenow.api.server import users
from herenow.api.stock import described, growthbook, ofrep
from herenow.api.unchanged import UnchangedConfigs
from herenow.services import Services

OPENAPI_PATH: Final = "/openapi.json"
DOCS_PATH: Final = "/docs"

_SECURITY: Final = {
    "publishableKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Herenow-Key",
        "description": "`pk_…`, built into the app; creates installations and reads public parts.",
    },
    "installationToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "From `POST /v1/installations` or `POST /v1/token`.",
    },
    "secretKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "`sk_…`, of the customer's backend and never of an app.",
    },
    "writeKey": {
        "type": "http",
        "scheme": "basic",
        "description": "Segment's write key as the user: `pk_…`, or `sk_…` of a backend. No password.",
    },
    "adminToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "From `herenow admin bootstrap` or `herenow admin token`.",
    },
}
_DESCRIPTION: Final = """
herenow makes an app personal from its very first launch. Apps call the **sdk** plane, their backends the
**server** plane, devices and caches read the **public** plane, people who write the config use the
**admin** plane.
Errors are RFC 9457 problem details with a stable `code`.
"""


def create_app(services: Services, *, metrics: RequestMetrics | None = None) -> Flask:
    """The WSGI application over ``services``."""
    app = Flask("herenow", static_folder=None)
    app.config.update(
        API_TITLE="herenow",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH=OPENAPI_PATH.lstrip("/"),
        API_SPEC_OPTIONS={
            "info": {"description": _DESCRIPTION.strip(), "license": {"name": "Apache-2.0"}},
            "components": {"securitySchemes": _SECURITY},
        },
        PROPAGATE_EXCEPTIONS=False,
    )
    app.config[BODY_LIMIT] = services.settings.max_body
    app.extensions["herenow"] = services
    counted = metrics or RequestMetrics()
    app.extensions["herenow-metrics"] = counted
    register_hooks(app, counted)
    services.serving.on_load(lambda serving: counted.serving(str(serving.scope), serving.pointer.sequence))
    # assigning is how Flask takes a layer in front of itself
    confirming = UnchangedConfigs(app.wsgi_app, lambda: app.extensions["herenow"], counted)
    app.wsgi_app = Admission(confirming, services.settings.max_body)  # type: ignore[method-assign]
    api = _Api(app)
    for plane in planes():
        api.register_blueprint(plane)
    described.describe(api.spec)
    app.extensions["herenow-openapi"] = api.spec
    growthbook.also_at(app, "/local")
    person.tell_apart(app)
    register_problem_handlers(app)
    app.register_blueprint(get_swaggerui_blueprint(DOCS_PATH, OPENAPI_PATH, config={"app_name": "herenow"}))
    app.add_url_rule("/", "home", _home)
    return app


class _Api(Api):  # type: ignore[misc]
    """flask-smorest's, with our one shape of an error wherever a call does not say more."""

    ERROR_SCHEMA = Problem

    def _register_responses(self) -> None:
        for name, description in (
            *((status.name, status.phrase) for status in HTTPStatus),
            ("DEFAULT_ERROR", "A problem, told by its code"),
        ):
            response = {"description": description, "content": {PROBLEM_TYPE: {"schema": Problem}}}
            self.spec.components.response(name, response, lazy=True)


def planes() -> tuple[Any, ...]:
    """Every plane, in the order the document shows them."""
    return (
        sdk.plane,
        channels.plane,
        places.plane,
        server.plane,
        users.plane,
        public.plane,
        growthbook.plane,
        ofrep.plane,
        segment.plane,
        person.plane,  # after Segment's, whose path it shares and describes
        unsubscribe.plane,
        *admin.PLANES,
        ops.plane,
    )


def openapi_document(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the application."""
    document: dict[str, Any] = app.extensions["herenow-openapi"].to_dict()
    return document


def _home() -> Response:
    return redirect(DOCS_PATH + "/")
