"""Files of earlier checks: every shape that they come in, and whatever else is sent as one."""

import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.checks import reading
from factcheck.checks.reading import entries
from factcheck.checks.rules import COLUMNS, NewCheck, claim_review_of, from_claim_review
from factcheck.failures import Invalid
from factcheck.runs.actions import Trouble

TABLE = "text,url,rating\nCaf\u00e9,https://a.example/,faux\n"


def review(number, **details):
    return {
        "@type": "ClaimReview", "url": f"https://k.example/{number}",
        "claimReviewed": "Water is wet",
        "author": {"name": "K"}, "reviewRating": {"ratingValue": 1, "bestRating": "5"}, **details,
    }  # fmt: skip


def read(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return list(entries(io.BytesIO(data), **options))


@pytest.mark.parametrize("wrap", [
    json.dumps,
    lambda one: json.dumps([one]),
    lambda one: json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": one}]}, indent=1),
    lambda one: json.dumps({"@graph": [one], "@context": "https://schema.org"}),
    lambda one: json.dumps(one) + "\n",
])  # fmt: skip
def test_every_wrapping_of_a_claim_review_is_read(wrap):
    (found,) = read(wrap(review(1)))
    assert (found.text, found.rating, found.publisher) == ("Water is wet", "False", "K")


def test_json_lines_name_a_bad_line_and_go_on():
    lines = [json.dumps(review(1)), "{broken", json.dumps(review(2, url="ftp://x")),
             json.dumps(review(3, reviewRating={"alternateName": "So, so"}))]  # fmt: skip
    good, broken, url, last = read("\n".join(lines))
    assert isinstance(good, NewCheck)
    assert (broken.line, broken.field) == (2, "row")
    assert (url.line, url.field) == (3, "url")
    assert last.rating == "So, so"


def test_a_table_in_another_encoding_is_read_when_it_is_said():
    data = "text,url,rating\nCafé,https://a.example/,faux\n".encode("cp1252")
    (bad,) = read(data)
    assert (bad.line, bad.field) == (2, "text")
    assert read(data, encoding="windows-1252")[0].text == "Café"
    assert (
        read("text,url,rating\nCafé,https://a.example/,faux\n".encode("utf-16"))[0].text == "Café"
    )


@pytest.mark.parametrize("spelt", ["utf-8", "UTF8", "utf_8", "u8", "utf-8-sig", ""])
def test_a_table_in_utf_8_is_read_with_its_mark_however_that_is_spelt(spelt):
    for data in (TABLE.encode(), TABLE.encode("utf-8-sig")):
        (found,) = read(data, encoding=spelt)
        assert found.text == "Caf\u00e9"


ODD = (
    "utf_16", "utf-16-le", "utf-32", "utf-7", "idna", "punycode", "unicode_escape", "iso2022_jp",
    "hz", "undefined", "rot13", "base64", "a\0b", "\ud800", "no such", "cp037", "big5",
)  # fmt: skip


@pytest.mark.parametrize("encoding", ODD)
def test_every_encoding_reads_a_file_or_is_refused_in_words(encoding):
    for data in (b"text,url,rating\n\xc3\xa9~\x80\xff,b\\x,c\n", b"\xff\xfea\x1b$", b"-\x80"):
        with suppress(Invalid):
            assert all(isinstance(one, NewCheck | Trouble) for one in read(data, encoding=encoding))


@pytest.mark.parametrize("first", ['"text,url,rating\n', "x" * 2_000, '"a' * 700], ids=len)
def test_a_first_line_that_is_none_is_refused_in_words(monkeypatch, first):
    monkeypatch.setattr(reading, "MOST", 1_000)
    with pytest.raises(Invalid) as refused:
        read(first + "a\n" * 1_000)
    assert refused.value.field == "file"


def test_a_row_that_never_ends_is_named_and_the_next_one_is_read(monkeypatch):
    monkeypatch.setattr(reading, "MOST", 1_000)
    good = "Wet,https://a.example/,True\n"
    cells = '"a\nb",' * 400  # of its quoted cells none is long
    text = f"text,url,rating\n{good}{'x' * 9_000}\n{good}{cells}\n{good}"
    found = read(text)
    assert [type(one) for one in found[:3]] == [NewCheck, Trouble, NewCheck]
    assert (found[1].line, found[1].field) == (3, "row")
    assert isinstance(found[-1], NewCheck)


def test_an_object_that_is_too_long_is_named_and_the_next_one_is_read(monkeypatch):
    monkeypatch.setattr(reading, "MOST", 1_000)
    long = json.dumps({str(number): "x" * 50 for number in range(50)})
    bad, good = read(f"{long}\n{json.dumps(review(1))}")
    assert (bad.line, bad.field, good.text) == (1, "row", "Water is wet")


JSONISH = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9)
    | st.sampled_from(["ClaimReview", "https://a.example/", "{[1]:2}", "]", "\ud800", "\0"]),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(
        st.sampled_from(["@type", "item", "@graph", "url", "claimReviewed", "author", "name",
                         "reviewRating", "ratingValue", "inLanguage", "@value"]), inside),
    max_leaves=20,
)  # fmt: skip


@given(st.one_of(
    st.binary(max_size=200), JSONISH.map(json.dumps).map(str.encode),
    st.lists(JSONISH.map(ascii), max_size=4).map("\n".join).map(str.encode),
    st.binary(max_size=60).map(lambda one: b"text,url,rating\n" + one),
    st.text('{}[]":,1a\n ', max_size=40).map(str.encode),
))  # fmt: skip
def test_whatever_is_sent_comes_out_as_entries_or_is_refused_in_words(data):
    with suppress(Invalid):
        assert all(isinstance(one, NewCheck | Trouble) for one in read(data))


@pytest.mark.parametrize(
    "broken", ["{[1]:2}", '{"@type":' + "[" * 9_000, '{"item":' * 900 + "1" + "}" * 900]
)
def test_what_is_no_json_object_of_ours_is_a_bad_row(broken):
    assert isinstance(read(broken)[0], Trouble)


def test_a_check_comes_back_from_the_claim_review_made_of_it():
    row = dict(
        zip(
            COLUMNS,
            ("=1+1", "https://a.example/", "", "A", "So, so", "2007-05", "en-GB"),
            strict=True,
        )
    )
    check = from_claim_review(claim_review_of(row))
    assert (check.text, check.rating, check.published, check.language) == (
        "=1+1", "So, so", "2007-05", "en-GB")  # fmt: skip


@pytest.mark.parametrize(("given_as", "code"), [
    ({"@type": "Language", "name": "English", "alternateName": "en"}, "en"),
    ({"name": "de-AT"}, "de-AT"), (["fil"], "fil"), (None, None),
])  # fmt: skip
def test_a_language_is_taken_by_its_code(given_as, code):
    assert from_claim_review(review(1, inLanguage=given_as)).language == code


def test_a_language_that_is_no_code_is_a_bad_row():
    (bad,) = read(json.dumps(review(1, inLanguage="English")))
    assert bad.field == "inLanguage"
