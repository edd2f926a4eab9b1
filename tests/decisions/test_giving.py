"""Giving a copy by hand on its page: what is taken, who sees it, what readers are told."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
import sqlalchemy as sa

from factcheck.accounts.models import Person
from factcheck.articles.models import Article
from factcheck.claims.actions import accept_claim
from factcheck.claims.queries import claim as claim_by_id
from factcheck.db import current_session, writing
from factcheck.decisions.actions import decide_claim, submit_review
from factcheck.decisions.rules import VerdictWords
from factcheck.editions import publishing
from factcheck.failures import Invalid
from factcheck.methods import queries as methods
from factcheck.reviews import giving_copies
from factcheck.reviews.actions import save_draft
from factcheck.reviews.given_copies import LARGEST_FILE_BYTES
from factcheck.reviews.models import Snapshot, Source
from factcheck.reviews.rules import Cited
from factcheck.reviews.snapshots import best_by_source
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.decisions.test_evidence import answer_citing, register, register_office, run_job
from tests.reviews.factories import make_answer
from tests.reviews.test_given_copies import PNG
from tests.web.client import form_token, signed_in

GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
URL = "https://register.example/1931/007"


@pytest.fixture
def setting(app):
    """An open claim, two reviewers (the first has a draft that cites URL) and an editor."""
    with app.app_context(), writing() as session:
        claim = make_claim(session, make_article(session), "the council voted nine to four")
        accept_claim(session, claim, actor=None, now=NOW)
        people = [make_person(session), make_person(session), make_person(session, "editor")]
        save_draft(session, claim, people[0], answer_citing(URL), now=NOW)
        return {
            "claim": claim.public_id,
            "page": f"/work/claims/{claim.public_id}",
            "emails": [one.email for one in people],
            "source": session.scalars(sa.select(Source.public_id)).one(),
        }


def give(client, setting, **fields):
    page = setting["page"] + "/copies"
    data = {"csrf_token": form_token(client.get(page).text), "source": setting["source"], **fields}
    answer = client.post(page, data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # the test client leaves a large one open
    return answer


def given(app) -> list[Snapshot]:
    with app.app_context():
        query = sa.select(Snapshot).where(Snapshot.given.has()).order_by(Snapshot.id)
        return list(current_session().scalars(query))


def test_a_pasted_text_is_kept_marked_and_seen_by_its_giver_and_editors(app, setting):
    clients = [signed_in(app, email) for email in setting["emails"]]
    answer = give(clients[0], setting, text="The chain ferry. Built 1923.")
    assert answer.headers["Location"] == f"{setting['page']}#sources"
    (kept,) = given(app)
    assert kept.kind == "pasted"
    place = f"/work/archive/{kept.sha256}"
    assert [client.get(place).status_code for client in clients] == [200, 404, 200]
    assert "Kind: Text that a reviewer pasted" in clients[0].get(place).text
    assert clients[0].get(f"{place}/file").status_code == 404
    shown = clients[0].get(setting["page"]).text
    assert "Text that a reviewer pasted from it" in shown
    assert "The quoted words are in it." in shown


def test_others_who_cite_the_page_do_not_learn_of_a_given_copy_while_the_round_is_open(
    app, setting
):
    clients = [signed_in(app, email) for email in setting["emails"]]
    with app.app_context(), writing() as session:
        claim = claim_by_id(session, setting["claim"])
        save_draft(session, claim, person_of(session, setting, 1), answer_citing(URL), now=NOW)
    give(clients[0], setting, text="canary 5523. Built 1923.")
    (kept,) = given(app)
    assert clients[1].get(f"/work/archive/{kept.sha256}").status_code == 404
    shown = clients[1].get(setting["page"]).text
    assert "A copy of it is being made." in shown
    assert kept.sha256 not in shown


def person_of(session, setting, number):
    query = sa.select(Person).where(Person.email == setting["emails"][number])
    return session.scalars(query).one()


def test_a_file_is_sent_to_be_saved_and_never_shown(app, setting):
    client = signed_in(app, setting["emails"][0])
    answer = give(client, setting, file=(BytesIO(PNG), "../../evil.html"))
    assert answer.status_code == 302
    (kept,) = given(app)
    sent = client.get(f"/work/archive/{kept.sha256}/file")
    assert sent.data == PNG
    assert sent.headers["Content-Type"] == "image/png"
    assert sent.headers["Content-Disposition"] == (
        f'attachment; filename="source-{kept.sha256[:12]}.png"'
    )
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "save the file" in client.get(setting["page"]).text
    assert signed_in(app, setting["emails"][1]).get(
        f"/work/archive/{kept.sha256}/file"
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({}, "text", "Give one of the two"),
        ({"text": "Words.", "file": (PNG, "a.png")}, "text", "Give one of the two"),
        ({"file": (b"<svg/>", "a.png")}, "file", "Upload a PDF"),
        ({"file": (b"%PDF-" + bytes(LARGEST_FILE_BYTES), "a.pdf")}, "file", "at most 20 MiB"),
        ({"text": "a" * 500_001}, "text", "at most 500,000 characters"),
        ({"text": "Words.", "source": ""}, "source", "Say of which page"),
        ({"file": (PNG, "a.png"), "source": ""}, "title", "Write something here."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(app, setting, fields, field, says):
    client = signed_in(app, setting["emails"][0])
    filled = {
        name: (BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }
    answer = give(client, setting, **filled)
    assert answer.status_code == 422
    beside = answer.text.partition(f'id="{field}-error">')[2].partition("<")[0]
    assert says in beside
    assert given(app) == []
    if "text" in fields:
        assert fields["text"][:40] in answer.text


def test_no_copy_is_taken_of_what_one_does_not_cite(app, setting):
    answer = give(signed_in(app, setting["emails"][1]), setting, text="Words.")
    assert answer.status_code == 409
    assert given(app) == []


def test_no_text_is_taken_where_the_page_was_fetched(app, settings, setting):
    with app.app_context(), register_office(settings, {"/entry": register()}) as (allowed, url, _):
        with writing() as session:
            person = person_of(session, setting, 0)
            claim = claim_by_id(session, setting["claim"])
            save_draft(session, claim, person, answer_citing(url), now=NOW)
        run_job(url, allowed)
        setting["source"] = current_session().scalar(
            sa.select(Source.public_id).where(Source.url == url)
        )
    answer = give(signed_in(app, setting["emails"][0]), setting, text="Words.")
    assert answer.status_code == 409
    assert "There is a copy of this page" in answer.text


def test_a_file_by_itself_becomes_a_source_that_the_form_holds_and_nobody_fetches(
    app, settings, setting
):
    client = signed_in(app, setting["emails"][0])
    answer = give(client, setting, file=(BytesIO(PNG), "a.png"), source="", title="A photograph")
    assert answer.status_code == 302
    shown = client.get(answer.headers["Location"]).text
    (kept,) = given(app)
    url = f"{settings.public_url}/archive/{kept.sha256}"
    assert f'name="source-2-url" value="{url}"' in shown
    assert 'name="source-2-title" value="A photograph"' in shown
    with app.app_context(), writing() as session:
        person = person_of(session, setting, 0)
        save_draft(
            session, claim_by_id(session, setting["claim"]), person, answer_citing(url), now=NOW
        )
        source = session.scalars(sa.select(Source).where(Source.url == url)).one()
        assert [one.kind for one in source.snapshots] == ["upload"]


def test_readers_are_told_that_a_copy_was_pasted_and_a_page_s_own_goes_before_it(
    app, settings, setting
):
    client = signed_in(app, setting["emails"][0])
    with register_office(settings, {"/entry": GONE}) as (allowed, url, site):
        cited = (Cited(url, "supports", "Built 1923.", "Register"),)
        answer = make_answer(sources=cited)
        with app.app_context():
            with writing() as session:
                claim = claim_by_id(session, setting["claim"])
                for number in (0, 1):
                    save_draft(session, claim, person_of(session, setting, number), answer, now=NOW)
            run_job(url, allowed)
            query = sa.select(Source.public_id).where(Source.url == url)
            setting["source"] = current_session().scalar(query)
        assert give(client, setting, text="The chain ferry. Built 1923.").status_code == 302
        with app.app_context():
            with writing() as session:
                claim = claim_by_id(session, setting["claim"])
                for number in (0, 1):
                    submit_review(
                        session, claim, person_of(session, setting, number), answer, now=NOW
                    )
                editor = person_of(session, setting, 2)
                words = VerdictWords("true", "It was built then.", cited)
                decide_claim(session, claim, words, actor=editor, now=NOW)
            run_job(url, allowed)
            slug = current_session().scalar(sa.select(Article.slug))
            publishing.publish(slug, note=None, actor_id=None, settings=settings)
        shown = app.test_client().get(f"/articles/{slug}/claims/{setting['claim']}/").text
        assert "Text that a reviewer pasted from it" in shown
        assert "the quoted words are in it" in shown
        (kept,) = given(app)
        copy = app.test_client().get(f"/archive/{kept.sha256}").text
        assert "it was not fetched from the page" in copy

        site.answers["/entry"] = register()
        with app.app_context():
            run_job(url, allowed)
            source = current_session().scalars(sa.select(Source).where(Source.url == url)).one()
            (best,) = best_by_source(current_session(), {source.id}).values()
            assert current_session().get(Snapshot, best).kind == "page"


def test_under_archived_only_a_review_and_a_verdict_need_copies(app, setting, monkeypatch):
    strict = replace(methods.policy("team"), archived_only=True)
    monkeypatch.setattr(methods, "policy", lambda _key: strict)
    client = signed_in(app, setting["emails"][0])
    form = {"rating": "true", "rationale": "So it says.", "source-1-url": URL, "version": "1",
            "source-1-stance": "supports", "do": "submit"}  # fmt: skip
    form["csrf_token"] = form_token(client.get(setting["page"]).text)
    refused = client.post(setting["page"], data=form)
    assert refused.status_code == 422
    assert "There is no copy of it yet" in refused.text
    give(client, setting, text="The chain ferry.")
    form["version"] = refused.text.partition('name="version" value="')[2].partition('"')[0]
    assert client.post(setting["page"], data=form).status_code == 302
    words = VerdictWords("true", "It was so.", (Cited("https://bare.example/", "supports"),))
    with app.app_context(), writing() as session:
        claim = claim_by_id(session, setting["claim"])
        archived = (Cited(f"https://archive.ph/20070503112233/{URL}", "supports"),)
        answer = make_answer(sources=archived)
        submit_review(session, claim, person_of(session, setting, 1), answer, now=NOW)
        with pytest.raises(Invalid, match="There is no copy of it yet"):
            decide_claim(session, claim, words, actor=person_of(session, setting, 2), now=NOW)
        told = replace(words, sources=(Cited(URL, "supports"),))
        decide_claim(session, claim, told, actor=person_of(session, setting, 2), now=NOW)


def test_one_person_fills_no_disk_in_an_afternoon(app, setting, monkeypatch):
    monkeypatch.setattr(giving_copies, "MOST_A_DAY", 1)
    client = signed_in(app, setting["emails"][0])
    assert give(client, setting, text="First.").status_code == 302
    refused = give(client, setting, text="Second.")
    assert refused.status_code == 409
    assert "within a day" in refused.text
    assert "Second." in refused.text
    assert len(given(app)) == 1
