"""Copies of sources: asked for, kept once, pinned to verdicts, shown to those who may know."""

from __future__ import annotations

import gzip
import hashlib
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator

from factcheck import clock
from factcheck.articles.queries import article_by_slug
from factcheck.claims.actions import accept_claim
from factcheck.db import current_session, writing
from factcheck.decisions import evidence
from factcheck.editions import files, publishing
from factcheck.editions.site import build_site
from factcheck.editions.verify import folder_reader, verify
from factcheck.outbox import OutboxJob
from factcheck.reviews import archive, copying, snapshots
from factcheck.reviews.actions import save_draft
from factcheck.reviews.models import Snapshot, Source
from factcheck.reviews.rules import Cited
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, make_ready, review_as
from tests.test_fetch_pages import page, serving
from tests.text.pdfs import pdf_of, scanned
from tests.web.client import signed_in

REGISTER = (
    "<!doctype html><html lang=en><head><title>Register of vessels</title></head><body><main>"
    "<h1>Entry 1923/041</h1><p>The chain ferry <i>Reach Maid</i>. Built 1923.</p>"
    "<p>{more}</p><script>alert(1)</script></main></body></html>"
)


def register(more: str = "Renewed on 2 May 2026.") -> bytes:
    return page(REGISTER.format(more=more).encode())


@contextmanager
def register_office(settings, answers):
    """Serve the answers on loopback; give settings that may fetch them, and an address."""
    with serving(answers) as site:
        yield (
            replace(settings, fetch_allow=frozenset({f"127.0.0.1:{site.port}"})),
            f"http://127.0.0.1:{site.port}/entry",
            site,
        )


def answer_citing(url: str, quote: str | None = "Built 1923.", **fields):
    return make_answer(sources=(Cited(url, "supports", quote, "Register"),), **fields)


def cite(url: str, quote: str | None = "Built 1923."):
    """Have a claim decided by reviews and a verdict that cite `url`; return the claim's id."""
    with writing() as session:
        claim = make_claim(session, make_article(session), "the council voted nine to four")
        sources = (Cited(url, "supports", quote, "Register"),)
        make_ready(session, claim, "true", sources=sources)
        return claim.public_id


def run_job(url: str, settings) -> None:
    """Run what was asked of the archive for that address, as often as it was asked."""
    session = current_session()
    source = session.scalars(sa.select(Source.public_id).where(Source.url == url)).one()
    asked = session.scalars(sa.select(OutboxJob).where(OutboxJob.kind == snapshots.JOB)).all()
    for payload in [one.payload for one in asked if one.payload["source"] == source]:
        evidence.archive(payload, settings)


def snapshots_of(url: str) -> list[Snapshot]:
    session = current_session()
    session.expire_all()
    query = sa.select(Snapshot).join(Source).where(Source.url == url).order_by(Snapshot.id)
    return list(session.scalars(query))


@pytest.fixture
def context(app):
    with app.app_context():
        yield app


@pytest.mark.usefixtures("context")
def test_a_cited_page_is_kept_once_with_its_words_and_the_answer_itself(settings):
    with register_office(settings, {"/entry": register()}) as (allowed, url, site):
        cite(url)
        run_job(url, allowed)
        run_job(url, allowed)

        assert len(site.requests) == 1
        (kept,) = snapshots_of(url)
        copy = archive.read(settings.archive, kept.sha256)
        assert hashlib.sha256(copy).hexdigest() == kept.sha256
        assert copy.startswith(f"Address: {url}\nAnswered by: {url}\n".encode())
        assert "Built 1923." in copying.words_in(copy)
        assert b"<script" not in copy
        assert b"alert(1)" not in copy
        assert kept.title == "Entry 1923/041"
        warc = archive.read(settings.archive, kept.warc_sha256)
        assert gzip.decompress(warc).startswith(b"WARC/1.0")
        record = next(iter(ArchiveIterator(BytesIO(warc))))
        body = record.content_stream().read()
        assert hashlib.sha256(body).hexdigest() == kept.page_sha256
        assert record.rec_headers["WARC-Target-URI"] == url
        assert record.http_headers.get_statuscode() == "200"


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Built 1923.", "found"),
        ("The chain ferry Reach Maid. Built 1924.", "changed"),
        ("Sunk in 1931 by ice", "missing"),
        (None, None),
    ],
)
def test_a_verdict_says_how_the_quoted_words_stand_in_its_copy(settings, quote, stands):
    with register_office(settings, {"/entry": register()}) as (allowed, url, _site):
        claim = cite(url, quote)
        run_job(url, allowed)
        pinned = current_session().scalars(sa.select(evidence.PinnedCopy)).one()
        assert pinned.quote == stands
        assert pinned.shown.decision_id
        assert claim


