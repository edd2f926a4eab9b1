"""What an edition takes, keeps and refuses, on both databases."""

from __future__ import annotations

import json

import pytest

from factcheck.articles.intake import from_text
from factcheck.claims.actions import accept_claim, dismiss_claim, merge_claims, revise_article
from factcheck.decisions.actions import reopen_claim
from factcheck.editions import actions, queries, withdrawing
from factcheck.editions.canonical import salted_digest, sha256
from factcheck.editions.queries import contents_of, record_of
from tests.accounts.factories import make_person
from tests.claims.factories import make_article, make_claim
from tests.conftest import NOW
from tests.editions.factories import QUOTES, TEXT, make_ready_article
from tests.reviews.factories import make_ready


def publish(session, article, note=None):
    return actions.publish_edition(session, article, note=note, actor=None, now=NOW)


def test_every_digest_of_the_record_is_that_of_salted_words_beside_it(session):
    article, _ = make_ready_article(session, title="A title")
    edition = publish(session, article, note="First.")
    contents = contents_of(edition)

    assert sha256(edition.record) == edition.sha256
    for digest, kept in contents.items():
        assert len(kept["salt"]) == 32
        assert salted_digest(kept["salt"], kept["text"]) == digest
        assert digest in edition.record
    for words in ("A title", TEXT, "First.", *QUOTES):
        assert words not in edition.record


def test_an_edition_counts_what_was_found_checked_open_and_put_aside(session):
    article, _ = make_ready_article(session, ["true"])
    accept_claim(session, make_claim(session, article, QUOTES[1]), actor=None, now=NOW)
    dismissed = make_claim(session, article, "I miss her.")
    dismiss_claim(session, dismissed, "opinion", actor=None, now=NOW)
    make_claim(session, article, QUOTES[2])

    assert record_of(publish(session, article))["counts"] == {
        "found": 4, "checked": 1, "open": 1, "not_taken_up": 1, "not_checked": {"opinion": 1},
    }  # fmt: skip


def test_a_claim_that_is_reviewed_again_keeps_what_was_published_of_it(session):
    article, claims = make_ready_article(session, ["true", "false"])
    first = record_of(publish(session, article))
    reopen_claim(session, claims[0], "New evidence.", actor=make_person(session, "editor"), now=NOW)
    make_ready(session, make_claim(session, article, QUOTES[2]), "mixed")
    edition = publish(session, article)
    again = record_of(edition)["claims"][0]

    assert {**again, "under_review": False} == first["claims"][0]
    assert again["under_review"]
    assert [change["kind"] for change in edition.changes] == ["new"]
    assert contents_of(edition)[again["summary"]]["text"].startswith("Of ")


@pytest.mark.parametrize("display", ["full", "excerpts", "claims"])
def test_the_same_again_is_no_new_edition_however_much_is_shown(session, display):
    article, _ = make_ready_article(session, display=display)
    edition = publish(session, article)

    assert (TEXT in [kept.get("text") for kept in contents_of(edition).values()]) == (
        display == "full"
    )
    with pytest.raises(actions.NothingNew):
        publish(session, article)


def test_a_withheld_text_can_still_be_proved_by_who_has_it(session):
    article, _ = make_ready_article(session, display="claims")
    edition = publish(session, article)
    digest = record_of(edition)["article"]["text"]

    assert salted_digest(contents_of(edition)[digest]["salt"], TEXT) == digest
    assert "text" not in contents_of(edition)[digest]


def test_a_claim_of_one_word_is_shown_where_the_text_of_that_word_is_not(session):
    article = make_article(session, "Lies.", display="claims")
    make_ready(session, make_claim(session, article, "Lies."), "true")
    edition = publish(session, article)
    quote = record_of(edition)["claims"][0]["quote"]

    assert contents_of(edition)[quote]["text"] == "Lies."


def test_a_new_text_moves_the_claims_and_is_a_new_edition(session):
    article, _ = make_ready_article(session, ["true"])
    before = record_of(publish(session, article))
    revise_article(session, article, from_text(f"Hello.\n\n{TEXT}"), actor=None, now=NOW)
    edition = publish(session, article)
    after = record_of(edition)

    assert after["claims"][0]["start"] == before["claims"][0]["start"] + len("Hello.\n\n")
    assert after["claims"][0]["summary"] == before["claims"][0]["summary"]
    assert (edition.number, edition.changes) == (2, [])
    assert after["previous"] == sha256(json.dumps(before, separators=(",", ":"), sort_keys=True,
                                                  ensure_ascii=False))  # fmt: skip


def test_a_merged_claim_leads_to_the_one_that_took_it_in(session):
    article, claims = make_ready_article(session, ["true", "true", "false"])
    publish(session, article)
    editor = make_person(session, "editor")
    for claim in claims[:2]:
        reopen_claim(session, claim, "They are one.", actor=editor, now=NOW)
    stays = merge_claims(session, claims[:2], actor=editor, now=NOW)
    gone = claims[1] if stays is claims[0] else claims[0]
    make_ready(session, stays, "true")
    edition = publish(session, article)

    assert record_of(edition)["merged"] == {gone.public_id: stays.public_id}
    assert {"claim": gone.public_id, "kind": "gone", "from": "true"} in edition.changes


def test_editions_are_chained_and_each_is_an_entry_of_the_log(session):
    article, _ = make_ready_article(session, ["true"])
    first = publish(session, article)
    make_ready(session, make_claim(session, article, QUOTES[1]), "false")
    second = publish(session, article)
    entries = [json.loads(entry) for entry in queries.entries_between(session, 0, 9)]

    assert record_of(first)["previous"] is None
    assert record_of(second)["previous"] == first.sha256
    assert [(e["kind"], e["number"], e["sha256"], e["previous"]) for e in entries] == [
        ("edition", 1, first.sha256, None), ("edition", 2, second.sha256, first.sha256),
    ]  # fmt: skip


def test_withdrawing_needs_a_reason_and_happens_once(session):
    article, _ = make_ready_article(session, ["true"])
    edition = publish(session, article)
    with pytest.raises(actions.Invalid, match="Say why"):
        withdrawing.withdraw_edition(session, edition, reason=" ", actor=None, now=NOW)
    withdrawing.withdraw_edition(session, edition, reason="A court.", actor=None, now=NOW)

    assert (contents_of(edition), article.state) == ({}, "withdrawn")
    with pytest.raises(withdrawing.AlreadyWithdrawn):
        withdrawing.withdraw_edition(session, edition, reason="Again.", actor=None, now=NOW)
