"""Submitting, closing a round, approving, adjudicating, superseding, reopening."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from factcheck.claims.queries import wrong_counters
from factcheck.claims.rules import WrongState
from factcheck.decisions import actions, queries
from factcheck.decisions.rules import VerdictWords
from factcheck.failures import Forbidden, Invalid
from factcheck.reviews import queries as reviewing
from factcheck.reviews.actions import AlreadySubmitted, NoSeat, save_draft, take_seat
from factcheck.reviews.rules import DRAFT_LEASE, Cited
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import SOURCE, leave_open, make_answer, make_ready, review_as

LATER = NOW + timedelta(minutes=5)
WORDS = VerdictWords("true", "The register has it.")


@pytest.fixture
def claim(session):
    article = make_article(session, published="2026-10-12")
    return make_claim(session, article, state="accepted")


def test_two_reviews_in_one_group_close_the_round_and_decide(session, claim):
    review_as(session, claim, ["true", "true"], now=LATER)

    decision = queries.current_decision(session, claim)
    assert claim.state == "decided"
    assert (decision.kind, decision.rating, decision.group) == ("agreement", "true", "upper")
    assert (decision.options, decision.as_of) == (["true"], "2026-10-12")
    assert (decision.round.closed_at, decision.round.outcome) == (LATER, "decided")
    assert not wrong_counters(session)


def test_one_review_leaves_the_claim_accepted_and_its_version_as_it_was(session, claim):
    version = claim.version

    review_as(session, claim, ["true"])

    assert (claim.state, claim.version) == ("accepted", version)


def test_two_that_differ_open_a_third_seat_and_three_that_differ_are_a_dispute(session, claim):
    review_as(session, claim, ["true", "false"])
    assert len(reviewing.seats_of(session, reviewing.open_round(session, claim))) == 3

    review_as(session, claim, ["unproven"])

    assert claim.state == "disputed"
    assert reviewing.rounds_of(session, claim)[0].outcome == "disputed"
    with pytest.raises(queries.NoDecision):
        queries.current_decision(session, claim)


def test_alone_one_review_decides_and_its_author_does_not_approve_it(session, claim):
    claim.policy_key = "solo"
    editor, other = make_person(session, "editor"), make_person(session, "editor")
    actions.submit_review(session, claim, editor, make_answer(), now=NOW)
    assert claim.state == "decided"

    with pytest.raises(actions.ReviewedIt):
        actions.decide_claim(session, claim, WORDS, actor=editor, now=LATER)

    actions.decide_claim(session, claim, WORDS, actor=other, now=LATER)
    assert claim.state == "ready"


def test_an_answer_is_given_once(session, claim):
    person = make_person(session)
    actions.submit_review(session, claim, person, make_answer(), now=NOW)

    with pytest.raises(AlreadySubmitted):
        actions.submit_review(session, claim, person, make_answer("false"), now=LATER)
    with pytest.raises(AlreadySubmitted):
        save_draft(session, claim, person, make_answer("false"), now=LATER)

    assert reviewing.own_review(session, claim, person).rating == "true"


def test_an_answer_that_lacks_something_is_not_taken(session, claim):
    person = make_person(session)
    lacking = {
        "rating": make_answer(None),
        "rationale": make_answer(rationale=" "),
        "sources": make_answer("unproven", sources=()),
    }
    for field, answer in lacking.items():
        with pytest.raises(Invalid) as refused:
            actions.submit_review(session, claim, person, answer, now=NOW)
        assert refused.value.field == field

    actions.submit_review(session, claim, person, make_answer("not-checkable", sources=()), now=NOW)


def test_who_comes_too_late_is_kept_shown_and_not_counted(session, claim):
    slow, stranger = make_person(session), make_person(session)
    save_draft(session, claim, slow, make_answer("false"), now=NOW)
    after = NOW + DRAFT_LEASE
    review_as(session, claim, ["true", "true"], now=after)

    found = Cited("https://late.example/register", "refutes")
    answer = make_answer("false", sources=(found,))
    late = actions.submit_review(session, claim, slow, answer, now=after)

    assert (late.state, late.rating) == ("late", "false")
    assert late in reviewing.reviews_of(session, claim, stranger)
    indexed = sa.text("SELECT count(*) FROM search_words_sources JOIN sources ON sources.id ="
                      " search_words_sources.rowid WHERE url = :url")  # fmt: skip
    assert session.scalar(indexed, {"url": found.url}) == 1
    assert queries.ratings_by_round(session, [late.round_id]) == {late.round_id: ["true", "true"]}
    assert queries.current_decision(session, claim).rating == "true"
    with pytest.raises(AlreadySubmitted):
        actions.submit_review(session, claim, slow, make_answer(), now=after)


def test_without_a_seat_there_is_no_answer_to_give(session, claim):
    for _ in range(2):
        take_seat(session, claim, make_person(session), now=NOW)

    with pytest.raises(NoSeat) as refused:
        actions.submit_review(session, claim, make_person(session), make_answer(), now=NOW)
    assert refused.value.code == "no_seat"


def test_a_review_is_withdrawn_by_its_author_while_the_round_is_open(session, claim):
    person = make_person(session)
    review = actions.submit_review(session, claim, person, make_answer(), now=NOW)
    with pytest.raises(Forbidden):
        actions.withdraw_review(
            session, review, reason="x", actor=make_person(session, "admin"), now=LATER
        )
    with pytest.raises(Invalid):
        actions.withdraw_review(session, review, reason=" ", actor=person, now=LATER)

    actions.withdraw_review(session, review, reason="an interest", actor=person, now=LATER)

    assert (review.state, review.withdrawn_because) == ("withdrawn", "an interest")
    last = review_as(session, claim, ["false", "false"])[1]
    assert queries.current_decision(session, claim).rating == "false"
    with pytest.raises(actions.RoundClosed):
        actions.withdraw_review(session, last, reason="x", actor=last.person, now=LATER)


def test_a_third_review_that_is_withdrawn_leaves_a_round_that_still_ends(session, claim):
    first, _ = review_as(session, claim, ["true", "false"])
    actions.withdraw_review(session, first, reason="mistaken", actor=first.person, now=LATER)

    review_as(session, claim, ["false"])

    assert claim.state == "decided"
    assert queries.current_decision(session, claim).rating == "false"


def test_approving_shows_readers_the_words_and_the_reviews_sources(session, claim):
    decision = make_ready(session, claim, summary=" It is so. ", now=LATER, since_then="Sold.")

    assert claim.state == "ready"
    assert (decision.kind, decision.summary, decision.since_then) == (
        "approval",
        "It is so.",
        "Sold.",
    )
    assert decision.as_of == "2026-10-12"
    sources = queries.sources_of(session, decision)
    assert [(one.source.url, one.stance, one.quote) for one in sources] == [
        (SOURCE.url, "refutes", "Built 1923.")
    ]
    agreement, approval = queries.decisions_by_claim(session, [claim.id])[claim.id]
    assert approval.supersedes_id == agreement.id


def test_an_editor_picks_among_the_ratings_that_the_agreement_allows(session, claim):
    review_as(session, claim, ["true", "mostly-true"])
    editor = make_person(session, "editor")
    assert queries.current_decision(session, claim).rating is None

    with pytest.raises(Invalid) as refused:
        actions.decide_claim(
            session, claim, VerdictWords("mixed", "So so."), actor=editor, now=LATER
        )
    assert refused.value.field == "rating"

    words = VerdictWords("mostly-true", "Nearly.")
    assert actions.decide_claim(session, claim, words, actor=editor, now=LATER).rating == (
        "mostly-true"
    )


def test_a_dispute_is_settled_with_reasons_by_any_rating(session, claim):
    review_as(session, claim, ["true", "false", "unproven"])
    editor = make_person(session, "editor")

    with pytest.raises(Invalid) as refused:
        actions.decide_claim(
            session, claim, VerdictWords("mixed", "Both."), actor=editor, now=LATER
        )
    assert refused.value.field == "reasons"

    words = VerdictWords("mixed", "Both.", reasons="Each looked at one half.")
    decision = actions.decide_claim(session, claim, words, actor=editor, now=LATER)
    assert (decision.kind, decision.reasons) == ("adjudication", "Each looked at one half.")
    assert claim.state == "ready"


def test_a_dispute_is_left_open_and_settled_later(session, claim):
    first = leave_open(session, claim)
    assert (first.kind, first.rating, first.group) == ("adjudication", "disagree", "disagree")
    assert (claim.state, first.reasons) == ("ready", "Both books were kept with care.")
    assert [one.source.url for one in queries.sources_of(session, first)] == [SOURCE.url]

    words = VerdictWords("false", "The yard burnt in 1931.", reasons="Found since.")
    editor = make_person(session, "editor")
    second = actions.decide_claim(session, claim, words, actor=editor, now=LATER)

    assert (second.rating, second.supersedes_id) == ("false", first.id)
    assert queries.current_decision(session, claim) is second


def test_a_claim_left_open_is_reviewed_again_and_then_decided(session, claim):
    leave_open(session, claim)
    editor = make_person(session, "editor")
    actions.reopen_claim(session, claim, "new papers", actor=editor, now=LATER)
    review_as(session, claim, ["true", "true"])

    again = VerdictWords("disagree", "Told.", reasons="So.")
    with pytest.raises(Invalid) as refused:
        actions.decide_claim(session, claim, again, actor=editor, now=LATER)
    assert refused.value.field == "rating"
    assert actions.decide_claim(session, claim, WORDS, actor=editor, now=LATER).rating == "true"


def test_a_verdict_that_cannot_be_given_is_refused_by_field(session, claim):
    review_as(session, claim, ["true", "true"])
    editor = make_person(session, "editor")
    cases = {
        "summary": VerdictWords("true", " "),
        "as_of": VerdictWords("true", "a", as_of="2026-13"),
        "since_then": VerdictWords("true", "a", since_then="x" * 2_001),
        "sources": VerdictWords("true", "a", sources=()),
        "sources[0].url": VerdictWords("true", "a", sources=(Cited("x", "supports"),)),
    }
    for field, words in cases.items():
        with pytest.raises(Invalid) as refused:
            actions.decide_claim(session, claim, words, actor=editor, now=LATER)
        assert refused.value.field == field
    long = VerdictWords("true", "x" * 2_001)
    with pytest.raises(Invalid):
        actions.decide_claim(session, claim, long, actor=editor, now=LATER)
    assert claim.state == "decided"


def test_nothing_is_decided_before_the_reviews_end(session, claim):
    editor = make_person(session, "editor")
    review_as(session, claim, ["true"])

    with pytest.raises(actions.NotDecided):
        actions.decide_claim(session, claim, WORDS, actor=editor, now=LATER)


def test_a_later_decision_supersedes_and_both_stay(session, claim):
    first = make_ready(session, claim)
    editor = make_person(session, "editor")

    second = actions.decide_claim(
        session, claim, VerdictWords("true", "Said better."), actor=editor, now=LATER
    )

    assert claim.state == "ready"
    assert second.supersedes_id == first.id
    assert [one.summary for one in queries.decisions_by_claim(session, [claim.id])[claim.id]] == [
        None, "The register of inland vessels has the year.", "Said better.",
    ]  # fmt: skip


def test_reopening_starts_a_new_round_and_keeps_the_old(session, claim):
    before = make_ready(session, claim)
    editor = make_person(session, "editor")
    with pytest.raises(Invalid):
        actions.reopen_claim(session, claim, " ", actor=editor, now=LATER)

    actions.reopen_claim(session, claim, "new papers", actor=editor, now=LATER)

    assert claim.state == "accepted"
    assert queries.current_decision(session, claim) == before
    review_as(session, claim, ["false", "false"], now=LATER)
    assert [one.number for one in reviewing.rounds_of(session, claim)] == [1, 2]
    agreement = queries.current_decision(session, claim)
    assert (agreement.rating, agreement.supersedes_id) == ("false", before.id)
    assert make_ready(session, claim, "false").supersedes_id == agreement.id
    fresh = make_claim(session, claim.article, "nine to four")
    with pytest.raises(WrongState):
        actions.reopen_claim(session, fresh, "why not", actor=editor, now=LATER)


def test_who_reviewed_the_first_round_may_review_the_second(session, claim):
    one, _ = review_as(session, claim, ["true", "true"])
    actions.reopen_claim(session, claim, "again", actor=make_person(session, "editor"), now=LATER)

    again = actions.submit_review(session, claim, one.person, make_answer("false"), now=LATER)

    assert (again.round.number, again.state) == (2, "submitted")


def test_of_a_sensitive_claim_two_editors_sign_the_same_words(session, claim):
    claim.sensitive = True
    review_as(session, claim, ["true", "true"])
    one, other = make_person(session, "editor"), make_person(session, "editor")

    first = actions.decide_claim(session, claim, WORDS, actor=one, now=NOW)
    actions.decide_claim(session, claim, WORDS, actor=one, now=NOW)  # the same person again
    assert (claim.state, first.in_force) == ("decided", False)
    assert queries.current_decision(session, claim).kind == "agreement"

    changed = VerdictWords("true", "Other words.")
    assert not actions.decide_claim(session, claim, changed, actor=other, now=LATER).in_force
    assert claim.state == "decided"

    second = actions.decide_claim(session, claim, changed, actor=one, now=LATER)
    assert (claim.state, second.in_force) == ("ready", True)
    assert queries.current_decision(session, claim) == second


@pytest.mark.one_database
def test_where_meaning_is_known_it_counts_beside_words(session, claim, monkeypatch):
    numpy = pytest.importorskip("numpy")
    article = make_article(session, "The ferry was dear in spring.")
    make_ready(session, make_claim(session, article, "The ferry was dear in spring"))
    monkeypatch.setattr(queries, "installed", lambda: None)
    (by_words,) = queries.earlier_checks(session, claim)

    class Same:
        def vectors(self, texts):
            return numpy.ones((len(texts), 2)) / 2**0.5

    monkeypatch.setattr(queries, "installed", Same)
    (found,) = queries.earlier_checks(session, claim)
    assert found.claim is by_words.claim
    assert abs(found.match.similarity - (by_words.match.similarity + 1) / 2) < 0.01


def test_earlier_checks_are_claims_with_a_verdict_that_are_alike(session, claim):
    article = make_article(
        session, "The ferry carried 398,000 passengers in 2024. Bread was dear in spring."
    )
    like = make_claim(session, article, "The ferry carried 398,000 passengers in 2024")
    unlike = make_claim(session, article, "Bread was dear in spring")
    assert queries.earlier_checks(session, claim) == []
    make_ready(session, like, "false")
    make_ready(session, unlike)

    found = queries.earlier_checks(session, claim)

    assert [one.claim for one in found] == [like]
    assert found[0].decision.rating == "false"
    assert found[0].match.differences
