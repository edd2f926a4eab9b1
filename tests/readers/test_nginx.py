"""The shipped nginx configuration against the service: one table of requests, the same answers."""

import gzip
import shutil
from types import SimpleNamespace

import brotli
import pytest
import urllib3

from factcheck.app import create_app
from factcheck.cli.installation import connected
from factcheck.config import from_environment
from factcheck.db import writing
from factcheck.editions import files, publishing
from factcheck.readers import headers
from tests import nginx
from tests.cli.conftest import serving
from tests.editions.factories import make_ready_article

SAID = (
    "Content-Type", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options",
    "Referrer-Policy", "Vary", "Access-Control-Allow-Origin", "Strict-Transport-Security",
    "Content-Encoding", "Content-Range", "Accept-Ranges", "Last-Modified",
)  # fmt: skip
pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def place(tmp_path_factory, sqlite_template):
    """A published site, the service on it, and nginx before both."""
    if nginx.make_sure() is None:
        pytest.skip("nginx is not installed, and cannot be by apt here")
    data = tmp_path_factory.mktemp("behind") / "data"
    data.mkdir()
    shutil.copy(sqlite_template, data / "factcheck.sqlite3")
    environ = {"FACTCHECK_DATA": str(data), "FACTCHECK_PUBLIC_URL": "http://checks.example"}
    settings = from_environment(environ)
    with connected(create_app(settings)):
        with writing() as session:
            article, claims = make_ready_article(session, url="https://elsewhere.example/post")
            slug, claim = article.slug, claims[0].public_id
        publishing.publish(slug, note=None, actor_id=None, settings=settings)
        publishing.start_site(settings)
    files.write_files(settings.site, {"archive/" + "ab" * 32: b"inert <b>text</b>"})
    with serving(env=environ) as (service, _):
        port = int(service.rpartition(":")[2])
        with nginx.running(data / "nginx", data / "site", port, brotli=nginx.BROTLI.exists()) as at:
            yield SimpleNamespace(
                nginx=at, service=service, slug=slug, claim=claim, site=settings.site,
                folder=data,
            )  # fmt: skip


def ask(base, path, method="GET", **sent):
    found = {name.replace("_", "-"): value for name, value in sent.items()}
    answer = urllib3.request(
        method, base + path, headers=found, retries=False, redirect=False, decode_content=False,
        timeout=20,
    )  # fmt: skip
    said = {name: answer.headers[name] for name in SAID if name in answer.headers}
    return SimpleNamespace(
        status=answer.status, said=said, etag=answer.headers.get("ETag", ""), body=answer.data,
        location=answer.headers.get("Location"), length=answer.headers.get("Content-Length"),
    )  # fmt: skip


def table(place):
    """Yield what is asked for: path, method, headers."""
    article = f"/articles/{place.slug}/"
    everything = [file for file in files.paths_in(place.site) if file.endswith((".br", ".gz"))][:4]
    everything += sorted(
        path for path in files.paths_in(place.site) if not path.endswith((".br", ".gz"))
    )
    for path in everything:
        yield "/" + path, "GET", {}
    for path in (article, "/", "/feed.json", "/embed.js", "/log/checkpoint"):
        yield path, "HEAD", {}
        for accepted in ("gzip", "br", "gzip, deflate, br", "br;q=0, gzip", "gzip;q=0", "identity"):
            if "br" not in accepted or nginx.BROTLI.exists():
                yield path, "GET", {"Accept_Encoding": accepted}
        for asked in ("bytes=0-9", "bytes=5-", "bytes=-7", "bytes=99999999-", "bytes=0-1,4-5", "x"):
            yield path, "GET", {"Range": asked}
        yield path, "GET", {"Range": "bytes=0-9", "If_Range": '"another"'}
    claim = f"{article}claims/{place.claim}/"
    for path in (
        f"{article}embed/", claim, f"{claim}card/", f"{article}editions/1/", "/about/",
        "/corrections/", "/search?q=ferry", "/sign-in", "/healthz", article.rstrip("/"),
        "/articles/none/", "/articles/none", "/articles/", "/none", "/none/", "/archive/none",
        f"{article}none.html", "/log/", "/log", "//", "/.site.lock", "/page/99/",
        f"{article}.aside-index.html", f"/articles//{place.slug}/", "/by-url/none.json",
        f"{article}?a=1", f"{article.rstrip('/')}?a=1",
    ):  # fmt: skip
        yield path, "GET", {}
    yield "/about/", "POST", {}
    yield article, "POST", {}
    yield article, "OPTIONS", {}


