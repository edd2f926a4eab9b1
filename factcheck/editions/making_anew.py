"""Making every page of the public site again while it is read and published to: in turns.

All pages say what changed, such as the site's name. Others publish between two articles, and a
worker that dies goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from factcheck import clock
from factcheck.articles.models import Article
from factcheck.config import Settings
from factcheck.db import current_session, writing
from factcheck.editions import choosing, queries, site
from factcheck.editions.publishing import alone, failure_to
from factcheck.outbox import enqueue
from factcheck.runs import turns

A_TURN = 20  # articles in one run of the job, well inside the minute for which it is claimed


def go_on(payload: Mapping[str, Any], settings: Settings) -> None:
    """Make the pages of the next articles again, and ask for those behind them: the job.

    An article whose pages cannot be made waits with those that publishing left undone. What lists
    the articles of a turn is made once, behind them.
    """
    run, done = str(payload.get("run", "")), int(payload.get("done", 0))
    turn = (
        []
        if turns.is_stopped(current_session(), run)
        else queries.published_after(current_session(), int(payload.get("after", 0)), A_TURN)
    )
    _make_anew(turn, settings)
    is_over, done = len(turn) < A_TURN, done + len(turn)
    if is_over and not turns.is_stopped(current_session(), run):
        write_common(payload, settings, outdated="*")
    with writing() as session:
        now = clock.now()
        if choosing.is_superseded(session, payload):
            return
        is_over = is_over and not turns.is_stopped(session, run)
        if turns.goes_on(session, run, done=done, is_over=is_over, now=now):
            following = {**payload, "after": turn[-1], "done": done}
            enqueue(session, choosing.BUILD, following, now=now)


def _make_anew(turn: Sequence[int], settings: Settings) -> None:
    """Make the pages of these articles again, and behind them what lists them, once."""
    made = []
    for article_id in turn:
        with alone(settings):
            if _is_made_anew(article_id, settings):
                made.append(article_id)
    if made:
        with alone(settings):
            session = current_session()
            session.rollback()
            articles = [session.get_one(Article, article_id) for article_id in made]
            site.write_lists_of(session, articles, settings)


def _is_made_anew(article_id: int, settings: Settings) -> bool:
    session = current_session()
    session.rollback()  # what was published while this waited is read as well
    article = session.get_one(Article, article_id)
    if failure_to(site.write_article_anew, session, article, settings) is None:
        return True
    with writing() as changing:
        for edition in queries.editions_of(changing, changing.get_one(Article, article_id)):
            edition.written_at = None
    return False


def write_common(
    _payload: Mapping[str, Any], settings: Settings, *, outdated: str = "logo.*"
) -> None:
    """Write the files that belong to no article: the job, for what a crash left undone.

    What is `outdated` among the assets, a pattern of names, goes where no page asks for it now.
    """
    with alone(settings):
        session = current_session()
        session.rollback()
        site.write_common_files(session, settings, outdated=outdated)