@pytest.mark.usefixtures("context")
def test_a_copy_that_is_there_is_pinned_when_the_verdict_is_given(settings):
    with register_office(settings, {"/entry": register()}) as (allowed, url, _site):
        cite(url)
        run_job(url, allowed)
        cite(url)
        pinned = current_session().scalars(sa.select(evidence.PinnedCopy)).all()
        assert {one.snapshot_id for one in pinned} == {snapshots_of(url)[0].id}
        assert [one.quote for one in pinned] == ["found", None]
        run_job(url, allowed)
        current_session().expire_all()
        assert [one.quote for one in pinned] == ["found", "found"]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("answer", "is_tried_again", "says"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", False, "404"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", True, "503"),
        (page(b"\x7fELF\x00\x00"), False, "no page of text"),
        (page(b"<html><body></body></html>"), False, "no words"),
        (b"nonsense", True, "unreadable"),
    ],
)
def test_a_page_that_cannot_be_kept_is_told_so(settings, answer, is_tried_again, says):
    with register_office(settings, {"/entry": answer}) as (allowed, url, site):
        cite(url)
        if is_tried_again:
            with pytest.raises(evidence.NotNow):
                run_job(url, allowed)
        else:
            run_job(url, allowed)
        source = current_session().scalars(sa.select(Source).where(Source.url == url)).one()
        copy = snapshots.copy_of_source(source)
        assert copy.sha256 is None
        assert says in str(copy.refusal)

        site.answers["/entry"] = register()
        run_job(url, allowed)
        (kept,) = snapshots_of(url)
        assert (kept.refusal, kept.sha256 is not None) == (None, True)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("pdf", "head", "stands", "shown"),
    [
        (pdf_of("Register", "Built 1923."), "and 2 pages\n", ("found", 2), "in it (page 2)"),
        (scanned(), "Words: there are none, only pictures", ("unread", None), "no words could be"),
    ],
    ids=["words", "scan"],
)
def test_a_pdf_is_kept_and_its_words_are_looked_through(app, settings, pdf, head, stands, shown):
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + pdf
    with register_office(settings, {"/entry": answer}) as (allowed, url, _site):
        claim = cite(url)
        run_job(url, allowed)
    (kept,) = snapshots_of(url)
    assert archive.read(settings.archive, kept.page_sha256) == pdf
    assert head in archive.read(settings.archive, kept.sha256).decode()
    pinned = current_session().scalars(sa.select(evidence.PinnedCopy)).one()
    assert (pinned.quote, pinned.quote_page) == stands
    slug = "the-harbour-of-ostrava"
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    assert shown in app.test_client().get(f"/articles/{slug}/claims/{claim}/").text


@pytest.mark.usefixtures("context")
def test_no_private_address_is_asked_for_a_copy(settings):
    with register_office(settings, {"/entry": register()}) as (_allowed, url, site):
        cite(url)
        run_job(url, settings)
        assert site.requests == []
        assert "usual ports" in str(snapshots_of(url)[0].refusal)


@pytest.mark.usefixtures("context")
def test_an_address_that_nobody_cites_any_more_is_not_fetched(settings):
    with register_office(settings, {"/entry": register()}) as (allowed, url, site):
        with writing() as session:
            claim = make_claim(session, make_article(session), "the council voted nine to four")
            accept_claim(session, claim, actor=None, now=NOW)
            person = make_person(session)
            save_draft(session, claim, person, answer_citing(url), now=NOW)
            save_draft(session, claim, person, make_answer(sources=()), now=NOW)
        run_job(url, allowed)
        assert site.requests == []


@pytest.mark.usefixtures("context")
def test_a_page_is_asked_for_once_a_day_however_many_cite_it(settings):
    with register_office(settings, {"/entry": register()}) as (_allowed, url, _site):
        with writing() as session:
            claim = make_claim(session, make_article(session), "the council voted nine to four")
            accept_claim(session, claim, actor=None, now=NOW)
            person = make_person(session)
            for minutes, words in enumerate(("One.", "Two.", "Three.")):
                at = NOW + timedelta(minutes=minutes)
                save_draft(session, claim, person, answer_citing(url, rationale=words), now=at)
        assert len(snapshots_of(url)) == 1
        asked = current_session().scalars(
            sa.select(OutboxJob).where(OutboxJob.kind == snapshots.JOB)
        )
        assert len(asked.all()) == 1


@pytest.mark.usefixtures("context")
def test_readers_get_the_copy_as_inert_text_and_the_site_is_made_again_the_same(
    app, settings, tmp_path
):
    with register_office(settings, {"/entry": register()}) as (allowed, url, _site):
        cite(url)
        run_job(url, allowed)
        kept = snapshots_of(url)[0].sha256
    slug = current_session().scalars(sa.select(Source)).first() and "the-harbour-of-ostrava"
    article = article_by_slug(current_session(), slug)
    publishing.publish(article.slug, note=None, actor_id=None, settings=settings)

    client = app.test_client()
    copy = client.get(f"/archive/{kept}")
    assert copy.status_code == 200
    assert copy.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert copy.headers["Content-Security-Policy"].startswith("sandbox")
    assert hashlib.sha256(copy.data).hexdigest() == kept
    record = json.loads(client.get(f"/articles/{slug}/edition.json").data)
    (source,) = record["claims"][0]["sources"]
    assert (source["copy"]["sha256"], source["copy"]["quote"]) == (kept, "found")
    shown = client.get(f"/articles/{slug}/claims/{record['claims'][0]['id']}/").text
    assert f"/archive/{kept}#:~:text=" in shown
    assert "the quoted words are in it" in shown

    anew = tmp_path / "anew"
    build_site(current_session(), anew, settings)
    assert (anew / "archive" / kept).read_bytes() == copy.data
    for folder in (settings.site, anew):
        assert list(verify(folder_reader(folder), files.paths_in(folder))) == []
    (anew / "archive" / kept).write_bytes(copy.data + b"!")
    (problem,) = verify(folder_reader(anew), files.paths_in(anew))
    assert problem.path == f"archive/{kept}"


