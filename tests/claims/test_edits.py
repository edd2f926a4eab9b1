"""Making claims of words, changing them, splitting and merging them, carrying them over."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from factcheck.articles.intake import from_text
from factcheck.articles.queries import revision
from factcheck.claims import queries
from factcheck.claims.actions import (
    AlreadyClaimed,
    StaleVersion,
    dismiss_claim,
    edit_claim,
    import_article,
    merge_claims,
    propose_claim,
    revise_article,
    split_claim,
    take_back,
)
from factcheck.claims.models import Claim
from factcheck.claims.rules import WrongState
from factcheck.failures import Invalid
from tests.articles.factories import TEXT
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW

WORDS = "The ferry carried 412,000 passengers in 2024"


def assert_anchored(session, article):
    """Every claim's words stand where it says, and the counters are right."""
    session.flush()
    text = revision(session, article).text
    for claim in queries.claims_of(session, article):
        if claim.start is not None:
            assert text[claim.start : claim.end] == claim.quote
            assert text[: claim.start].endswith(claim.prefix)
            assert text[claim.end :].startswith(claim.suffix)
    assert not queries.wrong_counters(session)


def test_an_import_proposes_claims_where_they_stand(session):
    article = import_article(session, from_text(TEXT), actor=None, now=NOW)

    claims = queries.claims_of(session, article)

    assert [claim.quote for claim in claims][:1] == [WORDS + "."]
    assert {claim.state for claim in claims} == {"proposed"}
    assert queries.counts_of(session, article)["proposed"] == len(claims)
    assert claims == sorted(claims, key=lambda claim: claim.start)
    assert_anchored(session, article)


def test_a_person_s_claim_is_trimmed_restated_and_scored(session):
    article = make_article(session)
    start = TEXT.index(WORDS)

    claim = propose_claim(session, article, start - 2, start + len(WORDS), actor=None, now=NOW)

    assert (claim.quote, claim.restated) == (WORDS, WORDS + ".")
    assert claim.score > 0.3
    assert_anchored(session, article)


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (7, 5), (0, 10_000), (22, 24)])
def test_a_span_without_words_or_outside_of_the_text_is_no_claim(session, span):
    article = make_article(session)

    with pytest.raises(Invalid):
        propose_claim(session, article, *span, actor=None, now=NOW)


def test_the_very_same_words_are_claimed_once_unless_dismissed(session):
    article = make_article(session)
    claim = make_claim(session, article, WORDS)

    with pytest.raises(AlreadyClaimed):
        propose_claim(session, article, claim.start, claim.end + 0, actor=None, now=NOW)

    dismiss_claim(session, claim, "opinion", actor=None, now=NOW)
    again = propose_claim(session, article, claim.start, claim.end, actor=None, now=NOW)
    assert again.id != claim.id


def test_edges_restatement_and_handling_are_edited_under_a_version(session):
    article = make_article(session)
    claim = make_claim(session, article, WORDS)

    different = edit_claim(
        session, claim,
        {"end": claim.end - 8, "restated": "In 2024 the  ferry was busy.", "priority": 3,
         "policy": "solo", "sensitive": True, "claimant": " Ada "},
        version=1, actor=None, now=NOW,
    )  # fmt: skip

    assert different == {"end", "restated", "priority", "policy", "sensitive", "claimant"}
    assert claim.quote == "The ferry carried 412,000 passengers"
    assert claim.restated == "In 2024 the ferry was busy."
    assert (claim.policy_key, claim.claimant, claim.version) == ("solo", "Ada", 2)
    assert_anchored(session, article)
    with pytest.raises(StaleVersion):
        edit_claim(session, claim, {"priority": 0}, version=1, actor=None, now=NOW)


def test_what_already_is_stays_without_a_new_version(session):
    claim = make_claim(session, make_article(session), WORDS)

    same = edit_claim(
        session, claim,
        {"start": claim.start, "end": claim.end, "restated": claim.restated, "policy": None},
        version=1, actor=None, now=NOW,
    )  # fmt: skip

    assert same == frozenset()
    assert claim.version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("restated", "  "), ("restated", "x" * 2001), ("priority", 4), ("policy", "coin"),
     ("start", 9_000), ("state", "ready"), ("claimant", "x" * 201), ("restated", "a\x00")],
)  # fmt: skip
def test_an_edit_that_cannot_be_kept_changes_nothing(session, field, value):
    claim = make_claim(session, make_article(session), WORDS)

    with pytest.raises(Invalid):
        edit_claim(session, claim, {field: value}, version=1, actor=None, now=NOW)

    assert claim.version == 1
    assert claim.quote == WORDS


def test_edges_cannot_be_moved_onto_another_claim(session):
    article = make_article(session)
    claim, other = make_claim(session, article, WORDS), make_claim(session, article, "The ferry")

    with pytest.raises(AlreadyClaimed):
        edit_claim(session, other, {"end": claim.end}, version=1, actor=None, now=NOW)


def test_a_split_keeps_the_first_and_makes_the_others_of_its_kind(session):
    article = make_article(session)
    claim = make_claim(session, article, WORDS, "accepted", priority=1, policy_key="solo")
    middle = claim.start + WORDS.index(" in 2024")

    first, second = split_claim(
        session, claim, [(claim.start, middle), (middle, claim.end)], actor=None, now=NOW
    )

    assert first is claim
    assert (first.quote, second.quote) == ("The ferry carried 412,000 passengers", "in 2024")
    assert (second.state, second.policy_key) == ("accepted", "solo")
    assert second.public_id != first.public_id
    assert_anchored(session, article)


