"""The site made anew: at the start, in turns while others publish, and after a crash."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from factcheck.db import current_session, writing
from factcheck.editions import article_site, choosing, making_anew, publishing, site
from factcheck.editions.files import paths_in
from factcheck.editions.verify import folder_reader, verify
from factcheck.jobs import run_due
from factcheck.outbox import OutboxJob
from factcheck.runs import actions as runs
from factcheck.runs.models import Run
from factcheck.runs.queries import run as run_at
from factcheck.runs.queries import under_way
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.editions.factories import make_ready_article
from tests.editions.test_site import correct, problems, published, tree

__all__ = ["published"]


def test_a_site_that_is_missing_or_in_an_older_look_is_made_anew_at_the_start(published, settings):
    whole = tree(settings.site)
    publishing.start_site(settings)
    assert tree(settings.site) == whole
    styles = next((settings.site / "assets").glob("public.*.css"))
    styles.rename(styles.with_name("public.0123456789abcdef.css"))
    publishing.start_site(settings)
    assert [one for one in tree(settings.site) if one.startswith("assets/public.0123")]
    run_due(settings)
    assert tree(settings.site) == whole
    (settings.site / "log" / "checkpoint").unlink()
    (settings.site / "stray.html").write_text("<p>")
    publishing.start_site(settings)

    assert tree(settings.site) == whole


def test_every_page_is_made_anew_in_turns_between_which_others_publish(
    published, settings, monkeypatch
):
    monkeypatch.setattr(making_anew, "A_TURN", 1)
    slugs = [published[0]]
    for number in range(2):
        with writing() as session:
            article, _ = make_ready_article(session, ["true"], title=f"Article {number}")
            slugs.append(article.slug)
        publishing.publish(slugs[-1], note=None, actor_id=None, settings=settings)
    with writing() as session:
        choosing.set_name(session, "Another name", actor=None, now=NOW)
    run_due(settings)

    for slug in slugs:
        assert "Another name" in (settings.site / "articles" / slug / "index.html").read_text()
    assert list(verify(folder_reader(settings.site), paths_in(settings.site))) == []

    (run,) = current_session().scalars(sa.select(Run))
    assert (run.kind, run.state, run.done, run.total) == ("build-site", "done", 3, 3)

    with writing() as session:
        choosing.set_name(session, "A third name", actor=None, now=NOW)
        (run,) = under_way(session, choosing.BUILD)
        runs.ask_to_stop(session, run, actor=make_person(session, "admin"), now=NOW)
        stopped = run.public_id
    run_due(settings)
    current_session().rollback()
    assert run_at(current_session(), stopped).state == "stopped"
    page = (settings.site / "articles" / slugs[0] / "index.html").read_text()
    assert "A third name" not in page
    assert list(verify(folder_reader(settings.site), paths_in(settings.site))) == []


def test_a_turn_makes_what_lists_its_articles_once_and_each_page_as_all_the_site_would(
    published, settings, monkeypatch, tmp_path
):
    with writing() as session:
        slugs = [make_ready_article(session, ["true"], title=f"N{n}")[0].slug for n in range(2)]
    for slug in slugs:
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
    with writing() as session:
        choosing.set_name(session, "Another name", actor=None, now=NOW)
    common, lists_made = site.common_files, []
    monkeypatch.setattr(
        site, "common_files", lambda *given: lists_made.append(given) or common(*given)
    )
    run_due(settings)

    assert len(lists_made) == 2  # of the turn, and of what belongs to no article
    site.build_site(current_session(), tmp_path / "built", settings)
    assert tree(tmp_path / "built") == tree(settings.site)


def test_a_building_that_is_asked_for_anew_ends_the_one_before(published, settings, monkeypatch):
    monkeypatch.setattr(making_anew, "A_TURN", 1)
    with writing() as session:
        choosing.ask_for_building(session, now=NOW)
    first = dict(current_session().scalars(open_builds()).one())
    with writing() as session:
        choosing.ask_for_building(session, now=NOW)
    making_anew.go_on(first, settings)
    assert len(current_session().scalars(open_builds()).all()) == 1


def open_builds():
    return sa.select(OutboxJob.payload).where(
        OutboxJob.kind == choosing.BUILD, OutboxJob.done_at.is_(None)
    )


def test_one_article_that_cannot_be_made_stops_no_other(published, settings, monkeypatch):
    with writing() as session:
        article, _ = make_ready_article(session, ["true"], title="Second")
        slug = article.slug
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    real = site.write_article_anew

    def write(session, article, settings):
        if article.slug == published[0]:
            raise ValueError("a defect")
        real(session, article, settings)

    with monkeypatch.context() as broken:
        broken.setattr(site, "write_article_anew", write)
        with writing() as session:
            choosing.set_name(session, "Another name", actor=None, now=NOW)
        run_due(settings)
    pages = [settings.site / "articles" / one / "index.html" for one in (published[0], slug)]
    assert ["Another name" in page.read_text() for page in pages] == [False, True]
    assert publishing.finish_interrupted(settings) == 1
    assert "Another name" in pages[0].read_text()


def test_what_a_crash_left_undone_of_a_page_or_a_look_is_done_by_a_job(
    published, settings, monkeypatch
):
    with writing() as session:
        admin = make_person(session, "admin").id

    def fail(*_args) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as crashed:
        crashed.setattr(site, "write_common_files", fail)
        with pytest.raises(OSError, match="full"):
            publishing.write_site_page(
                "about", "About", "We are the harbour desk.", actor_id=admin, settings=settings
            )
    assert "harbour desk" not in (settings.site / "about" / "index.html").read_text()
    run_due(settings)
    assert "harbour desk" in (settings.site / "about" / "index.html").read_text()


def test_publishing_draws_no_older_edition_again(published, settings, monkeypatch):
    slug, ids = published
    correct(ids, settings, slug)
    folder, drawn, draw = settings.site / "articles" / slug / "editions", [], article_site._page

    def page(one, *given, **more):
        drawn.append((one.shown.number, more["is_newest"]))
        return draw(one, *given, **more)

    monkeypatch.setattr(article_site, "_page", page)
    correct(ids, settings, slug, summary="Said better still.")
    assert drawn == [(3, False), (3, True)]

    drawn.clear()
    before = (folder / "1" / "index.html").read_bytes()
    (folder / "1" / "manifest.json").unlink()  # as a copy of the folder that is not whole
    correct(ids, settings, slug, summary="Said best.")
    assert drawn == [(1, False), (4, False), (4, True)]
    assert (folder / "1" / "index.html").read_bytes() == before
    assert problems(settings.site) == []
