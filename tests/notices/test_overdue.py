"""Editors are told once of a deadline that is over, and once of claims that do not move."""

from datetime import date, timedelta

import pytest

from factcheck.articles.actions import edit_article
from factcheck.articles.queries import article as article_of
from factcheck.claims.actions import change_state
from factcheck.claims.queries import claims_of
from factcheck.claims.rules import Verb
from factcheck.db import current_session, writing
from factcheck.notices.labels import sentence
from factcheck.notices.rules import STUCK, path_to
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.notices.factories import notices, told

A_DAY = timedelta(days=1, minutes=1)


@pytest.fixture
def article(service):
    """An article with two claims under review, due today; an editor and a reviewer."""
    with writing() as session:
        make_person(session, "editor", name="Ada")
        make_person(session, name="Bram")
        article = make_article(session, title="The ferry")
        make_claim(session, article, "nine to four", "accepted")
        make_claim(session, article, "412,000 passengers", "accepted")
        edit_article(session, article, {"deadline": NOW.date()}, actor=None, now=NOW)
        return article.public_id


def fetched(public_id):
    return article_of(current_session(), public_id)


def test_editors_are_told_once_of_a_deadline_that_is_over(article, settings, time_passes):
    assert told(settings) == []  # its day is not over
    time_passes(A_DAY)
    told(settings)  # the look; its events are read in the next turn
    assert told(settings) == [("Ada", "late")]
    time_passes(A_DAY)
    told(settings)
    assert told(settings) == [("Ada", "late")]
    (one,) = notices("late")
    assert "20 November 2026" in sentence(one)
    slug = one.details["slug"]
    assert path_to(one.kind, one.subject, one.details) == f"/desk/pictures?article={slug}"


def test_another_deadline_that_is_over_is_told_of_again(article, settings, time_passes):
    time_passes(A_DAY)
    told(settings), told(settings)
    with writing() as session:
        later = date(2026, 11, 25)
        edit_article(session, fetched(article), {"deadline": later}, actor=None, now=NOW)
    for _ in range(8):
        time_passes(A_DAY)
        told(settings), told(settings)
    assert [kind for _name, kind in told(settings) if kind == "late"] == ["late", "late"]


def test_claims_that_do_not_move_are_told_of_once_by_article(article, settings, time_passes):
    for _ in range(STUCK.days + 5):
        time_passes(A_DAY)
        told(settings), told(settings)
    assert [kind for _name, kind in told(settings)] == ["late", "stuck"]
    (one,) = notices("stuck")
    assert one.details["claims"] == 2
    assert "for 14 days" in sentence(one)


def test_a_claim_that_moved_meanwhile_is_not_stuck(article, settings, time_passes):
    now = time_passes(timedelta(days=10))
    told(settings)
    with writing() as session:
        for claim in claims_of(session, fetched(article)):
            change_state(session, claim, Verb.DISMISS, actor=None, now=now, dismissal="opinion")
    for _ in range(8):
        time_passes(A_DAY)
        told(settings)
    assert notices("stuck") == []
