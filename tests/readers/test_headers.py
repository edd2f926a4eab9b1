import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.readers.headers import (
    PREFERENCE,
    OutOfRange,
    content_policy,
    content_type,
    encodings,
    headers_of,
    is_immutable,
    matches,
    range_of,
)


@pytest.mark.parametrize(
    ("accepted", "liked"),
    [
        ("", ("identity",)),
        ("gzip", ("gzip", "identity")),
        ("gzip, deflate, br, zstd", ("br", "gzip", "identity")),
        ("gzip;q=1.0, br;q=0.5", ("gzip", "br", "identity")),
        ("br;q=0, gzip", ("gzip", "identity")),
        ("*", ("br", "gzip", "identity")),
        ("*;q=0", ("identity",)),
        ("identity;q=0, gzip", ("gzip",)),
        ("identity, gzip;q=0.2", ("identity", "gzip")),
        ("GZIP ; q=0.3", ("gzip", "identity")),
        ("gzip;q=nonsense", ("identity",)),
    ],
)
def test_the_best_liked_encoding_comes_first(accepted, liked):
    assert encodings(accepted) == liked


@given(st.text())
def test_any_accept_encoding_gets_an_encoding_that_we_have(accepted):
    assert encodings(accepted)
    assert set(encodings(accepted)) <= set(PREFERENCE)


def test_an_etag_is_found_in_a_list_weak_or_by_a_star():
    assert matches('"a"', '"a"')
    assert matches('"b", W/"a"', '"a"')
    assert matches(" * ", '"a"')
    assert not matches('"a-gz"', '"a"')


def test_only_embeds_and_cards_may_be_framed_elsewhere():
    framed = ["/articles/x/embed/", "/articles/x/claims/abc/card/"]
    others = ["/", "/articles/embed/", "/articles/x/", "/articles/x/claims/card/", "/embed/"]
    for path in framed:
        assert "frame-ancestors *" in content_policy(path, ".html")
    for path in others:
        assert "frame-ancestors 'none'" in content_policy(path, ".html")


def test_what_carries_its_digest_may_be_kept_and_pages_may_not():
    digest = "0123456789abcdef" * 4
    assert is_immutable(f"/embed/{digest}.js")
    assert is_immutable(f"/archive/{digest}")
    assert is_immutable("/log/tile/0/x001/067")
    assert not is_immutable("/log/tile/0/x001/067.p/8")
    assert not is_immutable(f"/by-url/{digest}.json")
    assert not is_immutable("/articles/deadbeefdeadbeef/")
    assert not is_immutable("/log/checkpoint")


def test_an_archived_source_is_inert_text():
    assert content_type("/archive/ab.html", "ab.html") == "text/plain; charset=utf-8"
    assert content_policy("/archive/ab", "").startswith("sandbox")


def test_json_and_scripts_may_be_read_from_other_pages_and_html_may_not():
    names = {
        file: dict(headers_of("/" + file, file, https=False))
        for file in ("a.json", "a.jsonld", "a.js", "a.html")
    }
    for file in ("a.json", "a.jsonld", "a.js"):
        assert names[file]["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in names["a.html"]


def test_https_is_remembered_only_where_the_site_is_https():
    assert "Strict-Transport-Security" in dict(headers_of("/", "index.html", https=True))
    assert "Strict-Transport-Security" not in dict(headers_of("/", "index.html", https=False))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bytes=0-9", (0, 9)),
        ("bytes=5-", (5, 99)),
        ("bytes=-7", (93, 99)),
        ("bytes=-700", (0, 99)),
        ("bytes=90-700", (90, 99)),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
    ],
)
def test_a_part_is_what_was_asked_for_as_far_as_it_is_there(asked, found):
    assert range_of(asked, "", '"e"', 100) == found


def test_a_part_of_another_body_is_not_sent_and_one_beyond_the_end_is_refused():
    assert range_of("bytes=0-9", '"other"', '"e"', 100) is None
    assert range_of("bytes=0-9", '"e"', '"e"', 100) == (0, 9)
    for asked in ("bytes=100-", "bytes=100-200", "bytes=-0"):
        with pytest.raises(OutOfRange):
            range_of(asked, "", '"e"', 100)


@given(st.text(), st.integers(0, 1000))
def test_any_range_lies_inside_the_body_or_is_refused(asked, size):
    for text in (asked, f"bytes={asked}"):
        try:
            found = range_of(text, "", '"e"', size)
        except OutOfRange:
            continue
        assert found is None or 0 <= found[0] <= found[1] < size
