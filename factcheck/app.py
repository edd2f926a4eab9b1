"""The composition root: read top to bottom, it lists all that the service is made of."""

from __future__ import annotations

import os
from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from factcheck.accounts import browser_session
from factcheck.accounts import views as accounts
from factcheck.accounts.views import confirming
from factcheck.api import metrics
from factcheck.api import views as api
from factcheck.articles import views as articles
from factcheck.checks import views as checks
from factcheck.claims import views as claims
from factcheck.config import Settings, from_environment
from factcheck.db import db, engine_options, prepare_engine
from factcheck.decisions.views import deciding, giving, reviewing, talking
from factcheck.desk import (
    decided_alone,
    gold,
    guides,
    inbox,
    look,
    messages,
    newcomers,
    people,
    picture_pages,
    policies,
    revised,
    search_pages,
    site_pages,
    sources,
    stuck,
    triage,
    written,
)
from factcheck.desk import views as desk
from factcheck.desk.bulk import views as bulk
from factcheck.editions import follow_up_pages, purge_pages, withdrawal_pages
from factcheck.editions import views as editions
from factcheck.exchange import views as exchange
from factcheck.folders import data_folder
from factcheck.notices import views as notices
from factcheck.readers import following, letters, oembed
from factcheck.readers import views as readers
from factcheck.readers.serving import SiteFiles
from factcheck.reviews import practice
from factcheck.reviews import views as queue
from factcheck.runs import views as runs
from factcheck.site_days import zone_options
from factcheck.web import access, errors, headers, speaking
from factcheck.web.wording import worded
from factcheck.webhooks import views as webhooks

MAX_BODY_BYTES = 2 * 1024 * 1024
csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Return the service, set up by `settings` or, where none are given, by the environment."""
    settings = settings or from_environment(os.environ)
    app = Flask("factcheck", template_folder=str(data_folder("templates")))
    app.config.from_mapping(_flask_settings(settings))
    app.extensions["factcheck"] = settings
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    _add_extensions(app, settings)
    _add_rooms(app)
    app.wsgi_app = SiteFiles(app.wsgi_app, settings.site, https=settings.is_https)  # type: ignore[method-assign]
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url)
        | zone_options(settings.zone),
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


def _add_extensions(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    speaking.init_app(app, timezone=settings.timezone)
    app.add_template_filter(worded)
    csrf.init_app(app)
    browser_session.init_app(app)
    app.before_request(access.guard)
    app.before_request(confirming.ask)
    errors.init_app(app)
    headers.init_app(app, is_https=settings.is_https)


def _add_rooms(app: Flask) -> None:
    # Mail programs send these; the signed token is who they act for.
    for view in (following.confirm, following.stop, notices.stop):
        csrf.exempt(view)
    csrf.exempt(api.bp)  # a token is not sent by a browser on its own
    for room in (
        readers.bp, letters.bp, following.bp, oembed.bp, accounts.bp, articles.bp, claims.bp,
        triage.bp, revised.bp, editions.bp, withdrawal_pages.bp, purge_pages.bp,
        follow_up_pages.bp, desk.bp, bulk.bp, inbox.bp, sources.bp, people.bp, newcomers.bp,
        written.bp, decided_alone.bp, site_pages.bp,
        look.bp, queue.bp, practice.bp, reviewing.bp, giving.bp, deciding.bp, talking.bp,
        notices.bp, webhooks.bp, metrics.bp, picture_pages.bp, search_pages.bp, stuck.bp,
        messages.bp, guides.bp, policies.bp, gold.bp, checks.bp, runs.bp, exchange.bp,
        api.bp,
    ):  # fmt: skip
        app.register_blueprint(room)
