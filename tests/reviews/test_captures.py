"""A source given by an archive's address: the page behind it, and as of when."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.reviews.captures import capture_at, captured_on
from factcheck.reviews.rules import Cited, as_kept, canonical_url

AT = "20070503112233"


@pytest.mark.parametrize(
    ("url", "original", "on"),
    [
        (f"https://web.archive.org/web/{AT}/https://port.example/a?b=1", "https://port.example/a?b=1",
         "2007-05-03"),
        (f"http://web.archive.org:80/web/{AT}if_/http://port.example/", "http://port.example/",
         "2007-05-03"),
        (f"https://www.web.archive.org/web/{AT}id_/http:/port.example", "http://port.example/",
         "2007-05-03"),
        ("https://web.archive.org/web/200705/port.example/a", "http://port.example/a", "2007-05"),
        ("https://web.archive.org/web/2007/https%3A%2F%2Fport.example/a", "https://port.example/a",
         "2007"),
        (f"https://archive.ph/{AT}/https://port.example/a#b", "https://port.example/a",
         "2007-05-03"),
        ("https://archive.is/2013.03.04-112233/https://port.example/", "https://port.example/",
         "2013-03-04"),
        (f"https://arquivo.pt/wayback/{AT}/http://port.example/", "http://port.example/",
         "2007-05-03"),
        (f"https://web.archive.org/web/{AT}/https://archive.today/20060101/https://port.example/",
         "https://port.example/", "2006-01-01"),
    ],
)  # fmt: skip
def test_an_archive_s_address_names_the_page_and_the_day(url, original, on):
    found = capture_at(url)
    assert (found.original.url, found.on) == (original, on)
    assert canonical_url(url) == original


@pytest.mark.parametrize(
    "url",
    [
        "https://web.archive.org/web/*/https://port.example/",
        "https://web.archive.org/web/20071399/https://port.example/",
        "https://web.archive.org/web/0001/https://port.example/",
        "https://web.archive.org/web/2007/robots",
        "https://web.archive.org/save/https://port.example/",
        f"https://web.archive.org/web/{AT}/https://me:secret@port.example/",
        f"https://web.archive.org.evil.example/web/{AT}/https://port.example/",
        "https://archive.ph/aBcDe", "https://perma.cc/AB12-CD34", "https://port.example/", "", "x",
    ],
)  # fmt: skip
def test_what_names_no_page_or_day_is_a_page_like_any_other(url):
    assert capture_at(url) is None
    assert captured_on(url) is None


@given(
    st.text(max_size=60),
    st.dates(min_value=date(1996, 1, 1)),
    st.sampled_from(["https://web.archive.org/web/{}{}/{}", "https://arquivo.pt/wayback/{}{}/{}"]),
    st.sampled_from(["", "if_", "id_"]),
)
def test_the_source_of_an_archived_page_is_that_of_the_page(path, at, shape, flag):
    plain = "https://port.example/a" + path
    try:
        wanted = canonical_url(plain)
    except Invalid:
        return
    archived = shape.format(at.strftime("%Y%m%d112233"), flag, plain.partition("#")[0])
    try:
        found = canonical_url(archived)
    except Invalid:
        return  # the whole is longer than an address may be
    if ".." in plain.casefold().replace("%2e", "."):
        return  # a dot segment may lead out of the archive's own path
    assert found == wanted
    assert canonical_url(found) == found
    assert captured_on(archived) == at.isoformat()


def test_the_archive_s_address_is_kept_beside_its_page():
    archived = f"https://web.archive.org/web/{AT}/https://port.example/a"
    kept = as_kept(Cited(archived, "supports", "", ""))
    assert kept == Cited("https://port.example/a", "supports", None, None, archived)
    assert as_kept(kept) == kept
    other = "https://archive.ph/aBcDe"
    assert as_kept(Cited(archived, "supports", archive_url=other)).archive_url == other
