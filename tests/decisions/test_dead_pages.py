"""Where a page is gone, a copy comes from a web archive whose address somebody gave, or by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from factcheck.claims.actions import accept_claim
from factcheck.claims.queries import claim as claim_by_id
from factcheck.db import current_session, writing
from factcheck.decisions import evidence
from factcheck.decisions.actions import reopen_claim, submit_review
from factcheck.editions import publishing
from factcheck.fetch.client import Fetched
from factcheck.fetch.refusals import FetchFailed, NoSuchSite
from factcheck.outbox import OutboxJob
from factcheck.reviews import archive, copying, snapshots
from factcheck.reviews.actions import save_draft
from factcheck.reviews.captures import untouched
from factcheck.reviews.models import Source
from factcheck.reviews.rules import Cited, is_archive_of
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.decisions.test_evidence import register, run_job, snapshots_of
from tests.reviews.factories import make_answer, make_ready
from tests.web.client import form_token, signed_in

CLAIM = "the council voted nine to four"
URL = "https://register.example/1923/041"
KEPT = f"https://web.archive.org/web/20260503101112/{URL}"
SLUG = "the-harbour-of-ostrava"


def make_decided(session, claim, cited) -> None:
    accept_claim(session, claim, actor=None, now=NOW)
    for _ in range(2):
        answer = make_answer(sources=(cited,))
        submit_review(session, claim, make_person(session), answer, now=NOW)


class Web:
    """Pages by their address; what is not there answers 404, or as `fails` says."""

    def __init__(self):
        self.pages, self.asked, self.fails = {}, [], FetchFailed("Gone.", status=404)

    def fetch(self, url, *, allow, limits):
        self.asked.append(url)
        if url not in self.pages:
            raise self.fails
        body = self.pages[url].partition(b"\r\n\r\n")[2]
        return Fetched(url, url, 200, "text/html; charset=utf-8", {}, body, (url,))


@pytest.fixture
def web(app, monkeypatch):
    web = Web()
    monkeypatch.setattr(copying, "fetch", web.fetch)
    with app.app_context():
        yield web


def cite(archive_url: str | None = KEPT, url: str = URL) -> str:
    with writing() as session:
        claim = make_claim(session, make_article(session), CLAIM)
        cited = Cited(url, "supports", "Built 1923.", "Register", archive_url)
        make_ready(session, claim, "true", sources=(cited,))
        return claim.public_id


@pytest.mark.parametrize(("url", "archive_url"), [(URL, KEPT), (KEPT, None)], ids=["beside", "as"])
def test_a_page_that_is_gone_is_copied_from_the_archive_that_was_given(
    app, settings, web, url, archive_url
):
    web.pages[untouched(KEPT)] = register()
    claim = cite(archive_url, url)
    run_job(URL, settings)
    (kept,) = snapshots_of(URL)
    copy = archive.read(settings.archive, kept.sha256).decode()
    assert copy.startswith(
        f"Address: {URL}\nKept by: a web archive, as of 2026-05-03; the page its"
    )
    assert (kept.drift, kept.refusal, kept.final_url) == ("gone", None, untouched(KEPT))
    publishing.publish(SLUG, note=None, actor_id=None, settings=settings)
    shown = app.test_client().get(f"/articles/{SLUG}/claims/{claim}/").text
    assert "What a web archive kept of it as of 3 May 2026; the page itself is gone" in shown
    assert "the quoted words are in it" in shown


def test_a_page_that_lives_is_never_taken_from_an_archive(settings, web):
    web.pages |= {URL: register(), untouched(KEPT): register("Another.")}
    cite()
    run_job(URL, settings)
    assert web.asked == [URL]
    del web.pages[URL]  # gone by now: the copy that there is stays, and no other is made
    with writing() as session:
        source = session.scalars(sa.select(Source).where(Source.url == URL)).one()
        snapshots._add(session, [source.id], NOW)
    run_job(URL, settings)
    assert [one.drift for one in snapshots_of(URL)] == [None, "gone"]
    assert set(web.asked) == {URL}


@pytest.mark.parametrize(
    "archive_url",
    [None, "https://evil.example/web/20260503101112/" + URL, KEPT + "/another", "https://perma.cc/A"],
)  # fmt: skip
def test_no_other_address_passes_for_the_page(settings, web, archive_url):
    if archive_url:
        web.pages[archive_url] = web.pages[untouched(archive_url)] = register()
    cite(archive_url)
    run_job(URL, settings)
    assert set(web.asked) == {URL}
    assert [one.sha256 for one in snapshots_of(URL)] == [None]


def test_a_site_that_cannot_be_found_is_waited_for_once(settings, web):
    web.pages[untouched(KEPT)] = register()
    web.fails = NoSuchSite("There is no such site.")
    cite()
    with pytest.raises(evidence.NotNow):
        run_job(URL, settings)
    assert web.asked == [URL]
    run_job(URL, settings)
    assert [one.sha256 is not None for one in snapshots_of(URL)] == [True]


def test_an_archive_s_address_given_later_is_tried_at_once(settings, web):
    web.pages[untouched(KEPT)] = register()
    with writing() as session:
        claim = make_claim(session, make_article(session), CLAIM)
        make_decided(session, claim, Cited(URL, "supports"))
    run_job(URL, settings)
    with writing() as session:
        other, person = make_claim(session, make_article(session), CLAIM), make_person(session)
        accept_claim(session, other, actor=None, now=NOW)
        answer = make_answer(sources=(Cited(URL, "supports", archive_url=KEPT),))
        asked = [jobs(session)]
        for words in ("Some words.", "More words."):
            save_draft(session, other, person, replace(answer, rationale=words), now=NOW)
            asked.append(jobs(session))
    assert [later - asked[0] for later in asked] == [0, 1, 1]
    run_job(URL, settings)
    assert [one.sha256 is not None for one in snapshots_of(URL)] == [True]


def jobs(session) -> int:
    return session.scalar(sa.select(sa.func.count(OutboxJob.id)).filter_by(kind=snapshots.JOB))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (KEPT, f"https://web.archive.org/web/20260503101112id_/{URL}"),
        (f"https://arquivo.pt/wayback/2007if_/{URL}", f"https://arquivo.pt/wayback/2007id_/{URL}"),
        (f"https://archive.ph/20260503/{URL}", f"https://archive.ph/20260503/{URL}"),
    ],
)
def test_archives_are_asked_for_the_page_as_it_came(url, expected):
    assert untouched(url) == expected
    assert is_archive_of(url, URL)
    assert is_archive_of(url, URL.replace("https", "http"))
    assert not is_archive_of(url, URL + "0")


@pytest.fixture
def deciding(app):
    """A disputed claim with a source, the addresses of its page, an editor and a reviewer."""
    with app.app_context(), writing() as session:
        claim = make_claim(session, make_article(session), CLAIM)
        make_decided(session, claim, Cited(URL, "supports", "Built 1923."))
        people = [make_person(session, "editor"), make_person(session)]
        return {
            "claim": claim.public_id, "emails": [one.email for one in people],
            "page": f"/work/claims/{claim.public_id}",
            "source": session.scalars(sa.select(Source.public_id)).one(),
        }  # fmt: skip


def test_an_editor_gives_a_copy_while_deciding_and_all_see_whose_it_is(app, settings, deciding):
    editor, reviewer = (signed_in(app, email) for email in deciding["emails"])
    place = deciding["page"] + "/copies/deciding"
    assert place in editor.get(deciding["page"] + "/decide").text
    page = editor.get(place).text
    assert URL in page
    data = {"csrf_token": form_token(page), "source": deciding["source"], "text": "Built 1923."}
    answer = editor.post(place, data=data, content_type="multipart/form-data")
    assert answer.headers["Location"] == deciding["page"] + "/decide#sources"
    shown = editor.get(deciding["page"] + "/decide").text
    assert "Text that an editor pasted from it" in shown
    assert "The quoted words are in it." in shown
    with app.app_context():
        (kept,) = [one for one in snapshots_of(URL) if one.given]
        assert snapshots.best_by_source(current_session(), [kept.source_id]) == {
            kept.source_id: kept.id
        }
        assert b"Kind: Text that an editor pasted" in archive.read(settings.archive, kept.sha256)
    assert reviewer.get(f"/work/archive/{kept.sha256}").status_code == 200
    assert reviewer.get(place).status_code == 403


def test_no_editor_gives_copies_for_a_claim_that_is_open(app, deciding):
    with app.app_context(), writing() as session:
        claim = claim_by_id(session, deciding["claim"])
        reopen_claim(session, claim, "New words.", actor=make_person(session, "editor"), now=NOW)
    editor = signed_in(app, deciding["emails"][0])
    place = deciding["page"] + "/copies/deciding"
    page = editor.get(place).text
    data = {"csrf_token": form_token(page), "source": deciding["source"], "text": "Built 1923."}
    answer = editor.post(place, data=data, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert "not all in yet" in answer.text
