"""Making every page of the public site again while it is read and published to: in turns.

All pages say what changed, such as the site's name. Others publish between two articles, and a
worker that dies goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factcheck import clock
from factcheck.articles.models import Article
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import queries, site
from factcheck.editions.choosing import BUILD
from factcheck.editions.publishing import alone
from factcheck.outbox import enqueue

A_TURN = 20  # articles in one run of the job, well inside the minute for which it is claimed


def go_on(payload: Mapping[str, Any], settings: Settings) -> None:
    """Make the pages of the next articles again, and ask for those behind them: the job."""
    turn = queries.published_after(current_session(), int(payload.get("after", 0)), A_TURN)
    for article_id in turn:
        with alone(settings):
            session = current_session()
            session.rollback()  # what was published while this waited is read as well
            site.write_article(session, session.get_one(Article, article_id), settings)
    if len(turn) == A_TURN:
        with writing() as session:
            enqueue(session, BUILD, {"after": turn[-1]}, now=clock.now())
    else:
        with alone(settings):
            session = current_session()
            session.rollback()
            site.write_common_files(session, settings)
            site.remove_foreign_assets(session, settings)


def write_common(_payload: Mapping[str, Any], settings: Settings) -> None:
    """Write the files that belong to no article: the job, for what a crash left undone."""
    with alone(settings):
        session = current_session()
        session.rollback()
        site.write_common_files(session, settings)
