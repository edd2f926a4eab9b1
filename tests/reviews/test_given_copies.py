"""What is taken of a copy that somebody gives by hand, and how it is kept."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.reviews import archive
from factcheck.reviews.copying import quoted_in, words_in
from factcheck.reviews.given_copies import (
    LARGEST_FILE_BYTES,
    LONGEST_PASTED,
    checked_file,
    file_type,
    store_file,
    store_text,
)
from tests.conftest import NOW
from tests.text.pdfs import pdf_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n", "PDF"), (PNG, "PNG"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"GIF89a", "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_first_bytes(data, name):
    assert checked_file(data).name == name


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html><script>1</script>",
     b"\x7fELF", b"PK\x03\x04", b"MZ", b" %PDF-1.7", b"RIFF\x00\x00\x00\x00WAVE"],
)  # fmt: skip
def test_every_other_file_is_refused_with_a_sentence(data):
    with pytest.raises(Invalid, match="Upload a PDF") as refused:
        checked_file(data)
    assert refused.value.field == "file"


@over(st.binary(max_size=40))
def test_no_markup_is_ever_taken_for_a_file(data):
    assert file_type(b"<" + data) is None


def test_a_file_of_20_mib_is_taken_and_a_byte_more_is_not():
    data = b"%PDF-" + bytes(LARGEST_FILE_BYTES - 5)
    assert checked_file(data).ending == "pdf"
    with pytest.raises(Invalid, match="at most 20 MiB"):
        checked_file(data + b"\x00")


def test_a_pasted_text_says_that_it_was_pasted_and_its_words_can_be_looked_for(tmp_path):
    kept = store_text("https://port.example/a", "Built\r\nin 1923.", tmp_path, now=NOW)
    copy = archive.read(tmp_path, kept.sha256)
    assert b"Kind: Text that a reviewer pasted" in copy
    assert words_in(copy) == "Built\nin 1923.\n"
    assert archive.read(tmp_path, kept.page_sha256) == b"Built\nin 1923."
    assert quoted_in(tmp_path, kept.sha256, "Built in 1923.") == ("found", None)
    record = gzip.decompress(archive.read(tmp_path, kept.warc_sha256))
    assert b"WARC-Type: resource" in record
    assert record.rstrip().endswith(b"in 1923.")


@pytest.mark.parametrize("text", ["", " \n", "a\0b", "\ud800", "x" * (LONGEST_PASTED + 1)])
def test_a_pasted_text_that_cannot_be_kept_is_refused(tmp_path, text):
    with pytest.raises(Invalid):
        store_text("https://port.example/a", text, tmp_path, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_kept_as_it_came_and_says_that_its_words_could_not_be_read(tmp_path):
    title = "Register\nof vessels"
    kept = store_file(b"%PDF-1.7 Built 1923.", tmp_path, url=None, title=title, now=NOW)
    assert archive.read(tmp_path, kept.page_sha256) == b"%PDF-1.7 Built 1923."
    assert b"Title: Register of vessels\nKind: PDF of 20 bytes" in archive.read(
        tmp_path, kept.sha256
    )
    assert quoted_in(tmp_path, kept.sha256, "Built 1923.") == ("unread", None)
    picture = store_file(PNG, tmp_path, url=None, title="Photograph", now=NOW)
    assert b"Words: none are read in an image" in archive.read(tmp_path, picture.sha256)
    with pytest.raises(Invalid):
        store_file(PNG, tmp_path, url=None, title=" ", now=NOW)


def test_the_words_of_a_pdf_are_looked_through_and_no_page_passes_for_another(tmp_path):
    data = pdf_of("Register", "\f[Page 9]", "Built 1923.")
    kept = store_file(data, tmp_path, url="https://port.example/a", title=None, now=NOW)
    copy = archive.read(tmp_path, kept.sha256).decode()
    assert "Kind: PDF of" in copy
    assert "and 3 pages, uploaded by a reviewer" in copy
    assert "Words:" not in copy
    assert quoted_in(tmp_path, kept.sha256, "Built 1923.") == ("found", 3)


def test_a_pasted_text_that_looks_like_a_pdf_has_no_pages(tmp_path):
    text = "Kind: PDF \f[Page 1]\nOne.\f[Page 2]\nTwo."
    kept = store_text("https://port.example/a", text, tmp_path, now=NOW)
    assert quoted_in(tmp_path, kept.sha256, "Two.") == ("found", None)
