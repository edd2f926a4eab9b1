"""Words removed for good: also in odd places, where they overlap, and when something is stopped."""

from __future__ import annotations

import html
import io
import json
from contextlib import closing
from functools import partial
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite

from factcheck import jobs
from factcheck.accounts.models import Person
from factcheck.articles.models import ArticleAddress
from factcheck.checks import importing
from factcheck.checks import queries as checks
from factcheck.claims.queries import claim as claim_of
from factcheck.db import current_session, db, writing
from factcheck.editions import (
    choosing,
    publishing,
    purged_copies,
    purging,
    queries,
    redacting,
    site,
    withdrawing,
)
from factcheck.editions.actions import append
from factcheck.editions.canonical import canonical, sha256
from factcheck.editions.files import SiteNotWritable
from factcheck.editions.log import BadProof
from factcheck.editions.site import build_site
from factcheck.fetch import canonical_address
from factcheck.methods.actions import add_policy
from factcheck.methods.queries import policy
from factcheck.methods.rules import Wanted
from factcheck.outbox import OutboxJob
from factcheck.reviews import archive
from factcheck.reviews.models import Snapshot, Source
from factcheck.runs import actions as runs
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.editions.test_withdrawing import (
    checked,
    do,
    person,
    published,
    purge,
    the_claim,
    the_edition,
    tree,
)

__all__ = ["published"]  # the fixture: an article that has edition 1
NAME = "Zebedee Quux"


def holding(folder, *words: str) -> list[str]:
    """Return the site's files in which any of the words stand."""
    sought = [one.encode() for one in words]
    return [path for path, data in tree(folder).items() if any(one in data for one in sought)]


def as_if_made_anew(settings) -> None:
    """The site holds, and is the same as one that is made from the database."""
    checked(settings.site)
    build_site(current_session(), settings.data / "again", settings)
    assert tree(settings.data / "again") == tree(settings.site)


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (["Anna", "Anna Karlsson"], "████ ████████ came, ████ left. ab cd ef"),
        (["ab cd", "cd ef"], "Anna Karlsson came, Anna left. ██ ██ ██"),
        (["Anna", "█ left"], "████ Karlsson came, ████ ████. ab cd ef"),
    ],
)
def test_words_that_overlap_are_struck_out_whole(words, after):
    text = "Anna Karlsson came, Anna left. ab cd ef"
    assert redacting.struck(text, words) == after


def test_the_longer_of_two_words_is_gone_from_rows_and_is_not_published_again(published, settings):
    slug, ids = published
    with writing() as session:
        claim_of(session, ids[0]).restated = "Anna Karlsson ran the ferry."
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    purge(["Anna", "Anna Karlsson"], settings)
    assert claim_of(current_session(), ids[0]).restated == "████ ████████ ran the ferry."
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    assert not holding(settings.site, "Anna", "Karlsson")


def test_two_addresses_of_sources_that_become_the_same_bars_stay_two(app, settings):
    urls = [f"https://a.example/people/anna-{number}" for number in (1, 2)]
    with app.app_context():
        with writing() as session:
            session.add_all(Source(url=url, created_at=NOW) for url in urls)
        purge(urls, settings)
        left = current_session().query(Source).order_by(Source.id).all()
        bars = "█" * len(urls[0])
        assert [one.url for one in left] == [f"{bars}#{one.public_id}" for one in left]


@pytest.mark.parametrize("words", ["johnsmith.example", "https://johnsmith.example/ferry"])
def test_an_address_can_be_purged_and_the_site_goes_on(app, settings, words):
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(
                session, title="The ferry", source_url="https://johnsmith.example/ferry"
            )
            slug, claim = article.slug, claims[0].public_id
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        purge([words], settings)
        assert not holding(settings.site, "johnsmith")
        assert not current_session().query(ArticleAddress).all()
        with writing() as session:
            claim_of(session, claim).restated = "Other words."
            article_id = claim_of(session, claim).article_id
            # what was purged before addresses were dropped
            session.add(ArticleAddress(article_id=article_id, url="https://████.example/ferry"))
            good = "https://another.example/ferry"
            session.add(ArticleAddress(article_id=article_id, url=good))
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        as_if_made_anew(settings)
        look_up = settings.site / "by-url" / f"{sha256(canonical_address(good).encode())}.json"
        assert slug in look_up.read_text()


