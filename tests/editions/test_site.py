"""The public site: made by publishing, made again byte for byte, and checked by a stranger."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import brotli
import pytest

from factcheck.claims.actions import accept_claim
from factcheck.claims.queries import claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import decide_claim
from factcheck.decisions.rules import VerdictWords
from factcheck.editions import actions, files, publishing, queries
from factcheck.editions.models import Edition
from factcheck.editions.site import build_site
from factcheck.editions.verify import folder_reader, verify
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import make_ready_article


@pytest.fixture
def published(app, settings):
    """The slug of an article that has edition 1; inside the app's context."""
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(session, title="The ferry & <b>us</b>")
            slug, ids = article.slug, [one.public_id for one in claims]
        outcome = publishing.publish(slug, note=None, actor_id=None, settings=settings)
        assert outcome.number == 1
        yield slug, ids


def correct(ids: list[str], settings, slug: str, *, summary: str = "Said better.") -> None:
    with writing() as session:
        found = claim(session, ids[0])
        words = VerdictWords("true", summary, reasons="A slip.")
        decide_claim(session, found, words, actor=make_person(session, "editor"), now=NOW)
    publishing.publish(slug, note="We mended a slip.", actor_id=None, settings=settings)


def problems(folder: Path) -> list[tuple[str, str]]:
    found = verify(folder_reader(folder), files.paths_in(folder))
    return [(problem.path, problem.sentence) for problem in found]


def tree(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in files.paths_in(folder)}


def test_an_edition_is_whole_on_disk_when_publishing_returns(published, settings):
    slug, ids = published
    folder = settings.site / "articles" / slug

    page = (folder / "index.html").read_text()
    assert 'class="claim" id="claim-1"' in page
    assert "The ferry &amp; &lt;b&gt;us&lt;/b&gt;" in page
    assert (folder / "editions" / "1" / "edition.json").exists()
    assert (folder / "claims" / ids[0] / "index.html").exists()
    assert gzip.decompress((folder / "index.html.gz").read_bytes()) == page.encode()
    assert brotli.decompress((folder / "index.html.br").read_bytes()) == page.encode()
    assert queries.unwritten_editions(current_session()) == []
    assert problems(settings.site) == []


def test_the_record_holds_no_words_and_its_digest_is_its_id(published, settings):
    slug, _ = published
    edition = current_session().query(Edition).one()
    record = (settings.site / "articles" / slug / "edition.json").read_text()

    assert record == edition.record
    assert "412,000" not in record
    assert "minutes" not in record
    assert "412,000" in edition.content


def test_what_is_not_checkable_has_no_claim_review_and_what_is_off_the_axis_no_number(
    published, settings
):
    slug, ids = published
    folder = settings.site / "articles" / slug
    reviews = json.loads((folder / "claimreview.jsonld").read_text())

    assert [review["reviewRating"].get("ratingValue") for review in reviews] == [5, 1]
    page = (folder / "claims" / ids[2] / "index.html").read_text()
    assert "application/ld+json" not in page
    annotations = json.loads((folder / "annotations.jsonld").read_text())
    assert annotations["total"] == len(annotations["first"]["items"]) == 3


def test_the_site_is_made_again_byte_for_byte(published, settings, tmp_path):
    slug, ids = published
    correct(ids, settings, slug)
    with writing() as session:
        other, _ = make_ready_article(session, ["mixed"], display="excerpts")
        third, _ = make_ready_article(session, ["misleading"], display="claims")
        slugs = other.slug, third.slug
    for one in slugs:
        publishing.publish(one, note=None, actor_id=None, settings=settings)

    build_site(current_session(), tmp_path / "again", settings)

    assert tree(tmp_path / "again") == tree(settings.site)
    assert problems(settings.site) == []


def test_an_edition_s_own_files_never_change(published, settings):
    slug, ids = published
    folder = settings.site / "articles" / slug / "editions" / "1"
    before = tree(folder)
    correct(ids, settings, slug)

    assert tree(folder) == before
    page = (settings.site / "articles" / slug / "index.html").read_text()
    assert "Correction" in page
    assert "We mended a slip." in page
    assert "We mended a slip." in (settings.site / "corrections" / "index.html").read_text()


def test_nothing_new_is_refused_and_nothing_ready_too(published, settings):
    slug, _ = published
    with pytest.raises(actions.NothingNew):
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
    with writing() as session:
        article = make_article(session)
        make_claim(session, article, state="accepted")
        bare = article.slug
    with pytest.raises(actions.NothingReady):
        publishing.publish(bare, note=None, actor_id=None, settings=settings)


