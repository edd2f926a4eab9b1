"""The words of a PDF are read apart, and a PDF made to break its reader costs little."""

from __future__ import annotations

import subprocess
import sys

import pytest

from factcheck.text import pdf
from factcheck.text.pdf import read_pdf
from tests.text.pdfs import bomb, locked, pdf_of, scanned, without_end


def test_each_page_gives_its_words():
    read = read_pdf(pdf_of("Register of vessels", "Built\n(in 1923)."))
    assert [page.split() for page in read.pages] == [
        ["Register", "of", "vessels"], ["Built", "(in", "1923)."],
    ]  # fmt: skip
    assert (read.count, read.unread) == (2, "")


def test_a_pdf_that_only_asks_not_to_be_printed_is_read():
    assert "Built" in read_pdf(locked("Built 1923.", password="")).pages[0]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (scanned, "only pictures"),
        (lambda: locked("Built 1923.", password="secret"), "a password is needed"),
        (lambda: b"%PDF-1.7 Built 1923. \x00\x01", "damaged"),
        (lambda: pdf_of("Built 1923.")[:200], "damaged"),
        (without_end, "damaged"),
    ],
    ids=["scan", "locked", "no-pdf", "cut", "without-end"],
)
def test_a_pdf_without_words_says_why(make, says):
    read = read_pdf(make())
    assert not read.has_words
    assert says in read.unread


def test_a_pdf_that_unpacks_to_much_is_given_up():
    assert "too much time or memory" in read_pdf(bomb()).unread


def test_a_pdf_of_many_pages_is_read_from_its_beginning(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    read = read_pdf(pdf_of("One.", "Two.", "Three."))
    assert len(read.pages) == 2
    assert read.unread == "of its first 2 pages alone; it has 3"


def test_a_page_of_too_many_letters_is_given_up(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_LETTERS", 3)
    assert "too much time or memory" in read_pdf(pdf_of("One word.", "Two.")).unread


def test_one_that_takes_too_long_is_ended(monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("while True: pass")
    monkeypatch.setattr(pdf, "_CHILD", slow)
    monkeypatch.setattr(pdf, "SECONDS", 0.1)
    assert "too much time" in read_pdf(b"%PDF-").unread


def test_the_library_is_never_loaded_here():
    program = "import factcheck.reviews.given_copies, sys; print('pypdf' in sys.modules)"
    ended = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert ended.strip() == "False"
