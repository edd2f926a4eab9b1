"""A merge while people write: whatever comes first, no word that was taken is lost."""

from __future__ import annotations

import pytest

from factcheck.accounts.queries import person_by_public_id
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import wrong_counters
from factcheck.db import writing
from factcheck.decisions.actions import submit_review
from factcheck.decisions.cutting import merge_claims
from factcheck.reviews import queries
from factcheck.reviews.actions import save_draft
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.claims.test_together import at_once
from tests.conftest import NOW
from tests.reviews.factories import make_answer


@pytest.mark.parametrize("turn", range(4))
def test_drafts_and_answers_sent_during_a_merge_are_all_there_afterwards(app, turn):
    with app.app_context(), writing() as session:
        article = make_article(session)
        stays = make_claim(session, article, "The harbour", "accepted").public_id
        gone = make_claim(session, article, "nine to four", "accepted").public_id
        people = [make_person(session).public_id for _ in range(6)]

    def writes(number):
        def job(session):
            claim = claim_of(session, stays if number % 3 == 2 else gone)
            person = person_by_public_id(session, people[number])
            send = submit_review if number % 2 else save_draft
            send(session, claim, person, make_answer(rationale=f"words {number}"), now=NOW)
            return f"words {number}"

        return job

    def merges(session):
        merge_claims(session, [claim_of(session, one) for one in (gone, stays)], actor=None,
                     now=NOW)  # fmt: skip

    jobs = [writes(number) for number in range(6)]
    jobs.insert(turn, merges)
    told = at_once(app, *jobs)

    # Two answers that agree close the round, so that who comes behind them finds it closed.
    refused = {"no_seat", "merged_away", "not_in_review"}
    assert set(told) <= {None, *refused, *(f"words {one}" for one in range(6))}
    with app.app_context(), writing() as session:
        # Where answers that agree decided the other one first, that is the one that stays.
        ends = [claim_of(session, one) for one in (stays, gone)]
        (claim,) = [one for one in ends if one.merged_into_id is None]
        for number, public_id in enumerate(people):
            person = person_by_public_id(session, public_id)
            around = queries.rounds_around(session, claim, person)
            found = [one.review.rationale for one in around if one.review]
            assert found == ([f"words {number}"] if f"words {number}" in told else [])
        assert not wrong_counters(session)
        for one in ends:
            for round_ in queries.rounds_of(session, one):
                seated = [seat.person_id for seat in queries.seats_of(session, round_)]
                assert len(seated) <= 3