@pytest.mark.parametrize(
    "path", ["index.html", "articles/{slug}/index.html.br", "articles/{slug}/edition.json",
             "articles/{slug}/editions/1/content.json", "articles/{slug}/manifest.json",
             "manifest.json", "log/checkpoint", "log/tile/entries/000.p/1", "page/1/index.html",
             "log/tile/0/000.p/1"],
)  # fmt: skip
def test_one_changed_byte_is_named(published, settings, path):
    path = path.format(slug=published[0])
    file = settings.site / path
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)

    named = [name for name, _ in problems(settings.site)]
    assert any(
        name == path or (name.startswith("log/") and path.startswith("log/")) for name in named
    )


def test_a_missing_file_and_one_that_no_manifest_lists_are_named(published, settings):
    slug, _ = published
    (settings.site / "articles" / slug / "claimreview.jsonld").unlink()
    (settings.site / "articles" / slug / "extra.html").write_text("draft")

    assert sorted(name for name, _ in problems(settings.site)) == [
        f"articles/{slug}/claimreview.jsonld", f"articles/{slug}/extra.html",
    ]  # fmt: skip


def test_words_that_only_claims_may_show_are_nowhere_on_the_site(app, settings):
    with app.app_context():
        with writing() as session:
            article, _ = make_ready_article(session, ["true"], display="claims")
            slug = article.slug
        publishing.publish(slug, note=None, actor_id=None, settings=settings)

    for path, data in tree(settings.site).items():
        if not path.endswith((".gz", ".br")):
            assert b"I miss her" not in data, path
    assert problems(settings.site) == []


def test_a_draft_is_nowhere_on_the_site(published, settings):
    slug, _ = published
    with writing() as session:
        article = session.query(Edition).one().article
        draft = make_claim(session, article, "I miss her.", restated="CANARY-RESTATED")
        accept_claim(session, draft, actor=None, now=NOW)
    correct(published[1], settings, slug)

    assert not any(b"CANARY" in data for data in tree(settings.site).values())


def test_a_publisher_killed_at_any_write_leaves_each_page_whole_and_is_finished_later(
    published, settings, monkeypatch
):
    slug, ids = published
    before = tree(settings.site)
    whole = files._write
    for stop_at in (1, 5, 12, 30, 60):
        writes = iter(range(1, 10_000))

        def fail(target, data, stop_at=stop_at, writes=writes):
            if next(writes) == stop_at:
                raise OSError(28, "No space left on device")
            whole(target, data)

        monkeypatch.setattr(files, "_write", fail)
        with pytest.raises(files.SiteNotWritable, match="No space left"):
            correct(ids, settings, slug, summary=f"Stopped at {stop_at}.")
        page = (settings.site / "articles" / slug / "index.html").read_bytes()
        assert page.endswith(b"</html>\n")
        monkeypatch.setattr(files, "_write", whole)
        assert publishing.finish_interrupted(settings) == 1
        assert problems(settings.site) == []
    assert tree(settings.site) != before
    assert not list(settings.site.rglob(f"{files.ASIDE}*"))


def test_a_withdrawn_edition_leaves_a_tombstone_and_the_log_still_holds(published, settings):
    slug, _ = published
    sha256 = current_session().query(Edition).one().sha256
    publishing.withdraw(sha256, reason="A court asked us to.", actor_id=None, settings=settings)
    folder = settings.site / "articles" / slug

    for page in (folder / "index.html", folder / "editions" / "1" / "index.html"):
        assert "A court asked us to." in page.read_text()
    assert not any(
        b"412,000" in d for p, d in tree(settings.site).items() if p[-3:] not in {".gz", ".br"}
    )
    assert problems(settings.site) == []


def test_lists_are_numbered_from_the_oldest_and_full_pages_stay(app, settings):
    with app.app_context():
        for number in range(21):
            with writing() as session:
                article, _ = make_ready_article(session, ["true"], title=f"Article {number}")
                slug = article.slug
            publishing.publish(slug, note=None, actor_id=None, settings=settings)
            if number == 19:
                full = (settings.site / "page" / "1" / "index.html").read_bytes()

        assert (settings.site / "page" / "1" / "index.html").read_bytes() == full
        assert "Article 20" in (settings.site / "page" / "2" / "index.html").read_text()
        assert problems(settings.site) == []