def test_only_those_who_may_know_that_it_is_cited_see_a_copy(app, settings):
    with (
        app.app_context(),
        register_office(settings, {"/entry": register()}) as (allowed, url, _site),
    ):
        with writing() as session:
            claim = make_claim(session, make_article(session), "the council voted nine to four")
            accept_claim(session, claim, actor=None, now=NOW)
            people = [make_person(session), make_person(session), make_person(session, "editor")]
            save_draft(session, claim, people[0], answer_citing(url), now=NOW)
            emails = [one.email for one in people]
            claim_id = claim.public_id
        run_job(url, allowed)
        place = f"/work/archive/{snapshots_of(url)[0].sha256}"
    clients = [signed_in(app, email) for email in emails]
    assert [client.get(place).status_code for client in clients] == [200, 404, 200]
    assert "sandbox" in clients[0].get(place).headers["Content-Security-Policy"]
    shown = clients[0].get(f"/work/claims/{claim_id}").text
    assert place in shown
    assert "The quoted words are in it." in shown
    for strange in ("/work/archive/nothing", f"/work/archive/{'0' * 64}"):
        assert clients[2].get(strange).status_code == 404


@pytest.mark.parametrize(
    ("later", "drift"),
    [
        (register(), None),
        (register("Renewed on 2 May 2027."), "changed"),
        (b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", "moved"),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", "gone"),
    ],
)
def test_a_page_is_looked_at_again_after_a_month_and_editors_are_told(
    app, settings, monkeypatch, later, drift
):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with app.app_context():
        with register_office(settings, {"/entry": register()}) as (allowed, url, site):
            claim = cite(url)
            run_job(url, allowed)
            site.answers |= {"/entry": later, "/elsewhere": register()}
            run_job(url, allowed)
            assert len(site.requests) == 1
            monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=31))
            run_job(url, allowed)
            first, again = snapshots_of(url)
            assert (first.drift, again.drift) == (None, drift)
            monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=32))
            run_job(url, allowed)
            assert len(snapshots_of(url)) == 2
            pinned = current_session().scalars(sa.select(evidence.PinnedCopy)).one()
            assert pinned.snapshot_id == first.id
        with writing() as session:
            email = make_person(session, "editor").email
    page = signed_in(app, email).get("/desk/sources").text
    assert (f"/work/claims/{claim}/decide" in page) == (drift is not None)
    assert ("None: every page" in page) == (drift is None)


@pytest.mark.usefixtures("context")
def test_no_transaction_is_open_while_a_page_is_fetched_and_kept(settings, monkeypatch):
    """Others can write meanwhile: a slow site or disk must not stop the reviewers."""
    written = []

    def watched(work):
        def run(*args, **kwargs):
            with writing() as session:  # would fail if this thread were writing already
                written.append(make_person(session).id)
            return work(*args, **kwargs)

        return run

    for name in ("take", "store", "quoted_in"):
        monkeypatch.setattr(evidence, name, watched(getattr(evidence, name)))
    with register_office(settings, {"/entry": register()}) as (allowed, url, _site):
        cite(url)
        source = (
            current_session().scalars(sa.select(Source.public_id).where(Source.url == url)).one()
        )
        current_session().rollback()
        evidence.archive({"source": source}, allowed)
    assert len(written) == 3


@pytest.mark.usefixtures("context")
def test_bytes_that_were_changed_in_the_archive_count_as_gone(settings):
    digest = archive.keep(settings.archive, b"words")
    assert archive.keep(settings.archive, b"words") == digest
    assert archive.read(settings.archive, digest) == b"words"
    archive.place_of(settings.archive, digest).write_bytes(b"other words")
    assert archive.read(settings.archive, digest) is None
    with pytest.raises(ValueError, match="no SHA-256"):
        archive.place_of(settings.archive, "../../etc/passwd")


def test_reviews_ask_for_copies_too(context):
    with writing() as session:
        claim = make_claim(session, make_article(session), "the council voted nine to four")
        accept_claim(session, claim, actor=None, now=NOW)
        review_as(session, claim, ["true"])
    assert len(snapshots_of("https://register.example/1923/041")) == 1
