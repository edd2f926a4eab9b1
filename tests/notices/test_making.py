"""The job: who is told of what, once, also when it runs twice or is killed in between."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.accounts import actions as accounts
from factcheck.accounts.events import record
from factcheck.articles.intake import from_text
from factcheck.claims.actions import edit_claim, revise_article, take_back
from factcheck.db import current_session, db, writing
from factcheck.decisions.actions import decide_claim, reopen_claim
from factcheck.decisions.cutting import merge_claims
from factcheck.decisions.rules import VerdictWords
from factcheck.editions.actions import publish_edition
from factcheck.inbox import actions as inbox
from factcheck.jobs import run_due
from factcheck.notices import actions, labels, making, queries
from factcheck.notices.models import NoticeCursor
from factcheck.notices.rules import Kind, Way
from factcheck.reviews.actions import mark_wording_changed, save_draft, take_seat
from factcheck.reviews.queries import own_review
from tests.accounts.factories import make_person
from tests.articles.factories import TEXT
from tests.claims.factories import make_claim
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.notices.factories import (
    found,
    make_claim_under_review,
    notices,
    read_anew,
    told,
    unread,
)
from tests.reviews.factories import make_answer, submit_review


@pytest.fixture
def claim(service):
    """A claim under review, its reviewers Ada, Bob and Cleo, and the editor Edda."""
    with writing() as session:
        claim = make_claim_under_review(session)
        claim.people = [make_person(session, name=name) for name in ("Ada", "Bob", "Cleo")]
        claim.editor = make_person(session, "editor", name="Edda")
    return claim


def answer(claim, *ratings):
    for person, rating in zip(claim.people, ratings, strict=False):
        with writing() as session:
            submit_review(session, claim, person, make_answer(rating), now=NOW)


def reopen(claim):
    with writing() as session:
        reopen_claim(session, claim, "New figures.", actor=claim.editor, now=NOW)


def test_reviewers_hear_what_came_out_and_the_editor_that_a_summary_is_due(claim, settings):
    answer(claim, "true", "true")
    assert told(settings) == [("Ada", "decided"), ("Bob", "decided"), ("Edda", "to-summarise")]
    assert labels.sentence(notices("decided")[0]).endswith("The reviews agree: True.")
    assert unread() == {"Ada": 1, "Bob": 1, "Edda": 1}


def test_where_an_editor_is_to_choose_the_ratings_given_are_told(claim, settings):
    answer(claim, "true", "mostly-true")
    told(settings)
    assert labels.sentence(notices("decided")[0]).endswith("an editor chooses: True, Mostly true.")


def test_of_a_dispute_editors_hear_first_and_reviewers_once_it_is_settled(claim, settings):
    answer(claim, "true", "false", "not-checkable")
    assert told(settings) == [("Edda", "disputed")]
    words = VerdictWords("false", "It was not.", reasons="The register has it.")
    with writing() as session:
        decide_claim(session, claim, words, actor=claim.editor, now=NOW)
    assert told(settings)[1:] == [("Ada", "decided"), ("Bob", "decided"), ("Cleo", "decided")]
    assert labels.sentence(notices("decided")[0]) == (
        "An editor settled a claim that you reviewed: False."
    )


def test_of_a_dispute_left_open_reviewers_hear_too(claim, settings):
    answer(claim, "true", "false", "not-checkable")
    words = VerdictWords("disagree", "They differ.", reasons="The register has gaps.")
    with writing() as session:
        decide_claim(session, claim, words, actor=claim.editor, now=NOW)
    assert ("Ada", "decided") in told(settings)
    assert "Readers are told that reviewers disagree." in labels.sentence(notices("decided")[0])


def test_an_approval_tells_reviewers_nothing_that_they_were_not_told(claim, settings):
    answer(claim, "true", "true")
    before = told(settings)
    with writing() as session:
        decide_claim(session, claim, VerdictWords("true", "Yes."), actor=claim.editor, now=NOW)
    assert told(settings) == before


def test_of_what_another_editor_did_meanwhile_none_hears(claim, settings):
    answer(claim, "true", "true")
    with writing() as session:
        decide_claim(session, claim, VerdictWords("true", "Yes."), actor=claim.editor, now=NOW)
    assert told(settings) == [("Ada", "decided"), ("Bob", "decided")]


def test_reviewers_hear_that_a_claim_is_open_again_and_who_opened_it_does_not(claim, settings):
    answer(claim, "true", "true")
    told(settings)
    reopen(claim)
    assert told(settings)[3:] == [("Ada", "reopened"), ("Bob", "reopened")]


def test_who_is_at_a_claim_or_answered_hears_that_its_words_changed(claim, settings):
    answer(claim, "true")
    with writing() as session:
        take_seat(session, claim, claim.people[1], now=NOW)
        edit_claim(session, claim, {"restated": "It carried fewer."}, version=None,
                   actor=claim.editor, now=NOW)  # fmt: skip
        mark_wording_changed(session, claim, NOW)
    assert sorted(told(settings)) == [("Ada", "wording-changed"), ("Bob", "wording-changed")]
    assert {one.details["about"] for one in notices("wording-changed")} == {"It carried fewer."}


def test_who_is_at_a_claim_that_is_merged_away_hears_of_that_once(claim, settings):
    answer(claim, "true")
    with writing() as session:
        stays = make_claim(session, claim.article, "The harbour", "accepted")
        save_draft(session, claim, claim.people[1], make_answer("false"), now=NOW)
        save_draft(session, stays, claim.people[2], make_answer("false"), now=NOW)
        merge_claims(session, [stays, claim], actor=claim.editor, now=NOW)
    assert sorted(told(settings)) == [
        ("Ada", "merged"), ("Bob", "merged"), ("Cleo", "wording-changed")
    ]  # fmt: skip
    for one in notices("merged"):
        assert (one.subject, one.details) == (stays.public_id, {"about": stays.restated})


def test_of_a_merge_that_was_taken_back_nobody_hears(claim, settings):
    answer(claim, "true")
    with writing() as session:
        stays = make_claim(session, claim.article, "The harbour", "accepted")
        merge_claims(session, [stays, claim], actor=claim.editor, now=NOW)
        take_back(session, claim, actor=claim.editor, now=NOW)
    assert told(settings) == []


def test_a_revision_with_other_words_asks_who_reviews_them_to_confirm(claim, settings):
    answer(claim, "true")
    with writing() as session:
        text = TEXT.replace("412,000", "412,500")
        revise_article(session, claim.article, from_text(text), actor=claim.editor, now=NOW)
    assert run_due(settings) == 1
    assert told(settings) == [("Ada", "wording-changed")]
    with writing() as session:
        assert own_review(session, claim, claim.people[0]).wording_changed


def test_a_revision_that_only_moves_words_asks_nobody(claim, settings):
    answer(claim, "true")
    with writing() as session:
        moved = from_text("Before it all. " + TEXT)
        revise_article(session, claim.article, moved, actor=claim.editor, now=NOW)
    assert run_due(settings) == 0
    assert told(settings) == []


def test_of_words_that_changed_nobody_hears_after_the_round(claim, settings):
    with writing() as session:
        take_seat(session, claim, claim.people[0], now=NOW)
        mark_wording_changed(session, claim, NOW)
    answer(claim, "true", "true")
    assert "wording-changed" not in [kind for _, kind in told(settings)]


def test_reviewers_hear_that_their_article_is_published(service, settings):
    with writing() as session:
        article, _ = make_ready_article(session, ["true"])
    before = told(settings)
    with writing() as session:
        publish_edition(session, article, note=None, actor=None, now=NOW)
    assert [kind for _, kind in told(settings)[len(before) :]] == ["published", "published"]
    notice = notices("published")[0]
    assert labels.sentence(notice).endswith("as edition 1.")
    assert notice.details["slug"] == article.slug


def test_editors_hear_of_a_letter_that_waits(claim, settings):
    words = inbox.Words("Where does this figure come from, please?", claim=claim.public_id)
    with writing() as session:
        inbox.send(session, words, address="192.0.2.1", key="k", now=NOW)
    assert told(settings) == [("Edda", "letter")]
    assert labels.sentence(notices("letter")[0]) == "A reader appeals against a verdict."


def test_a_seat_with_a_draft_that_ends_soon_is_told_of_once(claim, settings, time_passes):
    ada, bob, _ = claim.people
    with writing() as session:
        take_seat(session, claim, ada, now=NOW)
        save_draft(session, claim, ada, make_answer(), now=NOW)
        take_seat(session, claim, bob, now=NOW)  # without a draft: two hours, as everybody knows
    time_passes(timedelta(hours=65))
    assert told(settings) == []
    time_passes(timedelta(hours=2))
    assert told(settings) == [("Ada", "seat-ending")]
    assert labels.sentence(notices("seat-ending")[0]).startswith(
        "Your seat ends on 23 November 2026, 12:00."
    )
    time_passes(timedelta(hours=1))
    assert told(settings) == [("Ada", "seat-ending")]


def test_that_a_seat_without_words_ends_in_two_hours_is_no_news(claim, settings):
    with writing() as session:
        take_seat(session, claim, claim.people[0], now=NOW)
        empty = make_answer("true", rationale="", sources=())
        save_draft(session, claim, claim.people[0], empty, now=NOW)
    assert told(settings) == []


def test_seats_are_looked_at_every_few_minutes(claim, settings, time_passes):
    told(settings)
    with writing() as session:
        take_seat(session, claim, claim.people[0], now=NOW - timedelta(hours=67))
        save_draft(session, claim, claim.people[0], make_answer(), now=NOW - timedelta(hours=67))
    assert told(settings) == []
    time_passes(queries.SWEPT_EVERY)
    assert told(settings) == [("Ada", "seat-ending")]


def test_a_job_that_reads_the_log_again_makes_nothing_twice(claim, settings):
    answer(claim, "true", "true")
    told(settings)
    reopen(claim)
    before = told(settings)
    read_anew()
    assert told(settings) == before
    assert unread() == {"Ada": 2, "Bob": 2, "Edda": 1}


def test_a_job_that_is_killed_leaves_nothing_and_the_next_makes_each_once(
    claim, settings, monkeypatch
):
    answer(claim, "true", "true")

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(making.mailing, "ask", killed)
        with pytest.raises(KeyboardInterrupt):
            making.make_notices(settings)
    assert (found(), unread()) == ([], {})
    assert len(told(settings)) == 3


def test_a_long_log_is_read_in_parts(claim, settings, monkeypatch):
    monkeypatch.setattr(actions, "EVENTS_AT_ONCE", 2)
    with writing() as session:
        for _ in range(5):
            record(session, "claim.reopen", "of-no-claim", actor=None, now=NOW)
    answer(claim, "true", "true")
    assert told(settings) == [("Ada", "decided"), ("Bob", "decided"), ("Edda", "to-summarise")]
    with writing() as session:
        newest = queries.newest_event(session)
    assert current_session().scalar(sa.select(NoticeCursor.position)) == newest


def test_of_what_is_off_and_of_disabled_accounts_there_is_no_notice(claim, settings):
    ada, bob, _ = claim.people
    with writing() as session:
        actions.choose(session, ada, {Kind.DECIDED: Way.OFF}, actor=ada, now=NOW)
        make_person(session, "admin", name="Anna", password="correct horse battery")
    answer(claim, "true", "true")
    with writing() as session:
        accounts.disable(session, bob, actor=None, now=NOW)
    assert told(settings) == [("Edda", "to-summarise"), ("Anna", "to-summarise")]


def test_where_nothing_is_new_it_costs_one_query(claim, settings):
    answer(claim, "true", "true")
    told(settings)
    seen = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    making.make_notices(settings)
    assert [one for one in seen if "SELECT" in one.upper()] == seen
    assert len(seen) == 1


def test_what_happened_before_the_service_kept_notices_is_left_alone(service, settings):
    assert current_session().scalar(sa.select(NoticeCursor.position)) == 0
    assert told(settings) == []


def test_read_is_what_was_there_when_the_page_was_shown(claim, settings):
    answer(claim, "true", "true")
    told(settings)
    seen = notices("decided")[0].id
    reopen(claim)
    told(settings)
    for _ in range(2):
        with writing() as session:
            actions.mark_read(session, claim.people[0], until=seen, now=NOW)
    assert unread() == {"Ada": 1, "Bob": 2, "Edda": 1}
