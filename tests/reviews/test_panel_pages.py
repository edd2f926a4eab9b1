"""What people see of a draw: in the queue, on the claim's page, and by the job that draws."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from factcheck import clock, jobs
from factcheck.articles.actions import edit_article
from factcheck.claims.actions import accept_claim, dismiss_claim, edit_claim
from factcheck.claims.models import Claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import reopen_claim, submit_review
from factcheck.outbox import OutboxJob
from factcheck.reviews.models import Lot, Panel
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer
from tests.reviews.panels import look_after, make_crowd_claim, seated
from tests.web.client import post_form, signed_in

DRAWN = "You were drawn for this claim"
BY_LOT = "Reviewers of this claim are drawn by lot"


@pytest.fixture
def drawn(app):
    """A claim with a panel: its page, two of those drawn, one who was not, and an editor."""
    with app.app_context(), writing() as session:
        claim = make_crowd_claim(session, people=9, now=clock.now())
        return {
            "page": f"/work/claims/{claim.public_id}",
            "claim": claim.id,
            "people": [person.email for person in seated(session, claim)],
            "other": make_person(session).email,
            "editor": make_person(session, "editor").email,
        }


def test_who_was_drawn_is_told_first_in_the_queue_and_begins_there(app, drawn):
    client = signed_in(app, drawn["people"][0])
    page = client.get("/queue").text
    assert page.index(DRAWN) < page.index("What next")

    answer = post_form(client, drawn["page"] + "/seat", {}, page="/queue")

    assert answer.location == drawn["page"]
    assert 'name="rating"' in client.get(drawn["page"]).text
    after = client.get("/queue").text
    assert DRAWN not in after
    assert drawn["page"] in after


def test_who_was_drawn_refuses_with_one_tap(app, drawn):
    client = signed_in(app, drawn["people"][0])

    answer = post_form(client, drawn["page"] + "/skip", {"from": "queue"}, page="/queue")

    assert answer.location == "/queue"
    assert DRAWN not in client.get("/queue").text
    with app.app_context():
        ended = current_session().scalars(sa.select(Lot.ended_as).where(Lot.ended_at.is_not(None)))
        assert ended.all() == ["refused"]


def test_who_was_not_drawn_reads_so_and_gets_no_seat(app, drawn):
    client = signed_in(app, drawn["other"])
    assert DRAWN not in client.get("/queue").text
    page = client.get(drawn["page"]).text
    assert BY_LOT in page
    assert "Ask for a seat" not in page
    assert "How its reviewers were drawn" not in page

    assert post_form(client, drawn["page"] + "/seat", {}, page="/queue").status_code == 403


def test_the_page_of_who_was_not_drawn_is_the_same_before_and_after_the_draw(app):
    with app.app_context(), writing() as session:
        claim = make_crowd_claim(session, people=4)
        reader = make_person(session, name="Reader")
        reader.interests = []
        reader.languages = ["is"]
        page, email = f"/work/claims/{claim.public_id}", reader.email
    client = signed_in(app, email)
    before = client.get(page).text
    with app.app_context(), writing() as session:
        claim = session.scalars(sa.select(Claim)).one()
        make_person(session)
        look_after(session, claim, now=clock.now())
        assert session.scalar(sa.select(sa.func.count(Panel.id))) == 1

    assert _words(client.get(page).text) == _words(before)


def _words(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_editors_see_the_draw_and_everybody_who_works_there_once_it_is_closed(app, drawn):
    editor, other = signed_in(app, drawn["editor"]), signed_in(app, drawn["other"])
    page = unescape(editor.get(drawn["page"]).text)
    assert "Draw 1: " in page
    assert '"list_sha256"' in page
    assert not [one for one in drawn["people"] if one in page]
    with app.app_context(), writing() as session:
        claim = session.get_one(Claim, drawn["claim"])
        for person in seated(session, claim):
            submit_review(session, claim, person, make_answer(), now=clock.now())

    assert "How its reviewers were drawn" in other.get(drawn["page"]).text


def test_an_editor_reads_why_there_is_no_panel(app):
    with app.app_context(), writing() as session:
        claim = make_crowd_claim(session, people=2)
        editor = make_person(session, "editor")
        editor.languages = ["is"]
        page, email = f"/work/claims/{claim.public_id}", editor.email

    assert (
        "Seats without a reviewer: 5; people who can be drawn for them: 2."
        in signed_in(app, email).get(page).text
    )


@pytest.fixture
def office(app, monkeypatch):
    """Run what is due at a moment: `office(NOW)`."""
    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])

    def run(moment):
        at[0] = moment
        return jobs.run_due(app.extensions["factcheck"])

    with app.app_context():
        yield run
        current_session().rollback()


def _waiting() -> list[OutboxJob]:
    found = current_session().scalars(
        sa.select(OutboxJob).where(OutboxJob.kind == "panels", OutboxJob.done_at.is_(None))
    )
    return list(found)


def test_an_accepted_claim_is_drawn_by_the_job_and_looked_after_until_it_is_decided(office):
    with writing() as session:
        for _ in range(12):
            make_person(session)
        claim = make_claim(session, make_article(session, policy="crowd"), state="accepted")
        claim_id = claim.id
    office(NOW)
    claim = current_session().get_one(Claim, claim_id)
    first = seated(current_session(), claim)
    assert len(first) == 5
    assert [job.due_at for job in _waiting()] == [NOW + timedelta(hours=72)]
    office(NOW + timedelta(hours=72))
    current_session().expire_all()

    second = seated(current_session(), claim)
    assert len(second) == 5
    assert not set(first) & set(second)
    with writing() as session:
        for person in second:
            submit_review(session, claim, person, make_answer(), now=clock.now())
    office(NOW + timedelta(days=30))
    assert _waiting() == []


def test_an_article_put_under_the_policy_later_has_its_open_claims_drawn(office):
    with writing() as session:
        for _ in range(5):
            make_person(session)
        article = make_article(session)
        claim = make_claim(session, article, state="accepted")
        edit_article(session, article, {"policy": "crowd"}, actor=None, now=NOW)
        claim_id = claim.id
    office(NOW)

    claim = current_session().get_one(Claim, claim_id)
    assert len(seated(current_session(), claim)) == 5


def make_drawn(session, **article):
    for _ in range(12):
        make_person(session)
    return make_claim(session, make_article(session, **article), state="accepted")


def test_a_claim_put_aside_and_taken_up_again_is_looked_after_once(office):
    with writing() as session:
        claim = make_drawn(session, policy="crowd")
    office(NOW)
    first = seated(current_session(), claim)
    for hours in (1, 2):
        with writing() as session:
            dismiss_claim(session, claim, "opinion", actor=None, now=NOW + timedelta(hours=hours))
        office(NOW + timedelta(hours=hours))
        with writing() as session:
            accept_claim(session, claim, actor=None, now=NOW + timedelta(hours=hours, minutes=1))
        office(NOW + timedelta(hours=hours, minutes=1))
    assert seated(current_session(), claim) == first

    office(NOW + timedelta(hours=72))
    current_session().expire_all()
    assert len(seated(current_session(), claim)) == 5
    assert not set(first) & set(seated(current_session(), claim))
    assert len(_waiting()) == 1


def test_a_claim_put_under_the_policy_or_opened_anew_is_drawn(office):
    with writing() as session:
        claim = make_drawn(session)
        edit_claim(session, claim, {"policy": "crowd"}, version=None, actor=None, now=NOW)
    office(NOW)
    drawn = seated(current_session(), claim)
    assert len(drawn) == 5
    with writing() as session:
        for person in drawn:
            submit_review(session, claim, person, make_answer(), now=NOW)
        editor = make_person(session, "editor")
        reopen_claim(session, claim, "Again.", actor=editor, now=NOW + timedelta(days=1))
    office(NOW + timedelta(days=1))
    assert claim.state == "accepted"
    assert len(seated(current_session(), claim)) == 5
