"""The composition root: read top to bottom, it lists all that the service is made of."""

from __future__ import annotations

import os
from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from factcheck.config import Settings, from_environment
from factcheck.db import db, engine_options, prepare_engine
from factcheck.folders import data_folder

MAX_BODY_BYTES = 2 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Return the service, set up by `settings` or, where none are given, by the environment."""
    settings = settings or from_environment(os.environ)
    app = Flask("factcheck", template_folder=str(data_folder("templates")))
    app.config.from_mapping(_flask_settings(settings))
    app.extensions["factcheck"] = settings
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    _add_extensions(app)
    _add_rooms(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY_BYTES,
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_NAME": "__Host-factcheck" if settings.is_https else "factcheck",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
    }


def _add_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def _add_rooms(app: Flask) -> None:
    pass
