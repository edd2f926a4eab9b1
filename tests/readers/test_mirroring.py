"""The public site in an object store, over HTTP: what is sent, when, and what a failure leaves."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck import clock, jobs
from factcheck.config import BadSetting, from_environment
from factcheck.db import current_session, writing
from factcheck.editions import choosing, publishing, queries, unsent
from factcheck.editions.files import ENCODINGS, paths_in, write_files
from factcheck.outbox import OutboxJob
from factcheck.readers import mirroring, object_store
from factcheck.readers.mirroring import CHECKPOINT, catch_up, rank
from factcheck.readers.object_store import ObjectStore, StoreFailed, etag_of
from factcheck.runs import actions as runs
from factcheck.runs.models import Run
from tests import object_store as object_stores
from tests.accounts.factories import make_person
from tests.editions.factories import make_ready_article
from tests.editions.test_site import correct


class Killed(BaseException):
    """What nobody catches: as if the process were gone."""


@pytest.fixture(scope="module")
def server():
    """The address of an S3 API with a bucket `checks`."""
    with object_stores.serving() as base:
        yield base


@pytest.fixture
def settings(settings, server, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    for name, value in object_stores.AWS.items():
        monkeypatch.setenv(name, value)
    return replace(settings, store=object_stores.new_place())


@pytest.fixture
def started(app, settings):
    """An installation that nothing is published in yet, nor sent; inside the app's context."""
    with app.app_context():
        publishing.start_site(settings)
        yield


@pytest.fixture
def put(monkeypatch):
    """The paths that were sent, in their order."""
    sent, whole = [], ObjectStore._put

    def putting(store, path, data):
        whole(store, path, data)
        sent.append(path)

    monkeypatch.setattr(ObjectStore, "_put", putting)
    return sent


def publish(settings, **details):
    with writing() as session:
        article, claims = make_ready_article(session, **details)
        slug, ids = article.slug, [one.public_id for one in claims]
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    return slug, ids


def stored(settings):
    """Return the digest of every object, by its path."""
    return dict(ObjectStore(settings.store).listed())


def tree(folder):
    """Return the same of every file."""
    return {path: etag_of((folder / path).read_bytes()) for path in paths_in(folder)}


def waiting():
    query = sa.select(OutboxJob).where(
        OutboxJob.kind == publishing.COPY_JOB, OutboxJob.done_at.is_(None)
    )
    return list(current_session().scalars(query))


def test_what_is_published_is_in_the_store_byte_for_byte_once_the_job_has_run(started, settings):
    publish(settings)
    assert unsent.owed(settings.site) > 0
    jobs.run_due(settings)
    assert stored(settings) == tree(settings.site)
    assert (unsent.owed(settings.site), waiting()) == (0, [])


