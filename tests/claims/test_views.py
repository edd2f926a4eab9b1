"""The list of articles, importing a post and revising one, by the pages."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa

from factcheck.articles.models import Article, Revision
from factcheck.articles.queries import article_by_slug
from factcheck.claims.queries import claims_of, wrong_counters
from factcheck.db import db, writing
from tests.accounts.factories import make_person
from tests.articles.factories import TEXT
from tests.articles.test_intake import PAGE
from tests.claims.factories import make_article, make_claim
from tests.web.client import post_form, signed_in

KNOWN = {"display": "excerpts", "ground": "unstated", "policy": "team"}


@pytest.fixture
def editor(app):
    """A client in which an editor is signed in."""
    with app.app_context(), writing() as session:
        person = make_person(session, "editor", email="ed@factcheck.example")
        email = person.email
    return signed_in(app, email)


@contextmanager
def stored(app):
    """Give a session to look at what is stored."""
    with app.app_context(), writing() as session:
        yield session


def imported(client, **fields):
    """Send the import form as a browser does; a file is its bytes and its name."""
    if "file" in fields:
        fields["file"] = (io.BytesIO(fields["file"][0]), fields["file"][1])
    return post_form(client, "/work/import", KNOWN | fields)


def test_a_pasted_post_becomes_an_article_with_proposed_claims(app, editor):
    answer = imported(
        editor, text=TEXT.replace("\n", "\r\n"), published="2024-03", published_about="y",
        authors="Ada\nBo", place="Ostrava", source_url="https://example.org/a",
        deadline="2030-05-03",
    )  # fmt: skip

    assert answer.status_code == 303
    assert answer.location == "/work/articles/the-harbour-of-ostrava"
    with stored(app) as session:
        article = article_by_slug(session, "the-harbour-of-ostrava")
        assert (article.published, article.published_about) == ("2024-03", True)
        assert (article.authors, article.place) == (["Ada", "Bo"], "Ostrava")
        assert (article.language, article.display) == ("en", "excerpts")
        assert article.deadline == date(2030, 5, 3)
        assert article.created_by.email == "ed@factcheck.example"
        assert claims_of(session, article)
        assert session.scalars(sa.select(Revision)).one().text == TEXT
        assert not wrong_counters(session)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [("post.txt", TEXT.encode(), "sentence"), ("post.md", b"# The ferry\n\nIt ran.", "title"),
     ("post.HTML", PAGE, "list_item")],
)  # fmt: skip
def test_a_file_is_read_by_what_its_name_says(app, editor, name, data, kind):
    answer = imported(editor, file=(data, name))

    assert answer.status_code == 303, answer.text
    with stored(app) as session:
        found = session.scalars(sa.select(Revision)).one()
        assert found.raw == data
        assert kind in {unit[2] for unit in found.units}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "There are no words in it."),
        ({"text": " \n "}, "There are no words in it."),
        ({"text": "word " * 420_000}, "larger than 1 MiB"),
        ({"text": "a\x00b"}, "NUL"),
        ({"file": (b"caf\xe9 na\xefve", "a.txt")}, "not in UTF-8"),
        ({"file": (b"%PDF-1.7", "a.pdf")}, "Give a text, a Markdown file or"),
        ({"url": "http://127.0.0.1/"}, "not public"),
        ({"url": "file:///etc/passwd"}, "begins with https://"),
        ({"text": TEXT, "url": "https://example.org/"}, "Give one of the three"),
        ({"text": TEXT, "published": "May 2007"}, "Write the date as"),
        ({"text": TEXT, "title": "x" * 501}, "500 is the most"),
        ({"text": TEXT, "language": "English!"}, "Write the language as a tag"),
        ({"text": TEXT, "source_url": "javascript:alert(1)"}, "begins with https://"),
        ({"text": TEXT, "display": "full"}, "Say why all of it may be shown"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_what_was_typed_is_still_there(app, editor, fields, sentence):
    answer = imported(editor, place="Ostrava harbour", **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Ostrava harbour" in answer.text
    assert 'aria-invalid="true"' in answer.text
    if fields.get("text", "").strip():
        assert fields["text"].strip("\x00 ")[:200].split("\x00")[0] in answer.text
    with stored(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Article)) == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("title", "slug"),
    [("x" * 500, "x" * 80), ("<b>Bold</b> & “odd”", "b-bold-b-odd"), ("😀😀", "article")],
)
def test_odd_titles_are_shown_as_they_are(editor, title, slug):
    answer = imported(editor, text="Fraud", title=title)

    assert answer.location == f"/work/articles/{slug}"
    page = editor.get(answer.location).text
    assert "<b>Bold" not in page
    assert title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page


@pytest.mark.one_database
def test_two_posts_with_one_title_have_two_addresses(editor):
    places = [imported(editor, text=TEXT).location for _ in range(2)]

    assert places[1].split("?")[0] == places[0] + "-2"


@pytest.mark.one_database
def test_a_post_of_100_000_words_is_imported_and_shown(app, editor):
    paragraph = "On day {0} the council paid {0} crowns for boat number {0}. Nobody asked why.\n\n"
    text = "".join(paragraph.format(number) for number in range(1, 7200))
    assert len(text.split()) > 100_000

    answer = imported(editor, text=text, title="Long")

    assert answer.status_code == 303
    page = editor.get(answer.location)
    assert page.status_code == 200
    assert "boat number 7." in page.text
    assert len(page.text) < 1_000_000
    last = re.search(r"Part 1 of (\d+)", page.text)[1]
    assert "boat number 7199" in editor.get(f"{answer.location}?part={last}").text


def test_the_list_finds_articles_by_words_and_state(app, editor):
    with stored(app) as session:
        first = make_article(session, title="One ferry")
        make_claim(session, first, state="accepted")
        make_article(session, title="Two buses")

    assert "One ferry" in editor.get("/work/articles").text
    found = editor.get("/work/articles?q=BUS").text
    assert "Two buses" in found
    assert "One ferry" not in found
    assert "One ferry" in editor.get("/work/articles?state=review").text
    assert "No article is like that" in editor.get("/work/articles?q=zeppelin").text
    assert editor.get("/work/articles?cursor=nonsense").status_code == 422


def test_the_list_is_paged(app, editor):
    with stored(app) as session:
        for number in range(52):
            make_article(session, title=f"Number {number:03}")

    page = editor.get("/work/articles").text
    assert "Number 051" in page
    assert "Number 001" not in page
    following = page.partition("cursor=")[2].partition('"')[0]
    assert "Number 001" in editor.get(f"/work/articles?cursor={following}").text


def test_a_new_revision_leads_to_what_became_of_each_claim(app, editor):
    with stored(app) as session:
        make_claim(session, make_article(session))
    place = "/work/articles/the-harbour-of-ostrava"

    answer = post_form(editor, f"{place}/revise", {"text": "News. " + TEXT})

    assert (answer.status_code, answer.location) == (303, f"{place}/carried-over")
    assert "Moved (1)" in editor.get(answer.location).text
    assert post_form(editor, f"{place}/revise", {"text": "News. " + TEXT}).status_code == 409
    bad = post_form(editor, f"{place}/revise", {"text": " "})
    assert (bad.status_code, "There are no words in it." in bad.text) == (422, True)


def test_settings_are_changed_and_a_stale_change_is_told_so(app, editor):
    with stored(app) as session:
        make_article(session)
    place = "/work/articles/the-harbour-of-ostrava/settings"
    fields = KNOWN | {"title": "The harbour", "language": "en", "version": "1"}

    assert post_form(editor, place, fields).status_code == 303
    stale = post_form(editor, place, fields | {"title": "Mine"})

    assert stale.status_code == 409
    assert "Somebody else changed this article" in stale.text
    assert 'value="Mine"' in stale.text
    assert "<td>The harbour</td>" in stale.text
    assert 'name="version" type="hidden" value="2"' in stale.text
    assert post_form(editor, place, fields | {"title": " ", "version": "2"}).status_code == 422


@pytest.mark.one_database
def test_pages_of_an_article_that_is_not_there_say_so(editor):
    for path in ("", "/settings", "/revise", "/carried-over"):
        assert editor.get(f"/work/articles/nothing{path}").status_code == 404


def test_an_import_holds_no_lock_while_a_page_is_fetched(app, editor, monkeypatch):
    during = []

    def fetch_slowly(url, *, allow):
        during.append(db.session().in_transaction())
        raise AssertionError

    monkeypatch.setattr("factcheck.articles.intake.fetch", fetch_slowly)
    with pytest.raises(AssertionError):
        imported(editor, url="https://example.org/")

    assert during == [False]


def test_what_stands_first_on_the_page_is_asked_for_first(editor):
    page = post_form(editor, "/work/import", {"title": "Kept"}).text

    assert "There are no words in it." in page
    assert "Say why all of it may be shown" not in page
    assert 'value="Kept"' in page


@pytest.mark.one_database
def test_a_text_is_shown_as_it_would_be_cut_and_nothing_is_stored(app, editor):
    page = imported(editor, text=TEXT, do="preview", policy="solo", ground="unstated").text

    said = re.search(r'id="preview-said">(.*?)</p>', page, re.DOTALL)[1]
    assert "5 parts, 3 claims proposed. 2 of them ticked: 2 to 2 reviews." in said
    assert 'data-kind="title" data-label="Title">The harbour of Ostrava</p>' in page
    assert f"{TEXT}</textarea>" in page.replace("\r\n", "\n")
    assert imported(editor, text=" ", do="preview").status_code == 422
    with stored(app) as session:
        assert session.scalar(sa.select(sa.func.count(Article.id))) == 0


@pytest.mark.one_database
def test_of_a_long_text_only_the_beginning_is_looked_at_while_it_is_typed(editor):
    page = imported(editor, text="The town paid 4,000 crowns.\n\n" * 3_000, do="preview").text

    assert "Only the beginning is shown." in page
    assert len(page) < 600_000
