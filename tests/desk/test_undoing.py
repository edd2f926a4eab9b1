"""Undoing what was done in triage and doing it again: every step, and what stands against it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factcheck.accounts.events import Event
from factcheck.claims import actions
from factcheck.claims.actions.putting_back import stands_of
from factcheck.claims.queries import claims_of, wrong_counters
from factcheck.claims.rules import WrongState
from factcheck.decisions import cutting
from factcheck.desk.triage.steps import (
    MOST_KEPT,
    SHOWN,
    Did,
    keeping,
    recent_steps,
    steps_of,
)
from factcheck.desk.triage.undoing import ChangedSince, SeatTaken, redo, undo
from factcheck.failures import Conflict, Failure, Missing
from factcheck.reviews.actions import save_draft
from factcheck.reviews.models import Review
from factcheck.reviews.queries import own_review
from tests.accounts.factories import make_person
from tests.articles.factories import TEXT
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.effort import examples
from tests.reviews.factories import make_answer

WORDS = "voted nine to four to end the service"


@pytest.fixture
def article(session):
    return make_article(session, proposed=True)


@pytest.fixture
def ed(session):
    return make_person(session, "editor")


class Triage:
    """An editor at work on one article, through the verbs that the page and the API use."""

    def __init__(self, session, article, actor):
        self.session, self.article, self.who = session, article, {"actor": actor, "now": NOW}
        self.actor = actor

    def keeping(self, did, *claims):
        return keeping(self.session, self.article, claims, did, **self.who)

    def edit(self, claim, **changes):
        with self.keeping(Did.EDITED, claim):
            actions.edit_claim(self.session, claim, changes, version=None, **self.who)

    def tag(self, claim, *tags):
        with self.keeping(Did.EDITED, claim):
            actions.tag_claim(self.session, claim, tags, **self.who)

    def accept(self, *claims):
        with self.keeping(Did.ACCEPTED_ALL, *claims):
            actions.accept_claims(self.session, claims, **self.who)

    def dismiss(self, claim, reason="opinion"):
        with self.keeping(Did.DISMISSED, claim):
            actions.dismiss_claim(self.session, claim, reason, **self.who)

    def take_back(self, claim):
        with self.keeping(Did.TAKEN_BACK, claim):
            actions.take_back(self.session, claim, **self.who)

    def split(self, claim, at):
        with self.keeping(Did.SPLIT, claim) as made:
            spans = [(claim.start, at), (at, claim.end)]
            first, *parts = cutting.split_claim(self.session, claim, spans, **self.who)
            made.by_split(first, parts)
        return parts[0]

    def merge(self, claim, other):
        with self.keeping(Did.MERGED, claim, other):
            return cutting.merge_claims(self.session, [claim, other], **self.who)

    def propose(self, start, end):
        with self.keeping(Did.PROPOSED) as made:
            claim = actions.propose_claim(self.session, self.article, start, end, **self.who)
            made.by_hand(claim)
        return claim

    def step(self, place=0):
        return steps_of(self.session, self.article, self.actor)[place].public_id

    def undo(self, place=0):
        return undo(self.session, self.step(place), **self.who)

    def redo(self, place=0):
        return redo(self.session, self.step(place), **self.who)

    def stands(self):
        """How every claim of the article stands."""
        return stands_of(self.session, claims_of(self.session, self.article))


@pytest.fixture
def triage(session, article, ed):
    return Triage(session, article, ed)


@pytest.fixture
def claim(session, article):
    """A claim whose score and restated form would come out otherwise, were they made anew."""
    return make_claim(session, article, WORDS, score=0.77, reasons=["by hand"],
                      restated="It was  voted.")  # fmt: skip


def draft_of(session, claim, person):
    return save_draft(session, claim, person, make_answer(), now=NOW)


def split_place(claim):
    return claim.start + claim.quote.index(" to end")


STEPS = {
    "edit": lambda t, c: t.edit(c, restated="They voted.", priority=3, claimant="Ann",
                                sensitive=True, policy="solo"),
    "edge": lambda t, c: t.edit(c, end=c.end - len(" service")),
    "tag": lambda t, c: t.tag(c, "harbour", "money"),
    "accept": lambda t, c: t.accept(c),
    "dismiss": lambda t, c: t.dismiss(c),
    "split": lambda t, c: t.split(c, split_place(c)),
    "propose": lambda t, c: t.propose(c.start, c.end - len(" service")),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_undone_and_done_again_to_the_letter(session, triage, claim, name):
    before = triage.stands()
    STEPS[name](triage, claim)
    after = triage.stands()
    assert after != before

    triage.undo()
    assert {key: triage.stands()[key] for key in before} == before
    triage.redo()
    assert triage.stands() == after
    assert not wrong_counters(session)


def test_a_claim_that_was_split_is_whole_again_and_the_part_leads_to_it(session, triage, claim):
    part = triage.split(claim, split_place(claim))
    triage.undo()

    assert claim.quote == WORDS
    assert (part.state, part.dismissal, part.merged_into_id) == ("dismissed", "same-as", claim.id)
    triage.redo()
    assert (part.state, part.merged_into_id, part.quote) == ("proposed", None, "to end the service")
    assert claim.quote == "voted nine to four"


def test_a_merge_is_undone_with_both_as_they_were(session, triage, article, claim):
    other = make_claim(session, article, "nine to four", "accepted")
    before = triage.stands()

    assert triage.merge(claim, other) is other
    assert claim.merged_into_id == other.id
    triage.undo()

    assert triage.stands() == before
    triage.redo()
    assert claim.merged_into_id == other.id
    assert other.quote == WORDS


def test_many_steps_are_undone_one_after_the_other_and_done_again(session, triage, claim):
    stands = [triage.stands()]
    for step in (STEPS["edge"], STEPS["edit"], STEPS["tag"], STEPS["accept"], STEPS["dismiss"]):
        step(triage, claim)
        stands.append(triage.stands())

    for place, before in enumerate(reversed(stands[:-1])):
        triage.undo(place)
        assert triage.stands() == before
    for place, after in zip(reversed(range(5)), stands[1:], strict=True):
        triage.redo(place)
        assert triage.stands() == after


CHOSEN = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9)), max_size=7)


@pytest.mark.one_database
@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(chosen=CHOSEN)
def test_any_steps_are_undone_to_the_letter_in_their_order(session, triage, claim, chosen):
    with session.begin_nested() as whole:
        _go_there_and_back(session, triage, chosen)
        whole.rollback()


def _go_there_and_back(session, triage, chosen):
    stands = [triage.stands()]
    for name, place in chosen:
        claims = claims_of(session, triage.article)
        try:
            with session.begin_nested():
                STEPS[name](triage, claims[place % len(claims)])
        except (Failure, ValueError):  # it cannot be done, or has no such words
            continue
        if triage.stands() != stands[-1]:
            stands.append(triage.stands())

    for place, before in enumerate(reversed(stands[:-1])):
        triage.undo(place)
        now = triage.stands()
        assert {key: now[key] for key in before} == before
        assert all(now[key]["state"][0] == "dismissed" for key in now.keys() - before.keys())
    assert not wrong_counters(session)


def test_what_somebody_else_changed_since_stays_and_nothing_else_of_the_step_is_undone(
    session, triage, article, claim
):
    other = make_claim(session, article, "March the council voted")
    stays = triage.merge(claim, other)
    actions.edit_claim(session, stays, {"restated": "Another's words."}, version=None,
                       actor=make_person(session, "editor"), now=NOW)  # fmt: skip
    before = triage.stands()

    with pytest.raises(ChangedSince, match="changed since"), session.begin_nested():
        triage.undo()
    assert triage.stands() == before
    assert not steps_of(session, article, triage.actor)[0].undone_at


def test_what_the_step_did_not_touch_may_change_meanwhile(session, triage, claim):
    triage.edit(claim, restated="They voted.")
    actions.edit_claim(session, claim, {"priority": 3}, version=None,
                       actor=make_person(session, "editor"), now=NOW)  # fmt: skip

    triage.undo()

    assert claim.restated != "They voted."
    assert claim.priority == 3


def test_a_claim_that_a_reviewer_was_given_stays_open_and_the_others_are_taken_back(
    session, triage, article, claim
):
    other = make_claim(session, article, "nine to four")
    triage.accept(claim, other)
    draft_of(session, claim, make_person(session))

    turned = triage.undo()

    assert (claim.state, other.state) == ("accepted", "proposed")
    assert turned.left == [claim]
    triage.redo()
    assert other.state == "accepted"


def test_all_that_were_accepted_may_have_reviewers_by_then(session, triage, claim):
    triage.accept(claim)
    draft_of(session, claim, make_person(session))

    with pytest.raises(ChangedSince), session.begin_nested():
        triage.undo()
    assert claim.state == "accepted"


def test_one_accepted_by_itself_is_refused_with_its_words(session, triage, claim):
    with triage.keeping(Did.ACCEPTED, claim):
        actions.accept_claim(session, claim, **triage.who)
    draft_of(session, claim, make_person(session))

    with pytest.raises(SeatTaken, match="given to a reviewer"), session.begin_nested():
        triage.undo()


def test_what_was_decided_does_not_come_back_by_undoing(session, triage, article):
    claim = make_claim(session, article, WORDS, "decided")
    triage.dismiss(claim)
    with pytest.raises(WrongState), session.begin_nested():
        triage.undo()
    assert claim.state == "dismissed"


def test_who_is_writing_is_asked_to_confirm_and_a_draft_goes_back_with_the_words(
    session, triage, article
):
    claim = make_claim(session, article, WORDS, "accepted")
    part = triage.split(claim, split_place(claim))
    writer = make_person(session)
    draft_of(session, part, writer)
    session.flush()

    triage.undo()

    draft = session.scalar(sa.select(Review).where(Review.person_id == writer.id))
    assert draft.round.claim_id == claim.id
    assert own_review(session, claim, writer).wording_changed
    assert part.merged_into_id == claim.id


def test_undoing_asks_reviewers_of_the_words_anew(session, triage, article):
    claim = make_claim(session, article, WORDS, "accepted")
    writer = make_person(session)
    triage.edit(claim, restated="They voted.")
    review = draft_of(session, claim, writer)
    review.wording_changed = False
    session.flush()

    triage.undo()

    session.refresh(review)
    assert review.wording_changed


def test_words_of_an_older_revision_do_not_come_back(session, triage, article, claim):
    from factcheck.articles.intake import from_text

    triage.edit(claim, restated="They voted.")
    actions.revise_article(session, article, from_text("News. " + TEXT), **triage.who)

    with pytest.raises(ChangedSince), session.begin_nested():
        triage.undo()
    assert claim.restated == "They voted."


def test_the_words_may_have_become_another_claim(session, triage, article, claim):
    triage.edit(claim, end=claim.end - len(" service"))
    other = make_claim(session, article, WORDS)

    with pytest.raises(actions.AlreadyClaimed), session.begin_nested():
        triage.undo()
    actions.dismiss_claim(session, other, "opinion", **triage.who)
    triage.undo()
    assert claim.quote == WORDS


def test_a_step_is_its_owners_and_is_turned_once(session, triage, claim):
    triage.edit(claim, priority=3)
    step = triage.step()
    with pytest.raises(Missing):
        undo(session, step, actor=make_person(session, "editor"), now=NOW)
    with pytest.raises(Conflict, match="done again already"):
        triage.redo()
    triage.undo()
    with pytest.raises(Conflict, match="undone already"):
        triage.undo()


def test_a_new_step_ends_what_could_be_done_again_and_the_oldest_go(session, triage, claim):
    triage.edit(claim, priority=3)
    triage.undo()
    triage.edit(claim, priority=2)
    assert [one.undone_at for one in steps_of(session, triage.article, triage.actor)] == [None]

    for count in range(MOST_KEPT):
        triage.edit(claim, priority=count % 2)
    steps = steps_of(session, triage.article, triage.actor)
    assert len(steps) == MOST_KEPT
    assert steps[0].claims[0]["after"] == {"priority": (MOST_KEPT - 1) % 2}


def test_the_page_is_shown_the_newest_steps_and_the_one_to_do_again(session, triage, claim):
    for count in range(SHOWN + 3):
        triage.edit(claim, priority=count % 2)
    newest = [one.id for one in steps_of(session, triage.article, triage.actor)]
    triage.undo(0)
    triage.undo(1)

    shown = [one.id for one in recent_steps(session, triage.article, triage.actor)]

    assert shown == [newest[1], *newest[2 : SHOWN + 2]]


def test_what_changes_nothing_is_no_step(session, triage, claim):
    triage.edit(claim, priority=claim.priority)
    assert steps_of(session, triage.article, triage.actor) == []


def test_the_log_has_the_step_and_its_undoing(session, triage, claim):
    triage.dismiss(claim)
    step = triage.step()
    triage.undo()

    last = session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (last.kind, last.subject_id, last.actor_id) == (
        "claim.take-back", claim.public_id, triage.actor.id,
    )  # fmt: skip
    assert last.details == {"undoes": step}