@pytest.mark.one_database
def test_each_object_has_the_type_and_the_caching_of_its_file(started, settings):
    import obstore

    slug, _ = publish(settings)
    jobs.run_due(settings)
    store = ObjectStore(settings.store)._store
    script = next(path for path in paths_in(settings.site) if re.match(r"embed/\w+\.js$", path))
    for path, kind, caching in (
        (f"articles/{slug}/index.html", "text/html; charset=utf-8", "no-cache"),
        (f"articles/{slug}/index.html.gz", "application/gzip", "no-cache"),
        ("feed.json", "application/feed+json", "no-cache"),
        (CHECKPOINT, "text/plain; charset=utf-8", "no-cache"),
        (script, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
    ):
        said = obstore.get(store, path).attributes
        assert (said["Content-Type"], said["Cache-Control"]) == (kind, caching), path
        assert "Content-Encoding" not in said


@pytest.mark.one_database
def test_nothing_is_sent_before_what_it_names_nor_twice(started, settings, put):
    publish(settings)
    jobs.run_due(settings)
    assert sorted(put) == sorted(set(put))
    assert [rank(path) for path in put] == sorted(rank(path) for path in put)
    assert put[-1] == CHECKPOINT
    for place, path in enumerate(put):
        if path.endswith(".html") and rank(path) > 1:
            named = re.findall(r'href="/(articles/[^"#?]+/)"', (settings.site / path).read_text())
            assert {f"{one}index.html" for one in named} <= set(put[: place + 1]), path


@pytest.mark.one_database
def test_an_unchanged_file_is_not_sent_again(started, settings, put):
    slug, ids = publish(settings)
    jobs.run_due(settings)
    before = tree(settings.site)
    put.clear()
    correct(ids, settings, slug)
    jobs.run_due(settings)
    after = tree(settings.site)
    assert sorted(put) == sorted(path for path in after if after[path] != before.get(path))
    put.clear()
    with writing() as session:
        publishing.ask_for_copy(session, settings, now=clock.now())
    jobs.run_due(settings)
    assert put == []


@pytest.mark.one_database
def test_killed_half_way_it_goes_on_where_it_was(started, settings, put, monkeypatch):
    monkeypatch.setattr(mirroring, "AT_ONCE", 16)
    publish(settings)
    whole, left = ObjectStore.put, [50]

    def dying(store, some):
        left[0] -= len(some)
        if left[0] < 0:
            raise Killed
        whole(store, some)

    monkeypatch.setattr(ObjectStore, "put", dying)
    with pytest.raises(Killed):
        catch_up(settings)
    assert CHECKPOINT not in stored(settings)
    assert unsent.owed(settings.site) == len(tree(settings.site)) - len(put) > 0
    publish(settings, title="Another one, meanwhile")
    monkeypatch.setattr(ObjectStore, "put", whole)
    first = set(put)
    put.clear()
    assert catch_up(settings)
    begun = put[: put.index(CHECKPOINT)]
    assert len(first) > 30
    assert not first & set(begun)
    assert not any("another-one" in path for path in begun)
    assert stored(settings) == tree(settings.site)


def test_a_store_that_fails_is_asked_again_and_nothing_is_lost(
    started, settings, server, monkeypatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_stores.NOBODY)
    monkeypatch.setattr(object_store, "RETRIES", 0)
    publish(settings)
    publish(settings, title="The second")
    jobs.run_due(settings)
    (job,) = waiting()
    assert job.attempts == 1
    assert "StoreFailed" in job.error
    with writing() as session:
        again = session.get_one(OutboxJob, job.id)
        again.due_at, again.attempts = clock.now(), jobs.MOST_ATTEMPTS + 2
    jobs.run_due(settings)
    (job,) = waiting()
    assert (job.attempts, job.failed_at) == (jobs.MOST_ATTEMPTS + 3, None)
    assert job.due_at - clock.now() <= jobs.LONGEST_WAIT
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    with writing() as session:
        session.get_one(OutboxJob, job.id).due_at = clock.now()
    jobs.run_due(settings)
    assert waiting() == []
    assert stored(settings) == tree(settings.site)


@pytest.mark.one_database
def test_what_takes_long_is_gone_on_with_by_another_job(started, settings, put, monkeypatch):
    monkeypatch.setattr(mirroring, "A_TURN_S", 0.0)
    publish(settings)
    assert jobs.run_due(settings) > 3
    assert [rank(path) for path in put] == sorted(rank(path) for path in put)
    assert len(put) == len(set(put))
    assert stored(settings) == tree(settings.site)
    (run,) = current_session().scalars(sa.select(Run))
    assert (run.kind, run.state, run.done) == (publishing.COPY_JOB, "done", run.total)


@pytest.mark.one_database
def test_a_long_copying_can_be_stopped_and_goes_on_with_the_next_publishing(
    started, settings, monkeypatch
):
    monkeypatch.setattr(mirroring, "A_TURN_S", 0.0)
    publish(settings)
    mirroring.mirror({}, settings)  # a turn
    with writing() as session:
        (run,) = session.scalars(sa.select(Run))
        assert (run.state, run.total > run.done) == ("waiting", True)
        runs.ask_to_stop(session, run, actor=make_person(session, "editor"), now=clock.now())
    jobs.run_due(settings)
    current_session().rollback()
    (run,) = current_session().scalars(sa.select(Run))
    assert (run.state, waiting()) == ("stopped", [])
    assert stored(settings) != tree(settings.site)
    publish(settings, title="The next")
    jobs.run_due(settings)
    assert stored(settings) == tree(settings.site)


@pytest.mark.one_database
def test_the_words_of_a_withdrawn_edition_leave_the_store(started, settings):
    publish(settings, url="https://elsewhere.example/post")
    jobs.run_due(settings)
    assert any(path.startswith("by-url/") for path in stored(settings))
    (edition,) = queries.editions_between(current_session(), 0, 1)
    publishing.withdraw(edition.sha256, reason="A court said so.", actor_id=None, settings=settings)
    jobs.run_due(settings)
    found, store = stored(settings), ObjectStore(settings.store)
    assert found == tree(settings.site)
    assert not any(path.startswith("by-url/") for path in found)
    pages = [
        path for path in found if path.startswith("articles/") and path.endswith((".json", ".html"))
    ]
    assert pages
    assert not any(b"412,000" in store.get(path) for path in pages)


@pytest.mark.one_database
def test_a_name_that_an_admin_chooses_reaches_every_page_in_the_store(started, settings):
    publish(settings)
    jobs.run_due(settings)
    publishing.write_look(
        lambda session, actor, now: choosing.set_name(
            session, name="The Harbour Check", actor=actor, now=now
        ),
        actor_id=0, settings=settings,
    )  # fmt: skip
    jobs.run_due(settings)
    assert stored(settings) == tree(settings.site)
    assert b"The Harbour Check" in (settings.site / "index.html").read_bytes()


@pytest.mark.one_database
def test_a_push_mends_what_was_damaged_and_leaves_what_is_not_ours(started, settings, put):
    slug, _ = publish(settings)
    jobs.run_due(settings)
    store = ObjectStore(settings.store)
    page, lost = f"articles/{slug}/index.html", f"articles/{slug}/edition.json"
    foreign = {"photos/ours.txt": b"somebody else's", "humans.txt": b"somebody's as well"}
    store.put({page: b"damaged", "articles/gone/index.html": b"old", **foreign})
    store.delete([lost])
    put.clear()
    unsent.ask_to_compare(settings.site)
    assert catch_up(settings)
    assert sorted(put) == [lost, page]
    assert stored(settings) == tree(settings.site) | {
        path: etag_of(data) for path, data in foreign.items()
    }


@pytest.mark.one_database
def test_another_store_gets_everything_and_a_folder_alone_notes_nothing(started, settings):
    publish(settings)
    moved = replace(settings, store=f"{settings.store}-moved")
    publishing.start_site(moved)
    jobs.run_due(moved)
    assert stored(moved) == tree(moved.site)
    publishing.start_site(replace(settings, store=""))
    write_files(settings.site, {"about/index.html": b"changed"})
    assert unsent.owed(settings.site) == 0
    assert not list(settings.data.glob(".site.store"))


@pytest.mark.one_database
def test_where_no_file_can_have_two_names_the_batch_is_copied(started, settings, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    publish(settings)
    jobs.run_due(settings)
    assert stored(settings) == tree(settings.site)


@pytest.mark.one_database
def test_a_store_that_refuses_says_why(started, settings):
    with pytest.raises(StoreFailed, match="NoSuchBucket"):
        list(ObjectStore("s3://none/").listed())


_names = st.sampled_from(["articles", "x", "editions", "1", "log", "tile", "index.html", "001"])


@given(st.lists(_names, min_size=1).map("/".join), st.sampled_from(ENCODINGS))
def test_the_checkpoint_is_always_last_and_copies_go_with_their_page(path, encoding):
    assert rank(path) < rank(CHECKPOINT)
    if path.endswith(".html"):
        assert rank(path + encoding) == rank(path)


def test_an_address_says_bucket_and_prefix_and_no_secret(tmp_path):
    def site(value):
        return from_environment({"FACTCHECK_DATA": str(tmp_path), "FACTCHECK_SITE": value})

    found = site("s3://checks/public/")
    assert (found.store, found.site) == ("s3://checks/public", tmp_path / "site")
    assert site(str(tmp_path / "www")).store == ""
    for wrong in ("gs://checks", "s3://", "s3://key:secret@checks", "s3://checks?secret=1"):
        with pytest.raises(BadSetting):
            site(wrong)


@pytest.mark.one_database
def test_all_is_compared_in_turns_and_what_is_published_meanwhile_does_not_wait(
    started, settings, put, monkeypatch
):
    slug, _ = publish(settings)
    jobs.run_due(settings)
    page = f"articles/{slug}/index.html"
    ObjectStore(settings.store).put({page: b"damaged", "articles/gone/index.html": b"old"})
    monkeypatch.setattr(mirroring, "AT_ONCE", 16)
    unsent.ask_to_compare(settings.site)
    put.clear()
    publish(settings, title="Another one, meanwhile")
    read: list[int] = []
    monkeypatch.setattr(mirroring, "etag_of", lambda data: read.append(1) or etag_of(data))
    turns = 0
    while unsent.is_to_compare(settings.site):
        read.clear()
        catch_up(settings, until=-math.inf)  # no time at all
        assert len(read) <= 16
        turns += 1
    assert turns > 5
    assert page not in put[: put.index(CHECKPOINT)]  # of the batch that was published
    assert catch_up(settings)
    assert stored(settings) == tree(settings.site)


@pytest.mark.one_database
def test_a_worker_without_the_site_leaves_copying_to_who_has_it(started, settings, tmp_path):
    publish(settings)
    elsewhere = replace(settings, site=tmp_path / "no-site")
    jobs.run_due(elsewhere, which=jobs.for_this_machine(elsewhere))
    assert len(waiting()) == 1
    jobs.run_due(settings, which=jobs.for_this_machine(settings))
    assert waiting() == []
    assert stored(settings) == tree(settings.site)
