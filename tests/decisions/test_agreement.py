"""The figures of agreement: from closed rounds alone, by article and over all, kept by a job."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck import clock
from factcheck.claims.queries import claims_of
from factcheck.db import current_session, writing
from factcheck.decisions import agreement
from factcheck.decisions.actions import reopen_claim
from factcheck.decisions.agreement import OVERALL_JOB, figures_of, measured
from factcheck.jobs import run_due
from factcheck.methods.agreement import alpha, nominal, ordinal
from factcheck.methods.queries import scale
from factcheck.outbox import OutboxJob
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as, submit_review
from tests.web.client import signed_in

TOGETHER = [
    ["true", "mostly-true"], ["false", "false"], ["mixed", "false", "false"],
    ["misleading", "missing-context"], ["true", "true"], ["true", "unproven", "mostly-true"],
]  # fmt: skip
VALUES = {one.key: one.value for one in scale("default").ratings}


def judged_article(session, together=TOGETHER, **details):
    text = " ".join(f"The town had {number},000 people." for number in range(len(together)))
    article = make_article(session, text, **details)
    for number, ratings in enumerate(together):
        claim = make_claim(session, article, f"The town had {number},000 people", "accepted")
        review_as(session, claim, ratings)
        assert claim.state != "accepted"
    return article


def in_order(together):
    return [[VALUES[key] for key in ratings if VALUES[key] is not None] for ratings in together]


@pytest.fixture
def service(app, monkeypatch):
    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    with app.app_context():
        yield at


def test_ordinal_is_of_the_ratings_in_order_and_nominal_of_all(session):
    article = judged_article(session)
    found = measured(session, article.id)

    assert found["nominal"].alpha == pytest.approx(alpha(TOGETHER, nominal))
    assert found["ordinal"].alpha == pytest.approx(alpha(in_order(TOGETHER), ordinal))
    assert (found["nominal"].things, found["ordinal"].things) == (6, 5)
    assert measured(session, None) == found


def test_of_an_open_round_nothing_is_counted_and_of_a_claim_its_newest_closed_one(session):
    article = judged_article(session)
    before = measured(session, article.id)
    claim = claims_of(session, article)[0]
    editor = make_person(session, "editor")
    reopen_claim(session, claim, "Again.", actor=editor, now=NOW)
    submit_review(session, claim, make_person(session), make_answer("false"), now=NOW)
    assert measured(session, article.id) == before

    submit_review(session, claim, make_person(session), make_answer("false"), now=NOW)
    again = [["false", "false"], *TOGETHER[1:]]
    assert measured(session, article.id)["nominal"].alpha == pytest.approx(alpha(again))


def test_the_job_keeps_the_figures_of_the_article_and_over_all(service, settings):
    with writing() as session:
        article = judged_article(session)
        other = judged_article(session, [["true", "false", "mixed"], ["false", "false"]])
    assert figures_of(current_session(), article)["ordinal"].alpha is None
    run_due(settings)

    session = current_session()
    assert figures_of(session, article) == measured(session, article.id)
    assert figures_of(session, other)["nominal"].things == 2
    assert figures_of(session, None) == measured(session, None)
    assert figures_of(session, None)["nominal"].things == 8
    query = sa.select(sa.func.count()).select_from(OutboxJob).where(OutboxJob.kind == OVERALL_JOB)
    assert session.scalar(query) == 1


def test_the_figures_over_all_are_worked_out_every_ten_minutes_at_most(service, settings):
    with writing() as session:
        judged_article(session)
    run_due(settings)
    with writing() as session:
        judged_article(session)
    run_due(settings)
    assert figures_of(current_session(), None)["nominal"].things == 6
    current_session().rollback()
    waiting = sa.select(OutboxJob).where(OutboxJob.done_at.is_(None), OutboxJob.kind == OVERALL_JOB)
    assert len(current_session().scalars(waiting).all()) == 1

    service[0] += timedelta(minutes=10)
    run_due(settings)
    assert figures_of(current_session(), None)["nominal"].things == 12


def test_rounds_that_close_one_after_the_other_are_worked_out_once(service, settings, monkeypatch):
    def closed(article, place: int) -> None:
        with writing() as session:
            claim = claims_of(session, article)[place]
            reopen_claim(session, claim, "Again.", actor=make_person(session, "editor"), now=NOW)
            session.flush()
            for _ in range(2):
                submit_review(session, claim, make_person(session), make_answer("false"),
                              now=service[0])  # fmt: skip

    with writing() as session:
        article, other = judged_article(session), judged_article(session)
    run_due(settings)
    kept = figures_of(current_session(), article)
    for place in (0, 1, 2):
        closed(article, place)
    closed(other, 0)
    run_due(settings)
    assert figures_of(current_session(), article) == kept
    current_session().rollback()

    service[0] += agreement.ARTICLE_EVERY
    worked_out = []
    with monkeypatch.context() as patch:
        patch.setattr(
            agreement, "measured", lambda s, one: worked_out.append(one) or measured(s, one)
        )
        run_due(settings)
    assert worked_out == [article.id, other.id]
    assert figures_of(current_session(), article) == measured(current_session(), article.id)
    assert figures_of(current_session(), other) == measured(current_session(), other.id)


def test_each_week_keeps_its_last_figure(service, settings):
    with writing() as session:
        article = judged_article(session)
    run_due(settings)
    first = in_weeks(article)
    for span in (timedelta(days=1), timedelta(days=7)):  # from Friday
        service[0] += span
        with writing() as session:
            judged_article(session)
        agreement.work_out({"article": article.public_id}, settings)
        run_due(settings)
    assert in_weeks(article) == [*first, ("2026-11-23", first[0][1])]
    assert [claims for _week, claims in in_weeks(None)] == [10, 15]  # on ratings in order


def in_weeks(article):
    current_session().rollback()
    found = agreement.weeks_of(current_session(), article, since=NOW.date() - timedelta(weeks=2))
    return [(one.week.isoformat(), one.claims) for one in found]


def test_figures_that_were_worked_out_before_others_do_not_replace_them(service, settings):
    with writing() as session:
        article = judged_article(session)
    run_due(settings)
    kept = figures_of(current_session(), article)
    service[0] -= timedelta(minutes=1)
    with writing() as session:
        editor = make_person(session, "editor")
        claim = claims_of(session, article)[1]
        reopen_claim(session, claim, "Again.", actor=editor, now=NOW)
        review_as(session, claim, ["true", "true"])
    agreement.work_out({"article": article.public_id}, settings)
    assert figures_of(current_session(), article) == kept


def test_the_pages_say_the_figure_in_words_to_editors_and_that_there_are_too_few(app, settings):
    with app.app_context(), writing() as session:
        slug = judged_article(session, [*TOGETHER, *TOGETHER], title="Enough").slug
        few = judged_article(session, title="Few").slug
        emails = [make_person(session, role).email for role in ("editor", "reviewer")]
    with app.app_context():
        run_due(settings)
    editor, reviewer = (signed_in(app, email) for email in emails)
    said = r"agreement 0\.\d\d, between −?0\.\d\d and [01]\.\d\d, from {} claims"

    assert re.search(said.format(18), editor.get("/desk").text)
    assert re.search(said.format(12), editor.get(f"/work/articles/{slug}").text)
    page = editor.get(f"/work/articles/{few}").text
    assert "too few to tell: 6 claims of the 10 that it takes" in page
    assert "How far reviewers agree" not in reviewer.get(f"/work/articles/{slug}").text
