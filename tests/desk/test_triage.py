"""The triage page: what it shows, and every form on it, as a browser without scripts sends them."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from factcheck.articles.queries import article_by_slug
from factcheck.claims.queries import claim as claim_by_id
from factcheck.claims.queries import claims_of
from factcheck.db import db
from factcheck.reviews.actions import save_draft
from tests.accounts.factories import make_person
from tests.articles.factories import TEXT
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.desk.triage_page import PLACE, SLUG, WORDS, in_hand, of, press, stored
from tests.reviews.factories import make_answer
from tests.web.client import form_token


def test_the_text_is_shown_to_the_letter_with_its_claims_in_their_state(app, editor, article_with):
    article_with((WORDS, "accepted", 0.9), ("412,000 passengers in 2024. Nobody", "proposed", 0.8))

    page = editor.get(PLACE).text

    prose = page.partition('id="prose"')[2].partition("</section>")[0]
    words = re.sub(r"<[^>]+>", "", prose.partition(">")[2])
    assert "".join(TEXT.split()) == "".join(words.split())
    assert 'class="span" data-state="accepted"' in prose
    shared = re.search(r'<span class="span" data-state="accepted"><a class="span" '
                       r'data-state="proposed"[^>]*>([^<]+)</a></span>', prose)  # fmt: skip
    assert shared[1] == "412,000 passengers in 2024"
    for begin, words in re.findall(r'data-at="(\d+)">(?:<[^>]+>)*([^<]+)', prose):
        assert TEXT[int(begin) :].startswith(words.replace("&#39;", "'"))


def test_claims_are_listed_by_score_and_those_below_the_least_are_hidden(editor, article_with):
    low, high, done = article_with(
        ("Nobody", "proposed", 0.2), (WORDS, "proposed", 0.9), ("nine to four", "accepted", 0.1)
    )

    page = editor.get(f"{PLACE}?least=0.5").text

    assert re.findall(r'<li id="c-(\w+)"', page) == [high, low, done]
    assert "1 claims" not in page.partition("<main")[2].partition("</header>")[0]


def test_accepting_goes_on_to_the_next_claim_and_keeps_what_was_typed(app, editor, article_with):
    first, second = article_with((WORDS, "proposed", 0.9), ("nine to four", "proposed", 0.8))

    answer = press(editor, first, "accept", restated="The ferry was busy.", priority="3",
                   policy="solo", sensitive="on", claimant="Ada")  # fmt: skip

    assert answer.status_code == 303
    assert answer.location == f"{PLACE}?claim={second}&least=0.5#c-{second}"
    names = ("state", "restated", "priority", "policy_key", "sensitive", "claimant")
    assert of(app, first, *names) == ("accepted", "The ferry was busy.", 3, "solo", True, "Ada")


def test_all_that_are_ticked_are_accepted_and_the_page_says_the_cost(app, editor, article_with):
    one, two, low = article_with(
        (WORDS, "proposed", 0.9), ("nine to four", "proposed", 0.8), ("Nobody", "proposed", 0.1)
    )
    with stored(app) as session:
        for claim in claims_of(session, article_by_slug(session, SLUG)):
            claim.proposed_by_id = None
    page = editor.get(PLACE).text
    ticked = re.findall(r'name="claim" value="(\w+)" form="many"[^>]* checked>', page)

    answer = editor.post(f"{PLACE}/accept", data={"csrf_token": form_token(page), "claim": ticked})

    assert set(ticked) == {one, two}
    cost = re.sub(r"<[^>]+>", "", page.partition('id="cost">')[2].partition("</form>")[0])
    assert " ".join(cost.split()) == "2 claims = 4 to 6 reviews"
    assert answer.location == f"{PLACE}?accepted=2"
    assert [of(app, claim, "state") for claim in (one, two, low)] == [
        ("accepted",), ("accepted",), ("proposed",),
    ]  # fmt: skip
    nothing = editor.post(f"{PLACE}/accept", data={"csrf_token": form_token(page)})
    assert (nothing.status_code, "No claim is ticked." in nothing.text) == (422, True)


def test_each_of_the_nine_reasons_dismisses_and_can_be_taken_back(app, editor, article_with):
    claim, other = article_with(
        (WORDS, "proposed", 0.9), ("The ferry carried 412,000", "proposed", 0.8)
    )
    page = editor.get(f"{PLACE}?claim={claim}").text
    reasons = re.findall(r'type="radio" name="dismissal" value="([\w-]+)"', page)
    assert len(reasons) == 9

    for reason in reasons:
        same_as = {"same_as": other} if reason == "same-as" else {"same_as": ""}
        assert press(editor, claim, "dismiss", dismissal=reason, **same_as).status_code == 303
        assert of(app, claim, "state", "dismissal") == ("dismissed", reason)
        assert press(editor, claim, "take-back").status_code == 303
        assert of(app, claim, "state", "dismissal") == ("proposed", None)


def test_a_dismissal_without_a_reason_says_so_and_keeps_what_was_typed(app, editor, article_with):
    (claim,) = article_with((WORDS, "proposed", 0.9))

    answer = press(editor, claim, "dismiss", restated="Typed words.")

    assert answer.status_code == 422
    assert "Choose one of the reasons." in answer.text
    assert ">Typed words.</textarea>" in answer.text
    assert of(app, claim, "version") == (1,)


def test_of_two_editors_the_second_is_told_and_sees_both(app, editor, article_with):
    (claim,) = article_with((WORDS, "proposed", 0.9))
    opened = in_hand(editor, claim)
    press(editor, claim, "save", restated="The first editor's words.")

    answer = editor.post(
        f"{PLACE}/claims/{claim}", data=opened | {"do": "save", "restated": "The second's <words>."}
    )

    assert answer.status_code == 409
    assert "Somebody else changed this claim" in answer.text
    conflict = answer.text.partition('class="conflict"')[2].partition("</div>")[0]
    assert "The first editor&#39;s words." in conflict
    assert "The second&#39;s &lt;words&gt;." in conflict
    assert ">The second&#39;s &lt;words&gt;.</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert of(app, claim, "restated") == ("The first editor's words.",)


def test_edges_move_word_by_word_by_buttons_that_say_what_they_hold(app, editor, article_with):
    (claim,) = article_with(("ferry carried 412,000", "proposed", 0.9))
    page = editor.get(f"{PLACE}?claim={claim}").text
    for sentence in ("Begin earlier, with “The”", "Begin later, without “ferry”",
                     "End earlier, without “412,000”", "End later, with “passengers”"):  # fmt: skip
        assert sentence in page

    press(editor, claim, "start-back")
    press(editor, claim, "end-on")
    assert of(app, claim, "quote") == ("The ferry carried 412,000 passengers",)
    press(editor, claim, "start-on")
    press(editor, claim, "end-back")
    assert of(app, claim, "quote") == ("ferry carried 412,000",)


def test_a_claim_is_split_and_merged_again(app, editor, article_with):
    (claim,) = article_with(("voted nine to four to end the service", "proposed", 0.9))
    at = TEXT.index(" to end the service")

    assert press(editor, claim, "split", at=str(at)).status_code == 303
    assert of(app, claim, "quote") == ("voted nine to four",)
    page = editor.get(f"{PLACE}?claim={claim}").text
    assert "Merge with the next: “to end the service”" in page
    other = re.search(r'name="other" value="(\w+)"', page)[1]

    assert press(editor, claim, "merge", other=other).status_code == 303
    assert of(app, claim, "quote") == ("voted nine to four to end the service",)
    merged = editor.get(f"{PLACE}?claim={other}").text
    assert "It was merged into another claim." in merged


def test_a_round_that_is_open_keeps_its_policy(app, editor, article_with):
    (claim,) = article_with((WORDS, "accepted", 0.9))
    with stored(app) as session:
        save_draft(session, claim_by_id(session, claim), make_person(session), make_answer(),
                   now=NOW)  # fmt: skip

    answer = press(editor, claim, "save", policy="solo", restated="Kept.")

    assert (answer.status_code, "keeps the policy" in answer.text) == (409, True)
    assert ">Kept.</textarea>" in answer.text
    assert press(editor, claim, "save", policy="", restated="Kept.").status_code == 303


def test_an_edge_that_is_let_go_of_goes_to_the_nearest_word(app, editor, article_with):
    (claim,) = article_with((WORDS, "proposed", 0.9))
    at = TEXT.index("passengers") + 7

    press(editor, claim, "end-at", edge_at=str(at))

    assert of(app, claim, "quote") == ("The ferry carried 412,000 passengers",)
    assert press(editor, claim, "start-at", edge_at="").status_code == 422


def test_a_claim_is_made_of_words_without_a_pointer(app, reviewer, article_with):
    article_with()
    chooser = reviewer.get(f"{PLACE}?choose=1").text
    unit = re.search(r'href="\?unit=(\d+)#unit-\d+">The ferry', chooser)[1]
    words = reviewer.get(f"{PLACE}?unit={unit}&from=1&to=3").text
    assert re.findall(r'aria-pressed="true">([^<]+)<', words) == ["ferry", "412,000"]
    form = words.partition('class="choice"')[2]
    start, end = (re.search(rf'name="{key}" value="(\d+)"', form)[1] for key in ("start", "end"))

    answer = reviewer.post(
        f"{PLACE}/claims", data={"csrf_token": form_token(words), "start": start, "end": end}
    )

    assert answer.status_code == 303
    with stored(app) as session:
        (claim,) = claims_of(session, article_by_slug(session, SLUG))
        assert (claim.quote, claim.proposed_by.name) == ("ferry carried 412,000", "Rev")
    again = reviewer.post(
        f"{PLACE}/claims", data={"csrf_token": form_token(words), "start": start, "end": end}
    )
    assert (again.status_code, "These very words are a claim already." in again.text) == (409, True)
    bad = reviewer.post(
        f"{PLACE}/claims", data={"csrf_token": form_token(words), "start": "x", "end": "5"}
    )
    assert bad.status_code == 422


def test_reviewers_see_the_page_and_cannot_triage(reviewer, article_with):
    (claim,) = article_with((WORDS, "proposed", 0.9))

    page = reviewer.get(f"{PLACE}?claim={claim}").text

    assert "An editor accepts or dismisses it." in page
    assert 'id="hand"' not in page
    data = {"csrf_token": form_token(page), "version": "1", "do": "accept"}
    assert reviewer.post(f"{PLACE}/claims/{claim}", data=data).status_code == 403
    assert reviewer.post(f"{PLACE}/accept", data=data).status_code == 403


@pytest.mark.one_database
def test_a_form_without_its_token_or_of_another_article_is_refused(app, editor, article_with):
    (claim,) = article_with((WORDS, "proposed", 0.9))
    fields = in_hand(editor, claim)
    with stored(app) as session:
        make_article(session, title="Other")

    assert editor.post(f"{PLACE}/claims/{claim}", data={"do": "accept"}).status_code == 400
    elsewhere = editor.post(f"/work/articles/other/claims/{claim}", data=fields | {"do": "accept"})
    assert elsewhere.status_code == 404
    assert of(app, claim, "state") == ("proposed",)
    assert press(editor, claim, "explode").status_code == 422


@pytest.mark.one_database
@pytest.mark.parametrize("query", ["least=nan", "least=9", "claim=nobody", "unit=999", "unit=x",
                                   "unit=1&from=99&to=-4"])  # fmt: skip
def test_odd_questions_get_the_page(editor, article_with, query):
    article_with((WORDS, "proposed", 0.9))

    assert editor.get(f"{PLACE}?{query}").status_code == 200


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_asks_the_database_a_few_times_whatever_its_size(app, editor, number):
    sentences = [f"In {1900 + n} the town paid {n},000 crowns." for n in range(number)]
    with stored(app) as session:
        person = make_person(session)
        article = make_article(session, "\n\n".join(sentences), title="Many")
        for words in sentences:
            make_claim(session, article, words, actor=person)
        claim = claims_of(session, article)[0].public_id
    asked = []
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    assert editor.get(f"/work/articles/many?claim={claim}").status_code == 200
    questions = [one for one in asked if not one.startswith(("BEGIN", "PRAGMA"))]

    assert len(questions) <= 6, questions


LONG = "\n\n".join(
    f"Harbour {n} handled {n + 1},000 tonnes in 2024. Nobody had thought so before that spring."
    for n in range(900)
)


def test_a_long_text_is_shown_in_parts_each_with_its_own_claims(app, editor):
    with stored(app) as session:
        article = make_article(session, text=LONG)
        first = make_claim(session, article, "Harbour 3 handled 4,000 tonnes in 2024")
        last = make_claim(session, article, "Harbour 890 handled 891,000 tonnes in 2024")
        last_id, slug = last.public_id, article.slug
        assert first.id < last.id
    place = f"/work/articles/{slug}"

    page = editor.get(place).text
    assert "Part 1 of 3" in page
    assert "Harbour 3 handled" in page
    assert "Harbour 890 handled" not in page
    assert len(page) < 300_000

    page = editor.get(f"{place}?part=3").text
    assert "Harbour 890 handled" in page
    assert "Harbour 3 handled" not in page
    assert 'href="?part=2#text"' in page

    assert "Part 3 of 3" in editor.get(f"{place}?claim={last_id}").text
    assert "Part 1 of 3" in editor.get(f"{place}?part=99").text


def test_after_the_last_claim_of_a_part_comes_one_of_another_part(app, editor):
    with stored(app) as session:
        article = make_article(session, text=LONG)
        near = [make_claim(session, article, f"Harbour {n} handled {n + 1},000 tonnes", score=score)
                for n, score in ((3, 0.6), (4, 0.2))]  # fmt: skip
        far = make_claim(session, article, "Harbour 890 handled 891,000 tonnes", score=0.9)
        ids = [claim.public_id for claim in (*near, far)]
        place = f"/work/articles/{article.slug}"

    for claim, following in ((ids[0], ids[1]), (ids[1], ids[2])):
        form = {"csrf_token": form_token(editor.get(f"{place}?claim={claim}").text), "version": 1}
        answer = editor.post(f"{place}/claims/{claim}", data=form | {"do": "accept"})
        assert f"claim={following}" in answer.headers["Location"]


def test_moved_edges_take_the_restated_form_along_unless_somebody_wrote_it(
    app, editor, article_with
):
    (claim,) = article_with((WORDS, "proposed", 0.9))

    press(editor, claim, "end-back", restated="The ferry carried 412,000 passengers in 2024.")
    assert of(app, claim, "quote", "restated") == (
        "The ferry carried 412,000 passengers in",
        "The ferry carried 412,000 passengers in.",
    )
    press(editor, claim, "end-on", restated="In 2024 it carried 412,000.")
    assert of(app, claim, "quote", "restated") == (WORDS, "In 2024 it carried 412,000.")


def test_a_claim_can_be_made_of_a_caption_too(app, reviewer):
    with stored(app) as session:
        article = make_article(session, TEXT + "\n\nPhoto: The hall, which seats 240")
        place = f"/work/articles/{article.slug}"
    chooser = reviewer.get(f"{place}?choose=1").text
    unit = re.search(r'href="\?unit=(\d+)#unit-\d+">Photo', chooser)[1]
    assert "Make these words a claim" in reviewer.get(f"{place}?unit={unit}").text


def test_a_reviewer_is_led_from_an_accepted_claim_to_its_review(app, reviewer, article_with):
    (claim,) = article_with((WORDS, "accepted", 0.9))

    assert f'href="/work/claims/{claim}">Review it' in reviewer.get(f"{PLACE}?claim={claim}").text