def test_an_article_whose_pages_fail_stops_no_other_and_is_told_of(app, settings, monkeypatch):
    with app.app_context():
        with writing() as session:
            slugs = [make_ready_article(session, title=one)[0].slug for one in ("Bad", "Good")]
        real = site.write_article

        def write(session, article, settings):
            if article.slug == slugs[0]:
                raise ValueError("a defect")
            real(session, article, settings)

        monkeypatch.setattr(site, "write_article", write)
        with pytest.raises(SiteNotWritable, match="bad: a defect"):
            publishing.publish(slugs[0], note=None, actor_id=None, settings=settings)
        publishing.publish(slugs[1], note=None, actor_id=None, settings=settings)
        with pytest.raises(SiteNotWritable, match="bad: a defect"):
            publishing.finish_interrupted(settings)
        admin = person("admin")
        publishing.write_site_page("about", "About", "Us.", actor_id=admin, settings=settings)
        assert (settings.site / "articles" / slugs[1] / "index.html").exists()
        monkeypatch.undo()
        assert publishing.finish_interrupted(settings) == 1
        assert publishing.finish_interrupted(settings) == 0
        checked(settings.site)


def test_old_look_ups_go_with_the_words_in_them(app, settings):
    with app.app_context():
        with writing() as session:
            article, _ = make_ready_article(
                session, title=f"What {NAME} did",
                source_url="https://blog.example/zebedee-quux-and-the-ferry",
            )  # fmt: skip
            slug = article.slug
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        assert [path for path in holding(settings.site, NAME) if path.startswith("by-url/")]
        done = purge([NAME, "zebedee-quux"], settings)
        assert not holding(settings.site, NAME, "zebedee-quux-and")
        assert "look_ups" not in done.removed  # an address can be guessed from its digest
        as_if_made_anew(settings)


def indexed(session) -> bytes:
    """Return all that the index of earlier checks of others has, as bytes."""
    if session.get_bind().dialect.name == "postgresql":
        rows = session.execute(sa.text("SELECT words::text FROM check_words")).scalars()
        return " ".join(rows).encode()
    rows = session.execute(sa.text("SELECT block FROM check_words_data")).scalars().all()
    kept = session.execute(sa.text("SELECT c0, c1 FROM check_words_content")).all()
    return b"".join(rows) + " ".join(text for row in kept for text in row).encode()


def test_what_was_purged_goes_from_earlier_checks_of_others_and_their_index(published, settings):
    rows = [f"{NAME} sank the ferry,https://k.example/1,False,Ferries",
            f"Boats swim,https://k.example/2,True,{NAME} asks"]  # fmt: skip
    table = "\n".join(["text,url,rating,title", *rows])
    with writing() as session:
        run = runs.begin(session, importing.KIND, "a", actor=None, now=NOW).public_id
    importing.bring(io.BytesIO(table.encode()), run, {})
    assert b"quux" in indexed(current_session()).lower()
    purge([NAME], settings)
    session = current_session()
    assert b"quux" not in indexed(session).lower()
    assert checks.found(session, "Quux", offset=0, limit=9) == []
    (found,) = checks.found(session, "ferry", offset=0, limit=9)
    assert found.text == "███████ ████ sank the ferry"


def test_what_was_purged_goes_from_pages_that_tell_of_no_edition(published, settings):
    _, ids = published
    admin = person("admin")
    publishing.write_site_page(
        "about", "About", f"We are {NAME}.", actor_id=admin, settings=settings
    )
    do(settings, withdrawing.withdraw_claim, the_claim(ids[0]), reason=f"{NAME} asked for it.")
    half = settings.site / "about" / ".aside-index.html"
    half.write_text(NAME)
    assert len(holding(settings.site, NAME)) > 2
    purge([NAME], settings)
    assert not holding(settings.site, NAME)
    assert not half.exists()
    as_if_made_anew(settings)


