"""Sources that are out to harm, or broken: each ends with a sentence, in time, and no copy."""

from __future__ import annotations

import gzip
import time
from functools import partial

import pytest
import sqlalchemy as sa

from factcheck.db import current_session
from factcheck.decisions import evidence
from factcheck.fetch.client import Limits
from factcheck.reviews import archive, copying
from factcheck.reviews.models import Source
from factcheck.reviews.snapshots import copy_of_source
from factcheck.text.quotes import find_quote
from tests.decisions.test_evidence import cite, register, register_office, run_job, snapshots_of
from tests.reviews.conftest import client, setting  # noqa: F401 - fixtures
from tests.reviews.pages import WHOLE, send, started
from tests.test_fetch_pages import page, serving

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def refusal_of(url: str) -> str:
    source = current_session().scalars(sa.select(Source).where(Source.url == url)).one()
    copy = copy_of_source(source)
    assert copy.sha256 is None
    return str(copy.refusal)


@pytest.fixture
def context(app):
    with app.app_context():
        yield app


@pytest.mark.usefixtures("context")
def test_a_source_that_leads_to_a_private_address_is_not_followed(settings):
    with serving({"/secret": register()}) as inside:
        away = f"http://127.0.0.1:{inside.port}/secret".encode()
        answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + away + b"\r\n\r\n"
        with register_office(settings, {"/entry": answer}) as (allowed, url, _site):
            cite(url)
            run_job(url, allowed)
        assert inside.requests == []
    assert refusal_of(url)


def endless(connection) -> None:
    connection.sendall(HTML + b"\r\n")
    while True:
        connection.sendall(b"a" * 65536)


def dripping(connection) -> None:
    connection.sendall(HTML + b"\r\n")
    while True:
        connection.sendall(b"a")
        time.sleep(0.05)


BOMB = gzip.compress(b"a" * 64 * 1024 * 1024)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("answer", "is_tried_again", "says"),
    [
        (endless, False, "larger than 5 MiB"),
        (dripping, True, "did not arrive within 1 seconds"),
        (HTML + b"Content-Length: 1073741824\r\n\r\n", False, "larger than 5 MiB"),
        (page(BOMB, "Content-Encoding: gzip"), False, "larger than 5 MiB"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n\r\n<svg/>", False, "no page of text"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n\x00\x01\x02", False,
         "no page of text"),
    ],
    ids=["endless", "dripping", "a gigabyte", "zip bomb", "svg", "binary as text"],
)  # fmt: skip
def test_a_page_out_of_all_bounds_ends_with_a_sentence(
    settings, monkeypatch, answer, is_tried_again, says
):
    monkeypatch.setattr(copying, "Limits", partial(Limits, total_s=1.0))
    with register_office(settings, {"/entry": answer}) as (allowed, url, _site):
        cite(url)
        began = time.monotonic()
        if is_tried_again:
            with pytest.raises(evidence.NotNow):
                run_job(url, allowed)
        else:
            run_job(url, allowed)
        assert time.monotonic() - began < 6
    assert says in refusal_of(url)
    assert list(settings.archive.glob("??/*")) == []


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("kind", "body", "starts"),
    [
        ("text/html", b"%PDF-1.7 Built 1923.", b"%PDF-"),
        ("application/pdf", b"<!doctype html><p>Built in 1923 by the port.</p>", None),
    ],
)
def test_a_page_that_is_other_than_it_says_is_kept_as_what_it_is_or_not_at_all(
    settings, kind, body, starts
):
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + body
    with register_office(settings, {"/entry": answer}) as (allowed, url, _site):
        cite(url)
        run_job(url, allowed)
    (one,) = snapshots_of(url)
    if starts is None:
        assert one.refusal
    else:
        assert archive.read(settings.archive, one.page_sha256).startswith(starts)
        assert "\nWords: none" in archive.read(settings.archive, one.sha256).decode()


@pytest.mark.usefixtures("context")
def test_a_page_that_changes_with_each_read_is_read_once(settings):
    count = iter(range(10))

    def changing(connection) -> None:
        connection.sendall(register(f"Visit number {next(count)}."))

    with register_office(settings, {"/entry": changing}) as (allowed, url, site):
        cite(url)
        run_job(url, allowed)
        run_job(url, allowed)
        assert len(site.requests) == 1
    (kept,) = snapshots_of(url)
    for digest in (kept.sha256, kept.page_sha256):
        assert b"Visit number 0." in archive.read(settings.archive, digest)
    record = gzip.decompress(archive.read(settings.archive, kept.warc_sha256))
    assert b"Visit number 0." in record


def test_a_quotation_of_50_000_characters_is_refused_beside_its_field(client, setting):  # noqa: F811
    started(client, setting)
    quote = "The ferry carried them. " * 2_084
    answer = send(client, setting, WHOLE | {"source-1-quote": quote, "do": "submit"})
    assert answer.status_code == 422
    beside = answer.text.partition('id="source-1-error">')[2].partition("<")[0]
    assert "at most 5,000 characters" in beside
    assert quote.strip() in answer.text
    assert "The report *has* it [1]." in answer.text


def test_a_long_quotation_in_a_long_page_is_looked_for_in_time():
    text = "The ferry carried 412,000 passengers in 2024, more than ever. " * 80_000
    began = time.monotonic()
    assert find_quote(text, "The tram carried nobody at all. " * 1_563) == "missing"
    assert time.monotonic() - began < 5
