"""Withdrawing and putting back; removing words for good; the log that goes on to hold."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from factcheck.accounts.models import Person
from factcheck.articles import queries as articles
from factcheck.articles.queries import revision
from factcheck.claims.queries import claim as claim_of
from factcheck.claims.queries import claims_of
from factcheck.db import current_session, writing
from factcheck.editions import (
    actions,
    files,
    mending,
    publishing,
    purging,
    queries,
    redacting,
    withdrawing,
)
from factcheck.editions.integrity import changed_rows
from factcheck.editions.search import entry_of_claim
from factcheck.editions.second_editor import AnotherEditor
from factcheck.editions.site import build_site
from factcheck.editions.verify import Problem, folder_reader, verify
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import QUOTES, make_ready_article
from tests.effort import examples
from tests.reviews.factories import make_ready

SECRET = "H. Lund"
UTC = ZoneInfo("UTC")


@pytest.fixture
def published(app, settings):
    """The slug and the claims' ids of an article that has edition 1; inside the app's context."""
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(session, title="The ferry")
            slug, ids = article.slug, [one.public_id for one in claims]
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        yield slug, ids


def person(role: str) -> int:
    with writing() as session:
        return make_person(session, role).id


def do(settings, verb, *found, actor: int | None = None, reason: str = "A court said so.") -> None:
    """Run a verb of withdrawing; `found` turns the session into what it is about."""
    publishing.act(
        lambda session, who, now: verb(
            session, *(one(session) for one in found), reason=reason, actor=who, now=now
        ),
        actor_id=actor, settings=settings,
    )  # fmt: skip


def the_article(slug: str):
    return lambda session: articles.article_by_slug(session, slug)


def the_claim(public_id: str):
    return lambda session: claim_of(session, public_id)


def the_edition(slug: str, number: int):
    return lambda session: queries.edition_numbered(session, the_article(slug)(session), number)


def checked(folder: Path) -> list[str]:
    """Return what `verify` says is withdrawn or removed; there is no problem."""
    removed: list[Problem] = []
    assert list(verify(folder_reader(folder), files.paths_in(folder), removed)) == []
    return [one.sentence for one in removed]


def tree(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in files.paths_in(folder)}


def purge(
    words: list[str], settings, *, copies: bool = False, reason: str = "The law."
) -> purging.Purge:
    first, second = person("admin"), person("admin")
    with writing() as session:
        asked = purging.ask(
            session, words, reason, with_copies=copies,
            actor=session.get_one(Person, first), now=NOW,
        )  # fmt: skip
        public_id = asked.public_id
    return publishing.purge(public_id, actor_id=second, settings=settings)


def test_a_withdrawn_claim_is_gone_from_every_place_and_leaves_a_tombstone(published, settings):
    slug, ids = published
    do(settings, withdrawing.withdraw_claim, the_claim(ids[0]))
    folder = settings.site / "articles" / slug

    tomb = (folder / "claims" / ids[0] / "index.html").read_text()
    assert "A court said so." in tomb
    assert f"Of {ids[0]}" not in tomb
    left = tree(settings.site)
    assert not [path for path, data in left.items() if f"Of {ids[0]}".encode() in data]
    assert "A court said so." in (folder / "index.html").read_text()
    assert len(json.loads(left[f"articles/{slug}/embed/claims.json"])["claims"]) == 2
    assert ids[0] not in (settings.site / "sitemaps" / "1.xml").read_text()
    assert entry_of_claim(current_session(), ids[0]) is None
    assert checked(settings.site) == ["this claim is withdrawn"]


def test_a_withdrawn_claim_is_in_no_later_edition_until_it_is_put_back(published, settings):
    slug, ids = published
    editor = person("editor")
    before = tree(settings.site)
    do(settings, withdrawing.withdraw_claim, the_claim(ids[0]), actor=editor)
    with pytest.raises(withdrawing.AlreadyWithdrawn):
        do(settings, withdrawing.withdraw_claim, the_claim(ids[0]), actor=editor)
    draft = actions.next_edition(current_session(), the_article(slug)(current_session()),
                                 note=None, now=NOW)  # fmt: skip
    assert [change.as_json() for change in draft.changes] == [
        {"claim": ids[0], "kind": "gone", "from": "true"}
    ]
    with writing() as session:  # then nobody else could
        others = session.query(Person).where(Person.id != editor)
        others.update({Person.disabled_at: NOW})
    do(settings, withdrawing.put_back_claim, the_claim(ids[0]), actor=editor)
    after = tree(settings.site)
    same = {path for path in before if not path.startswith("log/")}
    assert {path: before[path] for path in same} == {path: after[path] for path in same}
    assert checked(settings.site) == []


def test_who_withdrew_needs_another_editor_to_put_it_back(published, settings):
    slug, ids = published
    one, other = person("editor"), person("admin")
    do(settings, withdrawing.withdraw_edition, the_edition(slug, 1), actor=one)
    with pytest.raises(AnotherEditor):
        do(settings, withdrawing.put_back_edition, the_edition(slug, 1), actor=one)
    do(settings, withdrawing.put_back_edition, the_edition(slug, 1), actor=other)
    assert f"Of {ids[0]}" in (settings.site / "articles" / slug / "index.html").read_text()
    assert the_article(slug)(current_session()).state == "published"
    assert checked(settings.site) == []


def test_the_only_claim_cannot_be_withdrawn_by_itself_nor_one_that_was_not_published(app, settings):
    with app.app_context():
        with writing() as session:
            article, (claim,) = make_ready_article(session, ["true"])
            other = make_claim(session, article, QUOTES[1])
            slug, only, unpublished = article.slug, claim.public_id, other.public_id
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        with pytest.raises(withdrawing.OnlyClaim):
            do(settings, withdrawing.withdraw_claim, the_claim(only))
        with pytest.raises(withdrawing.NotWithdrawn):
            do(settings, withdrawing.withdraw_claim, the_claim(unpublished))
        with pytest.raises(withdrawing.Invalid):
            do(settings, withdrawing.withdraw_claim, the_claim(only), reason=" ")


def test_a_whole_article_goes_and_comes_back_with_the_editions_that_went_with_it(
    published, settings
):
    slug, ids = published
    with writing() as session:
        article = the_article(slug)(session)
        make_ready(session, make_claim(session, article, "I miss her."), "mixed")
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    do(settings, withdrawing.withdraw_edition, the_edition(slug, 1), reason="First.")
    do(settings, withdrawing.withdraw_article, the_article(slug))
    page = (settings.site / "articles" / slug / "index.html").read_text()

    assert "What we published of this article was withdrawn" in page
    assert checked(settings.site) == ["this edition is withdrawn"] * 2
    assert slug not in (settings.site / "sitemaps" / "1.xml").read_text()
    with pytest.raises(withdrawing.AlreadyWithdrawn):
        do(settings, withdrawing.withdraw_article, the_article(slug))
    do(settings, withdrawing.put_back_article, the_article(slug))
    found = queries.editions_of(current_session(), the_article(slug)(current_session()))
    assert [one.withdrawn_at is None for one in found] == [False, True]
    assert f"Of {ids[0]}" in (settings.site / "articles" / slug / "index.html").read_text()


def test_what_went_before_the_article_does_not_come_back_with_it(published, settings):
    slug, _ = published
    with writing() as session:
        article = the_article(slug)(session)
        make_ready(session, make_claim(session, article, "I miss her."), "mixed")
    publishing.publish(slug, note=None, actor_id=None, settings=settings)
    first, second = person("editor"), person("editor")
    do(settings, withdrawing.withdraw_edition, the_edition(slug, 2), actor=first)
    do(settings, withdrawing.withdraw_article, the_article(slug), actor=second)
    do(settings, withdrawing.put_back_article, the_article(slug), actor=first)

    found = queries.editions_of(current_session(), the_article(slug)(current_session()))
    assert [one.withdrawn_at is None for one in found] == [True, False]


def test_who_withdrew_an_article_cannot_publish_it_anew_alone(published, settings):
    slug, _ = published
    first, second = person("editor"), person("editor")
    do(settings, withdrawing.withdraw_article, the_article(slug), actor=first)
    with pytest.raises(AnotherEditor):
        publishing.publish(slug, note=None, actor_id=first, settings=settings)
    assert publishing.publish(slug, note=None, actor_id=second, settings=settings).number == 2


@pytest.mark.parametrize("note", ["a\x0bb", "a\x00b", "\ud800"])
def test_a_note_that_would_break_the_feed_is_refused(published, settings, note):
    slug, ids = published
    with writing() as session:
        mending.note_mend(session, claim_of(session, ids[1]), date(2025, 3, 31),
                          actor=None, now=NOW)  # fmt: skip
    with pytest.raises(mending.Invalid):
        publishing.publish(slug, note=note, actor_id=None, settings=settings)


def test_an_article_that_was_never_published_is_put_aside_and_back(app, settings):
    with app.app_context():
        with writing() as session:
            slug = make_article(session, title="Bare").slug
        do(settings, withdrawing.withdraw_article, the_article(slug))
        assert the_article(slug)(current_session()).state == "withdrawn"
        do(settings, withdrawing.put_back_article, the_article(slug))
        assert the_article(slug)(current_session()).state == "triage"
        assert queries.log_size(current_session()) == 0


def test_publishing_anew_ends_a_withdrawal(published, settings):
    slug, _ = published
    do(settings, withdrawing.withdraw_article, the_article(slug))
    assert publishing.publish(slug, note=None, actor_id=None, settings=settings).number == 2
    assert the_article(slug)(current_session()).state == "published"
    assert checked(settings.site) == ["this edition is withdrawn"]


def test_purged_words_are_nowhere_and_the_log_still_holds(published, settings):
    slug, ids = published
    done = purge([SECRET, "the minutes"], settings)
    edition = the_edition(slug, 1)(current_session())
    article = the_article(slug)(current_session())

    assert done.removed["editions"] == 1
    assert done.words == []
    assert not [p for p, data in tree(settings.site).items() if SECRET.encode() in data]
    assert SECRET not in edition.content
    assert "Photo: ██ ████" in revision(current_session(), article).text
    assert not [
        file for file in settings.data.glob("*.sqlite*") if SECRET.encode() in file.read_bytes()
    ]
    assert checked(settings.site) == ["pieces of text removed for good on %(day)s: %(count)s"]
    page = (settings.site / "articles" / slug / "index.html").read_text()
    assert "removed for good" in page
    assert "The law." in page
    claim = (settings.site / "articles" / slug / "claims" / ids[0] / "index.html").read_text()
    assert "[removed]" in claim


def test_a_word_that_is_missing_without_an_entry_in_the_log_is_found(published, settings):
    slug, _ = published
    with writing() as session:
        edition = the_edition(slug, 1)(session)
        contents = queries.kept_contents(edition)
        contents.popitem()
        edition.content, edition.written_at = json.dumps(contents), None
    publishing.finish_interrupted(settings)
    found = [one.sentence for one in verify(folder_reader(settings.site))]
    assert found == ["the words behind %(digest)s… are missing"]


def test_a_purge_takes_two_admins(app):
    with app.app_context(), writing() as session:
        admin, editor = make_person(session, "admin"), make_person(session, "editor")
        with pytest.raises(purging.SecondAdmin):
            purging.ask(session, ["Somebody"], "Law.", with_copies=False, actor=editor, now=NOW)
        asked = purging.ask(session, ["Somebody"], "Law.", with_copies=False, actor=admin, now=NOW)
        for one in (admin, editor):
            with pytest.raises(purging.SecondAdmin):
                purging.carry_out(session, asked, actor=one, folder=Path(), now=NOW)
        with pytest.raises(purging.Invalid, match="holds the words"):
            purging.ask(session, ["Somebody"], "Somebody asked.", with_copies=False, actor=admin,
                        now=NOW)  # fmt: skip
        purging.drop(session, asked, actor=admin, now=NOW)
        assert asked.words == []


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3))
def test_struck_text_is_as_long_and_holds_none_of_the_words_but_blanks(text, words):
    after = redacting.struck(text, words)
    assert len(after) == len(text)
    assert not [one for one in words if one in after and redacting.barred(one) != one]
    if not redacting.places_of(text, words):
        assert after == text


VERBS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "edition", "article", "claim", "back", "claim back", "purge",
                         "mend"]),
        st.integers(0, 2),
    ),
    min_size=3, max_size=7,
)  # fmt: skip


@effort(max_examples=examples(6), deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(VERBS)
def test_after_any_order_of_acts_the_site_holds_and_is_the_same_made_anew(
    app, settings, tmp_path, steps
):
    with app.app_context():
        with writing() as session:
            article, claims = make_ready_article(session)
            slug, ids = article.slug, [one.public_id for one in claims]
        for number, (verb, which) in enumerate(steps):
            try:
                step(verb, which, number, slug, ids, settings)
            except (actions.Conflict, queries.EditionMissing):
                continue
        folder = tmp_path / f"again-{slug}"
        if settings.site.exists():
            checked(settings.site)
            build_site(current_session(), folder, settings)
            assert tree(folder) == tree(settings.site)


def step(verb: str, which: int, number: int, slug: str, ids: list[str], settings) -> None:
    match verb:
        case "publish":
            with writing() as session:
                one = claim_of(session, ids[which])
                one.restated = f"Restated {number} by {SECRET}."
            publishing.publish(slug, note=None, actor_id=None, settings=settings)
        case "edition":
            do(settings, withdrawing.withdraw_edition, the_edition(slug, which + 1))
        case "article":
            do(settings, withdrawing.withdraw_article, the_article(slug))
        case "claim":
            do(settings, withdrawing.withdraw_claim, the_claim(ids[which]))
        case "back":
            do(settings, withdrawing.put_back_article, the_article(slug))
        case "claim back":
            do(settings, withdrawing.put_back_claim, the_claim(ids[which]))
        case "purge":
            purge([SECRET, QUOTES[which][5:20]], settings)
        case "mend":
            with writing() as session:
                claims_of(session, the_article(slug)(session))[
                    which
                ].corrected_at_source_on = NOW.date()


def test_a_row_that_was_changed_by_hand_is_found(published, settings):
    session = current_session()
    assert list(changed_rows(session, settings.site)) == []
    by_hand = {
        "UPDATE editions SET record = replace(record, '\"true\"', '\"false\"')":
            "Edition %(number)s of %(slug)s was changed in the database.",
        "UPDATE editions SET content = replace(content, 'nine', 'five')":
            "Words of edition %(number)s of %(slug)s were changed in the database.",
        "UPDATE log_leaves SET entry = replace(entry, 'edition', 'opinion')":
            "Entry %(position)s of the log was changed in the database.",
    }  # fmt: skip
    for statement, sentence in by_hand.items():
        session.execute(sa.text(statement))
        assert sentence in [one.sentence for one in changed_rows(session, settings.site)]
        session.rollback()
