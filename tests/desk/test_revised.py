"""The page of a new revision: both texts, what became of each claim, what editors say to it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts.events import Event
from factcheck.articles.intake import from_text
from factcheck.claims import actions
from factcheck.claims.queries import claim as claim_by_id
from factcheck.db import current_session, writing
from factcheck.desk.revised.rules import LONGEST, rows_of, side_by_side
from factcheck.desk.triage.steps import steps_of
from factcheck.desk.triage.undoing import redo, undo
from factcheck.editions.actions import publish_edition
from tests.accounts.factories import make_person
from tests.articles.factories import TEXT
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_ready
from tests.web.client import form_token, signed_in

PLACE = "/work/articles/the-harbour-of-ostrava/carried-over"
NEW = TEXT.replace("nine to four", "ten to four").replace("Nobody in the town was", "None was")
WORDS = ("The ferry carried 412,000", "the council voted nine to four", "in the town was surprised")

words = st.lists(st.sampled_from(["a", "b b", "c, d", "", "e\u0301"]), max_size=9)


@given(words, words)
def test_both_texts_stand_in_the_rows_whole_and_what_is_the_same_is_counted(old, new):
    rows = rows_of("\n".join(old), "\n".join(new))

    for side, lines in (("before", old), ("now", new)):
        shown = ["".join(one.words for one in getattr(row, side)) for row in rows if not row.same]
        same = sum(row.same for row in rows)
        kept = [line for line in lines if line]
        if rows:
            assert len([one for one in shown if one]) + same == len(kept)
    if not rows:
        assert list(filter(None, old)) == list(filter(None, new))


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_passages_are_whole_in_their_pieces_and_agree_where_they_say_so(before, now):
    left, right = side_by_side(before, now)

    assert ("".join(one.words for one in left), "".join(one.words for one in right)) == (
        before,
        now,
    )
    same = ["".join(one.words for one in side if not one.differs) for side in (left, right)]
    assert same[0] == same[1]


def test_of_texts_that_differ_wholly_nothing_is_compared():
    old, new = ("\n".join(f"{word} {n}" for n in range(LONGEST + 1)) for word in ("one", "two"))

    assert rows_of(old, new) is None
    assert [row.same for row in rows_of(old, old + "\nthree")] == [LONGEST + 1, 0]


@pytest.fixture
def revised(app):
    """Make an article with claims of WORDS and a revision that changed and lost some."""
    with app.app_context(), writing() as session:
        make_person(session, "editor", email="ed@factcheck.example")
        make_person(session, "reviewer", email="rev@factcheck.example")
        article = make_article(session)
        claims = [make_claim(session, article, one) for one in WORDS]
        text = from_text(NEW.replace("None was surprised.", "It surprised the town, nobody less."))
        actions.revise_article(session, article, text, actor=None, now=NOW)
        ids = [claim.public_id for claim in claims]
        assert [claim.anchor for claim in claims] == ["unchanged", "changed", "gone"]
    return ids


@pytest.fixture
def editor(app, revised):
    return signed_in(app, "ed@factcheck.example")


def say(client, claim, do, **fields):
    page = client.get(PLACE).text
    part = page.partition(f'id="c-{claim}"')[2].partition("</li>")[0]
    version = re.search(r'name="version" value="(\d+)"', part)
    data = {"csrf_token": form_token(page), "do": do, "version": version[1] if version else ""}
    return client.post(f"{PLACE}/{claim}", data=data | fields)


def anchors(app, ids):
    with app.app_context(), writing() as session:
        return [claim_by_id(session, one).anchor for one in ids]


def test_the_words_before_stand_beside_those_now(app, editor, revised):
    page = editor.get(PLACE).text

    assert "2 claims wait for a look." in page
    assert [key for key in ("gone", "changed", "unchanged") if f'id="{key}-h"' in page] == [
        "gone", "changed", "unchanged",
    ]  # fmt: skip
    changed = page.partition(f'id="c-{revised[1]}"')[2].partition("</li>")[0]
    assert "the council voted <del>nine</del> to four" in changed
    assert "the council voted <ins>ten</ins> to four" in changed
    texts = page.partition('id="texts-h"')[2]
    assert "On 3 March the council voted <del>nine</del> to four" in texts
    assert "1 paragraph is the same." in texts
    reader = signed_in(app, "rev@factcheck.example")
    assert "It claims the same still" not in reader.get(PLACE).text
    assert say(reader, revised[1], "confirm").status_code == 403


def test_an_editor_confirms_what_changed_once_and_can_undo_that(app, editor, revised):
    assert say(editor, revised[1], "confirm").status_code == 303
    assert anchors(app, revised) == ["unchanged", "unchanged", "gone"]
    page = editor.get(f"{PLACE}?said={revised[1]}").text
    assert "1 claim waits for a look." in page
    assert "An editor has looked at it." in page
    again = say(editor, revised[1], "confirm")
    assert (again.status_code, "were not changed by a new revision" in again.text) == (409, True)
    with app.app_context(), writing() as session:
        claim = claim_by_id(session, revised[1])
        version = claim.version
        person = session.scalars(sa.select(Event).order_by(Event.id.desc())).first().actor
        (step,) = steps_of(session, claim.article, person)
        undo(session, step.public_id, actor=person, now=NOW)
        assert (claim.anchor, claim.version) == ("changed", version + 1)


def test_a_claim_that_is_gone_is_put_where_an_editor_says_and_back(app, editor, revised):
    part = editor.get(PLACE).text.partition(f'id="c-{revised[2]}"')[2].partition("</li>")[0]
    place = re.search(r'<option value="(\d+-\d+)">It surprised the town', part)[1]
    assert say(editor, revised[2], "put").status_code == 422

    assert say(editor, revised[2], "put", place=place).status_code == 303

    with app.app_context(), writing() as session:
        claim = claim_by_id(session, revised[2])
        assert claim.quote == "It surprised the town, nobody less."
        assert claim.anchor == "unchanged"
        person = session.scalars(sa.select(Event).order_by(Event.id.desc())).first().actor
        (step,) = steps_of(session, claim.article, person)
        undo(session, step.public_id, actor=person, now=NOW)
        session.flush()
        assert (claim.start, claim.anchor, claim.quote) == (None, "gone", WORDS[2])
        redo(session, step.public_id, actor=person, now=NOW)
        assert claim.quote == "It surprised the town, nobody less."


def test_a_stale_page_confirms_nothing(app, editor, revised):
    answer = say(editor, revised[1], "confirm", version="1")

    assert (answer.status_code, "Somebody else changed" in answer.text) == (409, True)
    assert anchors(app, revised)[1] == "changed"
    assert say(editor, revised[1], "explode").status_code == 422


def test_what_the_author_corrected_is_noted_there(app, editor, revised):
    with app.app_context(), writing() as session:
        claim = claim_by_id(session, revised[1])
        make_ready(session, claim, "false")
        claim.told = "false"
    refused = say(editor, revised[1], "mended", on="2026-11-19")
    assert (refused.status_code, "Nothing was published" in refused.text) == (409, True)
    with app.app_context(), writing() as session:
        claim = claim_by_id(session, revised[1])
        claim.told = None
        publish_edition(session, claim.article, note=None, actor=None, now=NOW)
    assert say(editor, revised[1], "mended", on="2026-11-19").status_code == 303
    with app.app_context():
        assert (
            str(claim_by_id(current_session(), revised[1]).corrected_at_source_on) == "2026-11-19"
        )
    assert "Corrected at source on" in editor.get(PLACE).text


@pytest.mark.one_database
def test_an_article_with_one_revision_says_so(app, editor):
    with app.app_context(), writing() as session:
        make_article(session, title="Alone")

    assert "It has one revision alone." in editor.get("/work/articles/alone/carried-over").text
