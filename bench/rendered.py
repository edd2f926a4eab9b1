"""The article page rendered for every request: what serving files is held against, not a product.

It reads the same editions and renders the same template as publishing does, inside a Flask view.
"""

from __future__ import annotations

import os
import sys

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from bench.sample import SLUG
from factcheck.articles.queries import article_by_slug
from factcheck.config import from_environment
from factcheck.db import current_session, db, engine_options, prepare_engine
from factcheck.editions import article_site, site


def application() -> Flask:
    """Return a Flask application with one view, on the data folder that the environment names."""
    settings = from_environment(os.environ)
    app = Flask("bench")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)

    def show() -> bytes:
        session = current_session()
        editions = site.published(session, article_by_slug(session, SLUG))
        return article_site._page(  # noqa: SLF001 - the one function that renders the page
            editions[-1], editions, site.site_of(session, settings), folder=f"/articles/{SLUG}/",
            is_newest=True,
        )  # fmt: skip

    app.add_url_rule("/", view_func=show)
    return app


if __name__ == "__main__":
    Granian("bench", port=int(sys.argv[1]), interface=Interfaces.WSGI).serve(
        target_loader=lambda *_: application(), wrap_loader=False
    )