def test_what_was_purged_goes_from_reasons_of_editions_and_of_other_purges(published, settings):
    slug, _ = published
    purge(["the minutes"], settings, reason=f"{NAME} asked for it.")
    assert holding(settings.site, NAME)
    do(settings, withdrawing.withdraw_edition, the_edition(slug, 1), reason=f"{NAME} said so.")
    purge([NAME], settings)
    assert not holding(settings.site, NAME)
    as_if_made_anew(settings)


def test_a_purge_that_was_stopped_is_finished_at_the_next_start(published, settings, monkeypatch):
    admin = person("admin")
    publishing.write_site_page(
        "about", "About", f"We are {NAME}.", actor_id=admin, settings=settings
    )
    with monkeypatch.context() as dying:
        dying.setattr(site, "write_after_purge", _no_room)
        with pytest.raises(SiteNotWritable):
            purge([NAME], settings)
    assert holding(settings.site, NAME)
    publishing.finish_interrupted(settings)
    assert not holding(settings.site, NAME)


def _no_room(*_args: object) -> None:
    raise SiteNotWritable("no room")


def test_a_purge_of_many_copies_and_words_is_told_in_several_entries_of_the_log(
    published, settings
):
    edition = the_edition(published[0], 1)(current_session())
    digests, copies = ([f"{kind}{n:063x}" for n in range(600)] for kind in "ab")
    entries = list(purging._entries(edition, digests, copies, NOW))
    assert max(len(canonical(one)) for one in entries) < 65_535
    assert [digest for one in entries for digest in one["digests"]] == digests
    assert [digest for one in entries for digest in one["copies"]] == copies


def test_an_entry_that_is_too_long_for_the_log_is_refused_before_it_is_in(app):
    with app.app_context(), writing() as session:
        with pytest.raises(BadProof, match="too long"):
            append(session, {"kind": "x" * 65_536}, now=NOW)
        assert queries.log_size(session) == 0


@pytest.mark.parametrize("where", ["text", "page", "headers"])
def test_a_copy_goes_whole_wherever_the_words_are_in_it(published, settings, where):
    name = "Zebedée Quux"
    described = f"<meta name=author content='{html.escape(name)}'>".encode("cp1252")
    keep = partial(archive.keep, settings.archive)
    by = quote(name) if where == "headers" else "somebody"
    record = archive.warc(f"https://a.example/?by={by}", "resource", b"Other.", at=NOW)
    text = f"Address: here\n\nBy {name}.\n" if where == "text" else "Address: here\n\nWords.\n"
    files = [
        keep(text.encode()), keep(described if where == "page" else b"Other."), keep(record),
    ]  # fmt: skip
    others = [keep(b"Address: there\n\nWords."), keep(b"Other."), keep(b"A record.")]
    with writing() as session:
        source = Source(url="https://a.example/", created_at=NOW)
        session.add(source)
        session.flush()
        session.add_all(
            Snapshot(source_id=source.id, asked_at=NOW, tried_at=NOW, sha256=one, page_sha256=page,
                     warc_sha256=record, refusal_values={})
            for one, page, record in (files, others)
        )  # fmt: skip
    purge([name], settings, copies=True)
    ours = Source.url == "https://a.example/"
    left = current_session().query(Snapshot).join(Source).filter(ours).order_by(Snapshot.id).all()
    assert [(one.sha256, one.refusal) for one in left] == [
        (None, "This copy was removed for good."), (others[0], None),
    ]  # fmt: skip
    gone = {one for one in files if archive.read(settings.archive, one) is None}
    assert gone == set(files) - set(others)


def test_files_that_were_read_before_are_not_read_again_while_writing(published, settings):
    digest = archive.keep(settings.archive, f"By {NAME}.".encode())
    seen = purged_copies.look_through(settings.archive, [digest], [NAME], {})
    assert seen == {digest: True}
    archive.place_of(settings.archive, digest).unlink()
    assert purged_copies.look_through(settings.archive, [digest], [NAME], seen) == seen


