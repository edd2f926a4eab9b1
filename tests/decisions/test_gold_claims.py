"""What becomes of a gold claim that is retired, reworded, cut, merged or put aside."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.accounts.events import Event
from factcheck.claims.actions import accept_claim, dismiss_claim, take_back
from factcheck.claims.queries import wrong_counters
from factcheck.decisions import words
from factcheck.decisions.actions import submit_review
from factcheck.decisions.cutting import merge_claims, split_claim
from factcheck.desk.suggesting import stuck_claims
from factcheck.editions.assembling import Before, assemble
from factcheck.editions.redacting import strike_everywhere
from factcheck.notices import overdue
from factcheck.reviews import actions, gold, queries, talk, threads
from factcheck.reviews.dealing import deal_next
from factcheck.reviews.lapsed import lapsed
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, make_ready, review_as

QUOTE, OTHER = "The ferry carried 412,000 passengers in 2024", "the council voted nine to four"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def article(session):
    return make_article(session)


@pytest.fixture
def editor(session):
    return make_person(session, "editor")


@pytest.fixture
def known(session, article, editor):
    """A live gold claim."""
    claim = make_claim(session, article, QUOTE, "accepted")
    gold.make_gold(session, claim, "true", "Settled by H. Lund.", actor=editor, now=NOW)
    return claim


@pytest.fixture
def other(session, article):
    return make_claim(session, article, OTHER, "accepted")


@pytest.fixture
def person(session):
    return make_person(session)


def draft(session, claim, person, words="As far as I got"):
    return actions.save_draft(session, claim, person, make_answer(rationale=words), now=NOW)


def retire(session, claim, editor):
    return gold.retire(session, claim, counts=True, actor=editor, now=LATER)


def is_live(session, claim) -> bool:
    return claim.id in set(session.scalars(gold.live_claims()))


def test_an_edition_counts_the_rounds_that_decided_and_no_other(session, article, known, editor):
    review_as(session, known, ["false"] * 3)
    retire(session, known, editor)
    make_ready(session, known, editor=editor)
    record, _, ready = assemble(session, article, Before(None, {}, (), 0, None), note=None, now=NOW)
    assert list(ready) == [known.public_id]
    (shown,) = record["claims"]
    assert (shown["round"], shown["ratings"]) == (1, ["true", "true"])


def test_who_is_writing_when_it_is_retired_goes_on_as_if_nothing_had_been(session, known, editor):
    late, first, second = (make_person(session) for _ in range(3))
    actions.take_seat(session, known, late, now=NOW)
    kept = [draft(session, known, one) for one in (first, second)]
    ended = retire(session, known, editor).round

    opened = queries.open_round(session, known)
    assert (ended.number, ended.shown_number, opened.number) == (0, 1, 1)
    assert [one.round_id for one in kept] == [opened.id] * 2
    assert not any(one.wording_changed for one in kept)
    assert len(queries.held_seats(session, first, now=LATER)) == 1
    assert queries.held_seats(session, late, now=LATER) == []  # seats are two, writers come first
    assert all(seat.person_id is None for seat in queries.seats_of(session, ended))
    assert draft(session, known, first, "More").version == 2


def test_other_words_have_another_answer_so_it_is_a_gold_claim_no_longer(session, known, person):
    kept = draft(session, known, person)
    actions.mark_wording_changed(session, known, LATER)

    assert not is_live(session, known)
    assert kept.round_id == queries.open_round(session, known).id
    assert kept.wording_changed
    assert session.scalar(sa.select(Event.actor_id).where(Event.kind == "gold.retired")) is None
    submit_review(session, known, person, make_answer("true"), now=LATER)
    review_as(session, known, ["true"])
    assert known.state == "decided"


def test_cutting_it_retires_it_and_its_parts_are_reviewed_as_any_other(session, known, editor):
    review_as(session, known, ["true"] * 3)
    middle = known.start + len("The ferry carried")
    spans = [(known.start, middle), (middle + 1, known.end)]
    parts = split_claim(session, known, spans, actor=editor, now=LATER)

    assert not is_live(session, known)
    for one in parts:
        review_as(session, one, ["true", "true"])
        assert one.state == "decided"
    assert not wrong_counters(session)


@pytest.mark.parametrize("stays_gold", [True, False])
def test_merging_loses_no_draft_and_decides_nothing(session, article, editor, stays_gold):
    stays = make_claim(session, article, "On 3 March the council", "accepted")
    gone = make_claim(session, article, "nine to four", "accepted")
    known = stays if stays_gold else gone
    gold.make_gold(session, known, "true", "Settled.", actor=editor, now=NOW)
    kept = draft(session, gone, make_person(session))
    span = (stays.start, stays.end)  # so that the words of the one that stays do not change
    assert merge_claims(session, [stays, gone], span=span, actor=editor, now=LATER) is stays
    session.flush()

    assert kept.round_id == queries.open_round(session, stays).id
    assert is_live(session, known)
    assert gold.gold_claims(session, limit=9)[0].is_dealt == stays_gold
    review_as(session, stays, ["true"] * (3 if stays_gold else 1))
    retire(session, known, editor)
    assert stays.state == "accepted"
    assert not wrong_counters(session)


def test_a_merge_that_moves_its_edges_retires_it_and_carries_the_draft_on(session, article, editor):
    stays = make_claim(session, article, "On 3 March the council", "accepted")
    gone = make_claim(session, article, "nine to four", "accepted")
    gold.make_gold(session, stays, "true", "Settled.", actor=editor, now=NOW)
    kept = draft(session, gone, make_person(session))
    assert merge_claims(session, [stays, gone], actor=editor, now=LATER) is stays

    assert not is_live(session, stays)
    assert kept.round_id == queries.open_round(session, stays).id
    submit_review(session, stays, kept.person, make_answer("true"), now=LATER)
    review_as(session, stays, ["true"])
    assert stays.state == "decided"
    assert not wrong_counters(session)


def test_what_is_put_aside_is_not_dealt_and_goes_on_as_it_was_once_it_is_back(
    session, known, other, editor, monkeypatch
):
    gold.set_rate(session, 5, actor=make_person(session, "admin"), now=NOW)
    monkeypatch.setattr("factcheck.reviews.dealing._draw.random", lambda: 0.0)
    dismiss_claim(session, known, "opinion", actor=editor, now=NOW)
    person = make_person(session)
    assert deal_next(session, person, now=NOW).round.claim is other
    (shown,) = gold.gold_claims(session, limit=9)
    assert not shown.is_dealt

    take_back(session, known, actor=editor, now=NOW)
    accept_claim(session, known, actor=editor, now=NOW)
    assert gold.gold_claims(session, limit=9)[0].is_dealt
    assert deal_next(session, make_person(session), now=NOW).round.claim is known

    dismiss_claim(session, known, "opinion", actor=editor, now=NOW)
    retire(session, known, editor)
    assert not wrong_counters(session)


def test_what_was_asked_of_editors_opens_to_no_other_reviewer(session, known, editor, person):
    asked = talk.add_comment(session, known, "Is this a test?", actor=person, now=NOW)
    talk.add_comment(session, known, "Which year?", actor=editor, now=NOW, answers=asked.public_id)
    retire(session, known, editor)
    review_as(session, known, ["true", "true"])

    stranger = make_person(session)
    assert known.state == "decided"
    assert threads.comments_of(session, known, stranger) == []
    assert len(threads.comments_of(session, known, person)) == 2
    assert len(threads.comments_of(session, known, editor)) == 2
    talk.add_comment(session, known, "Well done.", actor=person, now=LATER)
    assert [one.text for one in threads.comments_of(session, known, stranger)] == ["Well done."]


def test_editors_are_not_told_that_it_is_stuck_and_are_again_of_what_was_retired(
    session, known, other, editor
):
    then = NOW + timedelta(days=14, hours=1)
    for one in (known, other):
        actions.take_seat(session, one, make_person(session), now=then - timedelta(days=1))

    def stuck():
        return {
            one.claim.id for one in stuck_claims(session, editor, now=then, after=None, limit=9)
        }

    soon = then - timedelta(hours=22)
    assert [one.claim.id for one in lapsed(session, editor, now=soon, limit=9)] == [other.id]
    assert stuck() == {other.id}
    overdue.sweep(session, now=then)
    told = session.scalars(sa.select(Event.details).where(Event.kind == "article.stuck")).all()
    assert [one["claims"] for one in told] == [1]
    retire(session, known, editor)
    assert stuck() == {other.id, known.id}


def test_words_of_its_reviews_are_found_by_nobody(session, known, editor):
    review_as(session, known, ["true"])
    retire(session, known, editor)
    for kind in (words.Kind.RATIONALES, words.Kind.SOURCES):
        count = f"SELECT count(*) FROM search_words_{kind}"
        assert session.execute(sa.text(count)).scalar_one() == 0
        words.refill(session.connection(), kind)
        assert session.execute(sa.text(count)).scalar_one() == 0


def test_words_that_are_purged_go_from_how_an_answer_is_known_too(session, known):
    strike_everywhere(session, ["H. Lund"])
    assert gold.gold_claims(session, limit=9)[0].answer.reasons == "Settled by ██ ████."
