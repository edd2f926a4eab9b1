"""What is pasted, uploaded or pointed at, as it is kept."""

from __future__ import annotations

import pytest

from factcheck.articles.intake import from_document, from_text, from_url
from factcheck.failures import Invalid

PAGE = b"""<!doctype html><html lang="en"><head><title>The ferry</title>
<meta property="article:published_time" content="2024-03-04T10:00:00Z"></head>
<body><article><h1>The ferry</h1><p>The ferry carried
<a href="/count">412,000 passengers</a> in 2024.
Nobody in the whole of the town was surprised by it at all.</p><ul><li>It ran on 360 days.</li></ul>
<p>On 3 March the council voted nine to four to end the service, after a long debate.</p>
</article></body></html>"""


def test_pasted_text_keeps_every_character_but_its_line_ends():
    text = "\u00a0The ferry carried 4\u00a0000 people.\r\nReally?\rYes.  "

    intake = from_text(text)

    assert intake.text == "\u00a0The ferry carried 4\u00a0000 people.\nReally?\nYes.  "
    assert intake.raw == text.encode()
    for proposal in intake.proposals:
        assert intake.text[proposal.start : proposal.end] == proposal.text
    assert len(intake.scores) == len(intake.units)


def test_a_page_keeps_its_links_headings_and_facts():
    intake = from_document(PAGE, "text/html", url="https://example.org/ferry")

    assert intake.title == "The ferry"
    assert intake.published == "2024-03-04"
    assert intake.language == "en"
    link = intake.links[0]
    assert link.href == "https://example.org/count"
    assert intake.text[link.start : link.end] == "412,000 passengers"
    assert {"list_item", "sentence"} <= {unit.kind for unit in intake.units}


def test_what_was_said_goes_before_what_the_page_tells():
    intake = from_document(
        PAGE, "text/html", title="Given", published="2024-05", language="de", authors=["Ada"]
    )

    assert (intake.title, intake.published, intake.language) == ("Given", "2024-05", "de")
    assert intake.authors == ("Ada",)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"", "text/plain"),
        (b"  \n ", "text/plain"),
        (b"\xff\xfe\x00", "text/plain"),
        (b"caf\xe9", "text/plain; charset=utf-8"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"%PDF-1.7 ...", "text/plain"),
        (b"a word " * 300_000, "text/plain"),
        (b"<html><body></body></html>", "text/html"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_beside_its_field(data, content_type):
    with pytest.raises(Invalid) as refused:
        from_document(data, content_type, field="file")
    assert refused.value.field == "file"
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 501),
        ("source_url", "javascript:alert(1)"),
        ("published", "last year"),
        ("language", "English!"),
        ("display", "some"),
        ("ground", "because"),
        ("policy", "coin"),
        ("scale", "stars"),
        ("place", "x" * 201),
    ],
)
def test_a_detail_that_cannot_be_kept_is_refused_beside_its_field(field, value):
    with pytest.raises(Invalid) as refused:
        from_text("The ferry carried 412,000 passengers.", **{field: value})
    assert refused.value.field == field


def test_one_word_is_a_post():
    intake = from_text("Fraud")

    assert (intake.title, intake.proposals) == ("Fraud", ())


def test_a_refused_address_says_so_beside_the_address():
    for url in ("http://127.0.0.1/", "ftp://example.org/", "not an address", ""):
        with pytest.raises(Invalid) as refused:
            from_url(url, allow=frozenset())
        assert refused.value.field == "url"


def test_an_address_is_not_fetched_when_a_detail_is_wrong():
    with pytest.raises(Invalid) as refused:
        from_url("http://127.0.0.1/", allow=frozenset(), published="soon")
    assert refused.value.field == "published"