def test_parts_of_a_split_are_two_or_more_different_ones_inside(session):
    claim = make_claim(session, make_article(session), WORDS)
    start, end = claim.start, claim.end

    for spans in ([], [(start, end)], [(start, end), (start, end)], [(start, end), (0, 5)]):
        with pytest.raises(Invalid):
            split_claim(session, claim, spans, actor=None, now=NOW)
    with pytest.raises(StaleVersion):
        split_claim(session, claim, [(start, end)], version=9, actor=None, now=NOW)


def test_merged_claims_lead_to_the_first_and_one_can_be_taken_back(session):
    article = make_article(session)
    late = make_claim(session, article, "nine to four", "accepted")
    early = make_claim(session, article, "On 3 March the council", "accepted")

    stays = merge_claims(session, [late, early], actor=None, now=NOW)
    session.flush()

    assert stays is early
    assert stays.quote == "On 3 March the council voted nine to four"
    assert (late.state, late.dismissal, late.merged_into_id) == ("dismissed", "same-as", early.id)
    assert queries.standing(queries.claim(session, late.public_id)) is early
    assert_anchored(session, article)

    take_back(session, late, actor=None, now=NOW)
    session.flush()
    assert (late.state, late.merged_into_id, queries.standing(late)) == ("proposed", None, late)
    assert_anchored(session, article)


def test_claims_of_two_articles_or_one_alone_are_not_merged(session):
    one = make_claim(session, make_article(session), WORDS)
    other = make_claim(session, make_article(session), WORDS)

    for claims in ([one, other], [one], [one, one]):
        with pytest.raises(Invalid):
            merge_claims(session, claims, actor=None, now=NOW)


@pytest.mark.parametrize("state", ["decided", "ready", "disputed", "dismissed"])
def test_a_claim_that_was_decided_or_put_aside_is_not_split_by_itself(session, state):
    claim = make_claim(session, make_article(session), WORDS, state)

    with pytest.raises(WrongState):
        split_claim(
            session, claim, [(claim.start, claim.start + 9), (claim.start + 10, claim.end)],
            actor=None, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("early", ["proposed", "accepted", "disputed", "decided"])
def test_of_merged_claims_the_one_nearest_to_readers_stays_wherever_it_stands(session, early):
    article = make_article(session)
    first = make_claim(session, article, "On 3 March the council", early)
    second = make_claim(session, article, "nine to four", "ready")

    assert merge_claims(session, [first, second], actor=None, now=NOW) is second
    assert second.quote == "On 3 March the council voted nine to four"
    assert (second.state, first.merged_into_id) == ("ready", second.id)
    assert_anchored(session, article)


def test_a_merge_with_a_sensitive_claim_is_sensitive(session):
    article = make_article(session)
    first = make_claim(session, article, WORDS)
    second = make_claim(session, article, "nine to four", sensitive=True)

    assert merge_claims(session, [first, second], actor=None, now=NOW) is first
    assert first.sensitive


@pytest.mark.parametrize(("one", "other"), [("ready", "ready"), ("accepted", "dismissed")])
def test_what_readers_are_told_of_and_what_was_put_aside_is_not_merged_away(session, one, other):
    article = make_article(session)
    claims = [make_claim(session, article, WORDS, one),
              make_claim(session, article, "nine to four", other)]  # fmt: skip

    with pytest.raises(WrongState):
        merge_claims(session, claims, actor=None, now=NOW)


def test_a_revision_carries_every_claim_over(session):
    article = make_article(session)
    kept = make_claim(session, article, "The harbour")
    moved = make_claim(session, article, WORDS, "ready")
    gone = make_claim(session, article, "Nobody in the town was surprised", "accepted")
    changed = make_claim(session, article, "the council voted nine to four to end the service")
    text = TEXT.replace("Nobody in the town was surprised. ", "").replace("nine", "ten")
    text = text.replace("The ferry", "As said, The ferry").replace(
        "Nobody in the town was surprised.", ""
    )

    report = revise_article(session, article, from_text(text), actor=None, now=NOW)

    assert dict(report) == {kept: "unchanged", moved: "moved", gone: "gone", changed: "changed"}
    assert (moved.state, moved.quote) == ("ready", WORDS)
    assert (gone.start, gone.end, gone.state) == (None, None, "accepted")
    assert gone.quote == "Nobody in the town was surprised"
    assert changed.quote == "the council voted ten to four to end the service"
    assert kept.version == 1
    assert moved.version > 1
    assert_anchored(session, article)
    assert queries.claims_of(session, article)[-1] is gone


def test_a_claim_that_is_gone_stays_gone_and_has_no_edges(session):
    article = make_article(session)
    claim = make_claim(session, article, "Nobody in the town was surprised")
    revise_article(session, article, from_text("Something else entirely."), actor=None, now=NOW)

    revise_article(session, article, from_text(TEXT), actor=None, now=NOW)

    assert (claim.start, claim.anchor) == (None, "gone")
    assert claim.revision_id == revision(session, article).id


def test_the_database_itself_refuses_a_span_outside_of_its_text(session):
    claim = make_claim(session, make_article(session), WORDS)

    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.update(Claim).where(Claim.id == claim.id).values(end=10_000))
