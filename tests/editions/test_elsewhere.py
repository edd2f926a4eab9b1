"""What follows from a verdict that changed: the claims elsewhere that rest on it."""

from __future__ import annotations

import pytest

from factcheck.accounts.models import Person
from factcheck.articles.queries import article_by_slug
from factcheck.claims.actions import dismiss_claim
from factcheck.claims.queries import claim as claim_of
from factcheck.db import writing
from factcheck.decisions.actions import reopen_claim
from factcheck.editions import elsewhere, publishing
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import QUOTES, TEXT, make_ready_article
from tests.reviews.factories import make_ready


@pytest.fixture
def published(app, settings):
    """The slug and the claims' ids of an article that has edition 1; inside the app's context."""
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(session, title="The ferry")
            slug, ids = article.slug, [one.public_id for one in claims]
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        yield slug, ids


def test_an_editor_decides_for_each_claim_elsewhere_that_rests_on_a_changed_verdict(
    published, settings
):
    slug, ids = published
    with writing() as session:
        article = make_article(session, TEXT, title="Another post")
        others = [make_claim(session, article, quote) for quote in QUOTES[:2]]
        editor = make_person(session, "editor")
        for one in others:
            dismiss_claim(session, one, "same-as", same_as=claim_of(session, ids[0]),
                          actor=editor, now=NOW)  # fmt: skip
        first, second = (one.public_id for one in others)
        assert elsewhere.changed_verdicts(session, article_by_slug(session, slug)) == []
        claim = claim_of(session, ids[0])
        reopen_claim(session, claim, "New minutes.", actor=editor, now=NOW)
        make_ready(session, claim, "misleading")
        editor_id = editor.id
    publishing.publish(slug, note="Why.", actor_id=None, settings=settings)
    with writing() as session:
        here, actor = article_by_slug(session, slug), session.get_one(Person, editor_id)
        (changed,) = elsewhere.changed_verdicts(session, here)
        assert [one.public_id for one in changed.waiting] == [first, second]
        elsewhere.decide(session, here, claim_of(session, first), takes_up=True, actor=actor,
                         now=NOW)  # fmt: skip
        elsewhere.decide(session, here, claim_of(session, second), takes_up=False, actor=actor,
                         now=NOW)  # fmt: skip
        session.flush()
        (changed,) = elsewhere.changed_verdicts(session, here)
        assert claim_of(session, first).state == "accepted"
        assert ([one.public_id for one in changed.same], changed.waiting) == ([second], [])
        with pytest.raises(elsewhere.NotUsedHere):
            elsewhere.decide(session, here, claim_of(session, second), takes_up=True, actor=actor,
                             now=NOW)  # fmt: skip
