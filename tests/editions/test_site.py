"""The public site: made by publishing, made again byte for byte, and checked by a stranger."""

from __future__ import annotations

import gzip
import json
import random
import shutil
from pathlib import Path

import brotli
import pytest

from factcheck.articles import queries as articles
from factcheck.claims.actions import accept_claim
from factcheck.claims.queries import claim
from factcheck.db import current_session, writing
from factcheck.decisions.actions import decide_claim
from factcheck.decisions.rules import VerdictWords
from factcheck.editions import (
    actions,
    files,
    publishing,
    queries,
    site,
)
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


class Killed(BaseException):
    """What a process that is ended does not catch."""


def test_a_full_disk_is_said_and_what_was_begun_is_finished_later(published, settings, monkeypatch):
    slug, ids = published
    before = tree(settings.site)

    def fail(_target, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write", fail)
    with pytest.raises(files.SiteNotWritable, match="No space left"):
        correct(ids, settings, slug)
    monkeypatch.undo()

    assert tree(settings.site) == before
    assert problems(settings.site) == []
    assert publishing.finish_interrupted(settings) == 1
    assert "We mended a slip." in (settings.site / "articles" / slug / "index.html").read_text()
    assert problems(settings.site) == []


def test_a_publisher_killed_at_any_write_leaves_each_file_old_or_new_and_is_finished_later(
    published, settings, monkeypatch, tmp_path
):
    slug, ids = published
    before = tree(settings.site)
    shutil.copytree(settings.site, tmp_path / "old")
    correct(ids, settings, slug)
    after = tree(settings.site)
    article = current_session().query(Edition).first().article
    written: list[Path] = []

    def write(target, data, whole=files._write):
        if len(written) == stop_at:
            target.with_name(f"{files.ASIDE}{target.name}").write_bytes(data[: len(data) // 2])
            raise Killed
        whole(target, data)
        written.append(target)

    monkeypatch.setattr(files, "_write", write)
    stop_at = 0
    while True:
        shutil.rmtree(settings.site)
        shutil.copytree(tmp_path / "old", settings.site)
        written.clear()
        try:
            site.write_article(current_session(), article, settings)
            break
        except Killed:
            pass
        for path, data in tree(settings.site).items():
            assert data in (before.get(path), after.get(path)), path
        names = [path.relative_to(settings.site).as_posix() for path in written]
        assert "log/checkpoint" not in names
        if "index.html" in names:
            assert f"articles/{slug}/index.html" in names
        if f"articles/{slug}/index.html" in names:
            assert f"articles/{slug}/editions/2/manifest.json" in names
        monkeypatch.undo()
        if stop_at % 7 == 0:
            site.write_article(current_session(), article, settings)
            assert tree(settings.site) == after
        monkeypatch.setattr(files, "_write", write)
        stop_at += 1
    assert stop_at > 30
    assert tree(settings.site) == after
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


def test_what_was_withdrawn_is_gone_from_every_list_and_look_up(published, settings, tmp_path):
    slug, ids = published
    with writing() as session:
        other, _ = make_ready_article(session, ["mixed"], source_url="https://paper.example/a")
        shared, _ = make_ready_article(session, ["true"], source_url="https://paper.example/a")
        slugs = other.slug, shared.slug
    for one in slugs:
        publishing.publish(one, note=None, actor_id=None, settings=settings)
    correct(ids, settings, slug)
    (lookup,) = (settings.site / "by-url").glob("*.json")
    both = [one["slug"] for one in json.loads(lookup.read_text())["articles"]]
    assert both == list(slugs)

    for number, one in enumerate([slugs[0], slug, slugs[1]]):
        article = articles.article(current_session(), one)
        edition = queries.newest_standing(current_session(), article)
        publishing.withdraw(edition.sha256, reason="Law.", actor_id=None, settings=settings)
        build_site(current_session(), tmp_path / str(number), settings)
        assert tree(tmp_path / str(number)) == tree(settings.site)
        assert problems(settings.site) == []
        assert f"/{slugs[0]}/" not in (settings.site / "page" / "1" / "index.html").read_text()
        if number == 1:
            left = [one["slug"] for one in json.loads(lookup.read_text())["articles"]]
            assert left == [slugs[1]]
            page = (settings.site / "articles" / slug / "index.html").read_text()
            assert "We mended a slip." not in page
    assert not lookup.exists()


def test_any_changed_byte_of_any_file_is_named(published, settings):
    correct(published[1], settings, published[0])
    dice = random.Random(7)
    for path, data in sorted(tree(settings.site).items()):
        changed = bytearray(data)
        changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        (settings.site / path).write_bytes(changed)
        named = {name for name, _ in problems(settings.site)}
        (settings.site / path).write_bytes(data)
        assert path in named or (
            path.startswith("log/") and any(n.startswith("log/") for n in named)
        )
    assert problems(settings.site) == []


def test_an_older_edition_in_place_of_the_newest_is_named(published, settings):
    slug, ids = published
    old = settings.site / "articles" / slug
    shutil.copytree(old, settings.site.parent / "old")
    correct(ids, settings, slug)
    shutil.copytree(settings.site.parent / "old", old, dirs_exist_ok=True)

    assert (f"articles/{slug}/edition.json", "this is not the newest edition in the log") in (
        problems(settings.site)
    )


def test_publishing_writes_few_files_however_many_there_are(app, settings, monkeypatch):
    counts = []
    whole = files._write

    def write(target, data):
        counts[-1] += 1
        whole(target, data)

    monkeypatch.setattr(files, "_write", write)
    with app.app_context():
        for number in range(24):
            with writing() as session:
                url = f"https://paper.example/{number}"
                article, _ = make_ready_article(session, ["true"], source_url=url)
                slug = article.slug
            counts.append(0)
            publishing.publish(slug, note=None, actor_id=None, settings=settings)

    assert max(counts[1:]) - min(counts[1:]) <= 6


def test_a_reader_of_an_older_checkpoint_still_finds_its_tiles(published, settings):
    tile = settings.site / "log" / "tile" / "0" / "000.p" / "1"
    older = tile.read_bytes()
    correct(published[1], settings, published[0])

    assert tile.read_bytes() == older
    assert (tile.parent / "2").read_bytes()[:32] == older


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
