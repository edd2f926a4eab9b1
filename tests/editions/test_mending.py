"""What an author mended: told by the next edition, on a page of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from factcheck.claims.queries import claim as claim_of
from factcheck.db import writing
from factcheck.editions import actions, mending, publishing
from tests.conftest import NOW
from tests.editions.test_withdrawing import checked, published

__all__ = ["published"]


def test_what_an_author_mended_has_a_page_once_an_edition_says_so(published, settings):
    slug, ids = published
    page = settings.site / "corrections" / "at-source" / "index.html"
    with writing() as session:
        claim = claim_of(session, ids[1])
        with pytest.raises(mending.Invalid):
            mending.note_mend(session, claim, date(2999, 1, 1), actor=None, now=NOW)
        mending.note_mend(session, claim, date(2025, 3, 31), actor=None, now=NOW)
    assert ids[1] not in page.read_text()
    done = publishing.publish(slug, note=None, actor_id=None, settings=settings)
    assert (done.number, done.changes) == (2, [])  # it is no correction of ours
    assert ids[1] in page.read_text()
    assert "31 March 2025" in page.read_text()
    assert (page.parent / "page" / "1" / "index.html").exists()
    with pytest.raises(actions.NothingNew):
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
    for day in (date(2025, 4, 2), None):
        with writing() as session:
            mending.note_mend(session, claim_of(session, ids[1]), day, actor=None,
                              now=NOW)  # fmt: skip
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        assert "31 March 2025" not in page.read_text()
        assert ("2 April 2025" in page.read_text()) is (day is not None)
    assert checked(settings.site) == []


def test_the_day_of_a_mend_is_one_where_the_site_is(published, app_with):
    _, ids = published
    tomorrow, now = (NOW + timedelta(days=1)).date(), NOW.replace(hour=20)
    with writing() as session, pytest.raises(mending.Invalid):
        mending.note_mend(session, claim_of(session, ids[1]), tomorrow, actor=None, now=now)
    with app_with(timezone="Pacific/Kiritimati").app_context(), writing() as session:
        mending.note_mend(session, claim_of(session, ids[1]), tomorrow, actor=None, now=now)
