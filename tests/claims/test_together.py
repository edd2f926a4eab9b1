"""Several people at once: nobody waits for ever, and the counters are right afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from factcheck.articles.intake import from_text
from factcheck.articles.queries import article_by_slug
from factcheck.claims import actions, queries
from factcheck.db import db, writing
from factcheck.failures import Conflict
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW

SENTENCES = [f"In {1900 + n} the town paid {n},000 crowns." for n in range(12)]
TEXT = "\n\n".join(SENTENCES)


def at_once(app, *jobs):
    """Run each job in a transaction of its own, all at the same time; return what they gave."""

    def run(job):
        with app.app_context():
            try:
                with writing() as session:
                    return job(session)
            except Conflict as conflict:
                return conflict.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def article_with_claims(app):
    with app.app_context(), writing() as session:
        article = make_article(session, TEXT, title="Many")
        return [make_claim(session, article, words).public_id for words in SENTENCES]


def assert_counted(app):
    with app.app_context(), writing() as session:
        assert not queries.wrong_counters(session)
        return queries.counts_of(session, article_by_slug(session, "many"))


def accepting(claim):
    def job(session):
        found = queries.claim(session, claim)
        actions.accept_claim(session, found, actor=None, now=NOW)

    return job


def dismissing(claim):
    def job(session):
        found = queries.claim(session, claim)
        actions.dismiss_claim(session, found, "opinion", version=1, actor=None, now=NOW)

    return job


def test_of_many_who_move_one_claim_one_wins(app):
    claim, *_ = article_with_claims(app)

    told = at_once(app, *[dismissing(claim)] * 8)

    assert sorted(told, key=str) == [None, *["stale_version"] * 7]
    assert assert_counted(app)["dismissed"] == 1


def test_accepting_one_by_one_all_together_merging_and_revising_at_once_holds(app):
    claims = article_with_claims(app)

    def accept_all(session):
        article = article_by_slug(session, "many")
        actions.accept_claims(session, queries.claims_of(session, article), actor=None, now=NOW)

    def merge(session):
        pair = [queries.claim(session, claim) for claim in (claims[5], claims[3])]
        actions.merge_claims(session, pair, actor=None, now=NOW)

    def revise(session):
        article = article_by_slug(session, "many")
        actions.revise_article(session, article, from_text("Oh. " + TEXT), actor=None, now=NOW)

    def propose(session):
        article = article_by_slug(session, "many")
        actions.propose_claim(session, article, 0, 7, actor=None, now=NOW)

    told = at_once(
        app, accept_all, merge, revise, propose,
        *[accepting(claim) for claim in claims[6:]], *[dismissing(claim) for claim in claims[:3]],
    )  # fmt: skip

    assert set(told) <= {None, "wrong_state", "stale_version"}
    counts = assert_counted(app)
    assert sum(counts.values()) == len(claims) + 1
    with app.app_context(), writing() as session:
        article = article_by_slug(session, "many")
        revisions = {claim.revision_id for claim in queries.claims_of(session, article)}
        assert len(revisions) == 1


def test_one_title_imported_by_many_at_once_gives_each_its_own_address(app):
    def add(session):
        return make_article(session, title="Same").slug

    slugs = at_once(app, *[add] * 4)

    assert sorted(slugs) == ["same", "same-2", "same-3", "same-4"]