def test_nothing_that_was_written_over_stays_in_the_file_of_sqlite(published, settings):
    if not settings.is_sqlite:
        pytest.skip("PostgreSQL's files are for VACUUM FULL: docs/operating.md")
    _, ids = published
    for words in (f"Words of {NAME}. " * 40, "Short."):
        with writing() as session:
            claim_of(session, ids[0]).restated = words
    purge([NAME], settings)
    assert not _in_the_database(settings)


def test_what_an_older_release_left_in_the_file_goes_with_a_job_that_waits_for_readers(
    published, settings, caplog, monkeypatch
):
    if not settings.is_sqlite:
        pytest.skip("PostgreSQL's files are for VACUUM FULL: docs/operating.md")
    file = settings.data / "factcheck.sqlite3"
    with closing(sqlite.connect(file, isolation_level=None)) as before:  # it deletes less
        for statement in ("CREATE TABLE t (t)", "INSERT INTO t VALUES (?)", "DROP TABLE t"):
            before.execute(statement, [f"{NAME} " * 2000] if "?" in statement else [])
    with writing() as session:
        publishing.enqueue(session, publishing.FORGET_JOB, {}, now=NOW)
    reader = sqlite.connect(file, isolation_level=None)
    for statement in ("BEGIN", "SELECT count(*) FROM claims"):
        reader.execute(statement).fetchall()
    real, runs = publishing.write_anew, []
    monkeypatch.setattr(publishing, "write_anew", lambda: runs.append("VACUUM") or real())
    jobs.run_due(settings)
    waiting = {"kind": publishing.FORGET_JOB, "done_at": None}
    job = current_session().query(OutboxJob).filter_by(**waiting).one()
    assert job.attempts == 1
    assert job.error.startswith("StillInFile")
    reader.close()
    with writing() as session:
        session.query(OutboxJob).update({OutboxJob.due_at: NOW})
    jobs.run_due(settings)
    assert not _in_the_database(settings)
    assert runs == ["VACUUM"], "it is not done again to wait for a reader"
    assert publishing.FORGET_JOB in jobs.NEVER_GIVEN_UP


def _in_the_database(settings) -> list[str]:
    files = settings.data.glob("factcheck.sqlite3*")
    return [file.name for file in files if NAME.encode() in file.read_bytes()]


@pytest.mark.parametrize("name", ["shard", "root", "new"])
def test_what_somebody_else_put_into_a_manifest_is_not_signed(published, settings, name):
    slug, ids = published
    shards = sorted((settings.site / "manifests").glob("*.json"))
    file = {
        "shard": shards[0], "root": settings.site / "manifest.json",
        "new": next(new for n in range(256)
                    if not (new := settings.site / f"manifests/{n:02x}.json").exists()),
    }[name]  # fmt: skip
    listed = json.loads(file.read_bytes()) if file.exists() else {"files": {}, "signature": "AA=="}
    listed["files"]["by-url/evil.json"] = sha256(b"{}")
    (settings.site / "by-url").mkdir(exist_ok=True)
    (settings.site / "by-url" / "evil.json").write_bytes(b"{}")
    file.write_text(canonical(listed))
    listed_there = json.loads(shards[0].read_bytes())["files"]
    with pytest.raises(SiteNotWritable, match="site build"):
        site.write_lists(settings.site, dict.fromkeys(listed_there, b""), settings)
    build_site(current_session(), settings.site, settings)
    checked(settings.site)
    with writing() as session:
        claim_of(session, ids[0]).restated = "Other words."
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    checked(settings.site)


def test_words_in_a_policy_of_one_s_own_go_and_every_page_is_made_anew(published, settings):
    editor = person("editor")
    with writing() as session:
        wanted = Wanted(f"{NAME}’s rule", f"As {NAME} does it.", ((2, 2),))
        key = add_policy(session, wanted, actor=session.get(Person, editor), now=NOW).key
    assert NAME in policy(key).description
    purge([NAME], settings)
    db.session.remove()
    own = policy(key)
    assert NAME not in own.name + own.description
    assert own.seats == 2
    waiting = sa.select(OutboxJob.kind).where(OutboxJob.done_at.is_(None))
    assert choosing.BUILD in current_session().scalars(waiting).all()