def test_nginx_and_the_service_answer_alike(place):
    for path, method, sent in table(place):
        ours, theirs = (ask(at, path, method, **sent) for at in (place.service, place.nginx))
        what = f"{method} {path} {sent}"
        assert theirs.status == ours.status, what
        if ours.status == 416:
            assert theirs.said["Content-Range"] == ours.said["Content-Range"], what
            continue
        if ours.status == 301:
            assert theirs.location == ours.location, what
            continue
        assert theirs.said == ours.said, what
        assert bool(theirs.etag) == bool(ours.etag), what
        assert theirs.etag[:2] != "W/", what
        if not path.startswith(("/sign-in", "/search")):  # those hold a token, or a moment
            assert (theirs.body, theirs.length) == (ours.body, ours.length), what


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
def test_who_has_a_page_gets_304_from_both_with_the_same_headers(place, accepted):
    if accepted == "br" and not nginx.BROTLI.exists():
        pytest.skip("this nginx has no brotli module")
    path, answers = f"/articles/{place.slug}/", []
    for base in (place.service, place.nginx):
        etag = ask(base, path, Accept_Encoding=accepted).etag
        for known in (etag, f'"x", W/{etag}', "*"):
            again = ask(base, path, Accept_Encoding=accepted, If_None_Match=known)
            assert (again.status, again.body, again.etag) == (304, b"", etag)
        assert ask(base, path, If_None_Match='"x"').status == 200
        part = ask(base, path, Accept_Encoding=accepted, Range="bytes=3-8", If_Range=etag)
        assert part.status == (206 if accepted == "identity" else 200)
        answers.append((again.said.get("Vary"), again.said["Content-Security-Policy"], part.body))
    assert answers[0] == answers[1]


def test_each_encoding_has_an_etag_of_its_own_though_sizes_be_equal(place):
    body = b"as long as its copies"
    for name, data in {"same.txt": body, "same.txt.gz": gzip.compress(body)}.items():
        (place.site / name).unlink(missing_ok=True)
        files.write_files(place.site, {name: data[:20].ljust(20)})
    files.write_files(place.site, {"same.txt.br": brotli.compress(body)[:20].ljust(20)})
    accepted = ("identity", "gzip", "br")[: 2 + nginx.BROTLI.exists()]
    etags = {ask(place.nginx, "/same.txt", Accept_Encoding=one).etag for one in accepted}
    assert len(etags) == len(accepted)


def test_two_publishes_within_a_second_have_different_etags(place):
    seen = []
    for number in range(6):
        files.write_files(place.site, files.with_copies({"quick.txt": b"edition %d" % number}))
        for accepted in ("identity", "gzip"):
            answer = ask(place.nginx, "/quick.txt", Accept_Encoding=accepted)
            seen.append(answer.etag)
    assert len(set(seen)) == 12


def test_the_site_is_served_while_the_service_is_stopped(place):
    with nginx.running(
        place.folder / "stopped", place.site, 9, brotli=nginx.BROTLI.exists()
    ) as base:
        page = ask(base, f"/articles/{place.slug}/", Accept_Encoding="gzip")
        assert (page.status, page.said["Content-Encoding"]) == (200, "gzip")
        assert ask(base, f"/articles/{place.slug}").status == 301
        missing = ask(base, "/articles/none/")
        assert (missing.status, missing.body) == (404, (place.site / "404.html").read_bytes())
        stopped = ask(base, "/sign-in")
        assert stopped.status == 503
        assert b"404" not in stopped.body


def test_the_configuration_works_without_the_brotli_module(place):
    with nginx.running(place.folder / "plain", place.site, 9, brotli=False) as base:
        answer = ask(base, "/", Accept_Encoding="br, gzip")
        assert answer.said["Content-Encoding"] == "gzip"


def test_the_configuration_says_the_policy_and_the_types_that_the_service_says():
    shipped = nginx.SHIPPED.read_text()
    assert headers.CONTENT_POLICY in shipped
    for suffix, kind in headers._TYPES.items():
        name = f'"{kind}"' if " " in kind else kind
        assert any(
            line.split(name)[-1].strip() == f"{suffix[1:]};"
            for line in shipped.splitlines() if name in line
        ), suffix  # fmt: skip
