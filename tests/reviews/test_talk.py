"""Who sees what of the talk of a claim, what may be said when, and who is told of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts.events import Event
from factcheck.decisions.actions import reopen_claim, submit_review
from factcheck.decisions.cutting import merge_claims
from factcheck.failures import Invalid
from factcheck.reviews import actions, queries, talk, threads
from factcheck.reviews.rules import names_after_at
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.reviews.factories import make_answer, review_as


@pytest.fixture
def claim(session):
    return make_claim(session, make_article(session), state="accepted")


@pytest.fixture
def people(session):
    """Somebody who asks, another reviewer, and an editor."""
    return (
        make_person(session, name="Rhea Lind"),
        make_person(session, name="Rolf"),
        make_person(session, "editor", name="Edda Ek"),
    )


def say(session, claim, actor, text="What is meant?", **given):
    return talk.add_comment(session, claim, text, actor=actor, now=NOW, **given)


def seen(session, claim, person) -> list[str]:
    return [one.text for one in threads.comments_of(session, claim, person)]


def spoken_to(session, kind) -> list[list[int]]:
    query = sa.select(Event.details).where(Event.kind == kind).order_by(Event.id)
    return [details["people"] for details in session.scalars(query)]


def test_an_editor_s_answer_shows_to_who_asked_and_to_nobody_else(session, claim, people):
    rhea, rolf, edda = people
    asked = say(session, claim, rhea)
    answer = say(session, claim, edda, "The port’s own figures.", answers=asked.public_id)
    say(session, claim, rhea, "Thank you.", answers=answer.public_id)

    assert seen(session, claim, rhea) == [
        "What is meant?", "The port’s own figures.", "Thank you."
    ]  # fmt: skip
    assert seen(session, claim, edda) == seen(session, claim, rhea)
    assert seen(session, claim, rolf) == []
    assert spoken_to(session, "comment.answered") == [[rhea.id], [edda.id]]
    with pytest.raises(threads.CommentMissing):
        say(session, claim, rolf, "I too.", answers=asked.public_id)

    review_as(session, claim, ["true", "true"])
    assert len(seen(session, claim, rolf)) == 3


def test_an_editor_with_a_seat_is_a_reviewer_like_any_other(session, claim, people):
    rhea, _, edda = people
    asked = say(session, claim, rhea)
    actions.take_seat(session, claim, edda, now=NOW)
    assert seen(session, claim, edda) == []
    with pytest.raises(talk.NotYourRemark):
        talk.hide_comment(session, asked, "Rude.", actor=edda, now=NOW)


def test_an_editor_with_a_seat_elsewhere_sees_what_is_asked_here(session, claim, people):
    rhea, _rolf, edda = people
    other = make_claim(session, claim.article, "the council voted nine to four", state="accepted")
    say(session, other, rhea, "And there?")
    say(session, claim, rhea)
    actions.take_seat(session, other, edda, now=NOW)
    assert seen(session, claim, edda) == ["What is meant?"]
    assert seen(session, other, edda) == []


def test_between_rounds_all_talk_and_in_the_next_round_what_was_said_rests(session, claim, people):
    rhea, rolf, edda = people
    review_as(session, claim, ["true", "true"])
    said = say(session, claim, rhea, "The port counts cars too.")
    assert seen(session, claim, rolf) == ["The port counts cars too."]
    reopen_claim(session, claim, "Look again.", actor=edda, now=NOW)

    assert seen(session, claim, rolf) == ["The port counts cars too."]
    with pytest.raises(talk.TalkRests):
        say(session, claim, rolf, "I rate it false.", answers=said.public_id)
    with pytest.raises(talk.TalkRests):
        talk.edit_comment(session, said, "It is false.", version=None, actor=rhea, now=NOW)
    question = say(session, claim, rolf, "Which year?")  # before the round has its first seat
    actions.take_seat(session, claim, rhea, now=NOW)
    assert seen(session, claim, rhea) == ["The port counts cars too."]
    talk.edit_comment(session, question, "Which year is it?", version=1, actor=rolf, now=NOW)


def test_an_edit_keeps_what_was_said_and_refuses_a_stale_one(session, claim, people):
    rhea, rolf, _ = people
    review_as(session, claim, ["true", "true"])
    said = say(session, claim, rhea, "One.")
    for version, text in enumerate(("Two.", "Three."), 1):
        talk.edit_comment(session, said, text, version=version, actor=rhea, now=NOW)
    with pytest.raises(talk.StaleComment):
        talk.edit_comment(session, said, "Four.", version=1, actor=rhea, now=NOW)
    with pytest.raises(talk.NotYourRemark):
        talk.edit_comment(session, said, "Mine.", version=3, actor=rolf, now=NOW)
    with pytest.raises(Invalid):
        talk.edit_comment(session, said, " ", version=3, actor=rhea, now=NOW)

    [found] = threads.comments_of(session, claim, rolf)
    assert found.text == "Three."
    assert [one.text for one in found.earlier] == ["One.", "Two."]


def test_a_hidden_remark_keeps_its_words_for_editors_and_its_author(session, claim, people):
    rhea, rolf, edda = people
    review_as(session, claim, ["true", "true"])
    said = say(session, claim, rhea, "You are all blind.")
    talk.edit_comment(session, said, "You are blind.", version=None, actor=rhea, now=NOW)
    talk.hide_comment(session, said, "Rude.", actor=edda, now=NOW)

    [found] = threads.comments_of(session, claim, rolf)
    assert threads.words_for(found, rolf) == threads.Words("", ())
    for person in (rhea, edda):
        assert threads.words_for(found, person).text == "You are blind."
        assert len(threads.words_for(found, person).earlier) == 1
    event = session.scalars(sa.select(Event).where(Event.kind == "comment.hidden")).one()
    assert (event.actor_id, event.why) == (edda.id, "Rude.")
    with pytest.raises(talk.CommentHidden):
        talk.edit_comment(session, said, "Sorry.", version=None, actor=rhea, now=NOW)


def test_a_mention_is_of_the_longest_name_once_and_of_nobody_where_two_share_it(
    session, claim, people
):
    rhea, rolf, _ = people
    make_person(session, name="Rhea")
    for _ in range(2):
        make_person(session, name="Sam")
    review_as(session, claim, ["true", "true"])
    said = say(session, claim, rolf, "@Rhea Lind, see (@Sam) and a@Rolf and @Rolf.")
    talk.edit_comment(session, said, "@Rhea Lind: see it.", version=None, actor=rolf, now=NOW)

    assert spoken_to(session, "comment.mentioned") == [[rhea.id]]
    assert said.mentioned == ["Rhea Lind", "Rolf"]


def test_in_an_open_round_editors_alone_can_be_mentioned_whatever_their_part(
    session, claim, people
):
    rhea, _, edda = people
    before = say(session, claim, rhea, "@Edda Ek and @Rolf: which year?")
    actions.take_seat(session, claim, edda, now=NOW)
    after = say(session, claim, rhea, "@Edda Ek and @Rolf: which year?")

    assert before.mentioned == after.mentioned == ["Edda Ek"]
    assert threads.who_may_see(session, after, people) == [rhea]


def test_a_claim_without_a_closed_round_has_no_talk_yet(session, people):
    claim = make_claim(session, make_article(session))
    say(session, claim, people[0])
    assert seen(session, claim, people[1]) == []
    standing = threads.standing(
        session, claim, people[1], queries.own_rounds(session, claim, people[1])
    )
    assert not standing.is_open


NAMES = st.from_regex(r"[^\W\d_]{1,8}( [^\W\d_]{1,8}){0,2}", fullmatch=True)


@given(NAMES, st.sampled_from(["", ".", ", look", " look", ")", ": x", "\nRolf"]))
def test_a_name_behind_an_at_is_among_those_it_may_be(name, behind):
    assert name in names_after_at(f"See @{name}{behind}")[0]
    assert names_after_at(f"a@{name}{behind}") == []


def test_a_remark_hidden_by_mistake_is_shown_again_and_both_reasons_stay(session, claim, people):
    rhea, rolf, edda = people
    review_as(session, claim, ["true", "true"])
    said = say(session, claim, rhea, "It counts cars.")
    talk.hide_comment(session, said, "Names a person.", actor=edda, now=NOW)
    talk.unhide_comment(session, said, "It names none.", actor=edda, now=NOW)
    talk.unhide_comment(session, said, "Once more.", actor=edda, now=NOW)

    found = threads.comment(session, said.public_id, rolf)
    assert threads.words_for(found, rolf).text == "It counts cars."
    assert [(one.because, one.shown_because) for one in found.past_hidings] == [
        ("Names a person.", "It names none.")
    ]
    assert found.version == 3
    unhidden = session.scalars(sa.select(Event).where(Event.kind == "comment.unhidden")).one()
    assert unhidden.why == "It names none."
    talk.hide_comment(session, said, "It does.", actor=edda, now=NOW)
    with pytest.raises(Invalid):
        talk.unhide_comment(session, said, " ", actor=edda, now=NOW)
    assert said.hidden_because == "It does."


def waiting(session, editor) -> list[str]:
    found = [one.text for one in threads.questions(session, editor, limit=50)]
    assert session.scalar(sa.select(threads.question_count(editor))) == len(found)
    return found


def test_a_question_waits_until_an_editor_without_a_part_answers(session, claim, people):
    rhea, rolf, edda = people
    first = say(session, claim, rhea, "Which year?")
    say(session, claim, rhea, "And which port?")
    say(session, claim, edda, "A note.")
    assert waiting(session, edda) == ["Which year?", "And which port?"]
    say(session, claim, rhea, "I mean 1923.", answers=first.public_id)
    seated = make_person(session, "editor")
    actions.take_seat(session, claim, seated, now=NOW)
    assert waiting(session, seated) == []
    assert waiting(session, rolf) == []
    say(session, claim, edda, "1923.", answers=first.public_id)
    assert waiting(session, edda) == ["And which port?"]
    (second,) = threads.questions(session, edda, limit=50)
    talk.hide_comment(session, second, "Not a question.", actor=edda, now=NOW)
    assert waiting(session, edda) == []
    talk.unhide_comment(session, second, "It is one.", actor=edda, now=NOW)
    assert waiting(session, edda) == ["And which port?"]
    review_as(session, claim, ["true"])
    submit_review(session, claim, seated, make_answer("true"), now=NOW)
    assert waiting(session, edda) == []


@pytest.fixture
def two(session, people):
    """Two claims to be merged; of the one that will not stay a round has closed and rhea spoke."""
    article = make_article(session)
    stays, other = (
        make_claim(session, article, quote, state="accepted")
        for quote in ("The harbour of Ostrava", "the council voted nine to four")
    )
    review_as(session, other, ["true", "true"])
    said = say(session, other, people[0], "It counts cars.")
    reopen_claim(session, other, "New figures.", actor=people[2], now=NOW)
    return stays, other, said


def test_remarks_on_a_claim_merged_away_are_read_at_the_one_that_stays(session, two, people):
    rhea, rolf, edda = people
    stays, other, said = two
    assert merge_claims(session, [stays, other], actor=edda, now=NOW) is stays
    thread = threads.thread_of(session, stays, rolf, queries.own_rounds(session, stays, rolf))
    assert [one.text for one in thread.comments] == ["It counts cars."]
    assert thread.is_from_elsewhere(thread.comments[0])
    assert not thread.may_change(thread.comments[0])
    assert thread.part(sealed=True).comments == []
    assert seen(session, stays, rolf) == ["It counts cars."]
    assert seen(session, other, rolf) == ["It counts cars."]
    for verb in (
        lambda: say(session, other, rolf, "Canary."),
        lambda: say(session, other, rolf, "Canary.", answers=said.public_id),
        lambda: talk.edit_comment(session, said, "Canary.", version=1, actor=rhea, now=NOW),
    ):
        with pytest.raises(talk.TalkMoved):
            verb()
    assert "Canary." not in seen(session, stays, edda)


def test_a_question_asked_before_the_merge_can_still_be_answered(session, two, people):
    rhea, rolf, edda = people
    stays, other, _said = two
    asked = say(session, other, rhea, "Which year?")
    merge_claims(session, [stays, other], actor=edda, now=NOW)
    assert waiting(session, edda) == ["Which year?"]
    seated = make_person(session, "editor")
    actions.take_seat(session, stays, seated, now=NOW)
    assert waiting(session, seated) == []
    say(session, other, edda, "1923.", answers=asked.public_id)
    assert seen(session, stays, rhea) == ["It counts cars.", "Which year?", "1923."]
    for person in (rolf, seated):
        assert seen(session, stays, person) == ["It counts cars."]


def test_an_editor_seated_two_merges_on_does_not_see_what_is_asked(session, people):
    rhea, _rolf, edda = people
    article = make_article(session)
    last, middle, first = (
        make_claim(session, article, quote, state="accepted")
        for quote in ("The harbour", "The ferry carried 412,000", "the council voted nine to four")
    )
    say(session, first, rhea, "Which year?")
    assert merge_claims(session, [middle, first], actor=edda, now=NOW) is middle
    assert merge_claims(session, [last, middle], actor=edda, now=NOW) is last
    seated = make_person(session, "editor")
    assert waiting(session, seated) == ["Which year?"]
    actions.take_seat(session, last, seated, now=NOW)

    assert waiting(session, seated) == []
    assert seen(session, first, seated) + seen(session, last, seated) == []
    assert waiting(session, edda) == ["Which year?"]
    for one in (first, middle, last):
        stands = [
            threads.standing(session, one, editor, queries.own_rounds(session, one, editor))
            for editor in (seated, edda)
        ]
        assert [each.oversees for each in stands] == [False, True]


def test_a_long_talk_is_read_page_by_page(session, claim, people, monkeypatch):
    monkeypatch.setattr(threads, "SHOWN", 3)
    review_as(session, claim, ["true", "true"])
    for number in range(7):
        say(session, claim, people[0], str(number))
    rounds = queries.own_rounds(session, claim, people[1])
    pages, before = [], None
    while before is not None or not pages:
        thread = threads.thread_of(session, claim, people[1], rounds, before=before)
        pages.append([one.text for one in thread.comments])
        before = thread.older
    assert pages == [["4", "5", "6"], ["1", "2", "3"], ["0"]]
