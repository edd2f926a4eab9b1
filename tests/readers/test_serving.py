import gzip
import os
import threading
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.readers import serving
from factcheck.readers.serving import SiteFiles

PAGE = "<p>Ödön ate 40 % of the tarts.</p>".encode() * 40


def application(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"from the application"]


def write(file: Path, body: bytes, *, copies: bool = True) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    for suffix, data in [("", body), (".gz", gzip.compress(body)), (".br", brotli.compress(body))]:
        if suffix and not copies:
            continue
        aside = file.with_name(file.name + suffix + ".new")
        aside.write_bytes(data)
        aside.rename(file.with_name(file.name + suffix))


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "site" / "articles" / "tarts" / "index.html", PAGE)
    write(tmp_path / "site" / "index.html", b"<p>home</p>")
    (tmp_path / "secret.html").write_bytes(b"the secret key")
    return tmp_path / "site"


@pytest.fixture
def layer(folder):
    return SiteFiles(application, folder, https=False)


def ask(layer, path, method="GET", query="", **headers):
    answer = {}

    def start_response(status, sent, _error=None):
        answer["status"], answer["headers"] = int(status[:3]), dict(sent)

    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    environ |= {"HTTP_" + name.upper(): value for name, value in headers.items()}
    answer["body"] = b"".join(layer(environ, start_response))
    return answer


def test_a_page_is_answered_from_the_folder(layer):
    answer = ask(layer, "/articles/tarts/")
    assert (answer["status"], answer["body"]) == (200, PAGE)
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert answer["headers"]["Vary"] == "Accept-Encoding"
    assert answer["headers"]["Cache-Control"] == "no-cache"
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
    assert int(answer["headers"]["Content-Length"]) == len(PAGE)


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_each_encoding_is_the_same_page_under_an_etag_of_its_own(layer, encoding, unpack):
    plain = ask(layer, "/articles/tarts/")
    packed = ask(layer, "/articles/tarts/", accept_encoding=encoding)
    assert packed["headers"]["Content-Encoding"] == encoding
    assert unpack(packed["body"]) == PAGE
    assert packed["headers"]["ETag"] != plain["headers"]["ETag"]
    assert not packed["headers"]["ETag"].startswith("W/")


def test_who_has_the_page_already_gets_304_with_etag_and_vary_and_no_body(layer):
    etag = ask(layer, "/articles/tarts/", accept_encoding="gzip")["headers"]["ETag"]
    again = ask(layer, "/articles/tarts/", accept_encoding="gzip", if_none_match=etag)
    assert (again["status"], again["body"]) == (304, b"")
    assert again["headers"]["ETag"] == etag
    assert again["headers"]["Vary"] == "Accept-Encoding"
    assert "Content-Length" not in again["headers"]
    other = ask(layer, "/articles/tarts/", accept_encoding="br", if_none_match=etag)
    assert other["status"] == 200


def test_head_says_what_get_would_send_and_sends_nothing(layer):
    got, head = ask(layer, "/"), ask(layer, "/", method="HEAD")
    assert head["body"] == b""
    assert head["headers"] == got["headers"]


def test_other_methods_go_to_the_application(layer):
    assert ask(layer, "/", method="POST")["body"] == b"from the application"


def test_what_is_not_in_the_folder_goes_to_the_application(layer):
    for path in ("/sign-in", "/articles/none/", "/articles/tarts/none", "/articles/"):
        assert ask(layer, path)["body"] == b"from the application"


def test_a_folder_without_its_slash_leads_to_the_one_with_it(layer):
    answer = ask(layer, "/articles/tarts", query="a=1")
    assert answer["status"] == 301
    assert answer["headers"]["Location"] == "/articles/tarts/?a=1"


@pytest.mark.parametrize(
    "path",
    ["/../secret.html", "/articles/../../secret.html", "//secret.html", "/./index.html",
     "/articles//tarts/", "/articles/tarts/\0", "/..", "/...", "/.git/config", "\\..\\secret.html",
     "/..\\secret.html", "secret.html", "/\xff\xfe", "/" + "a" * 5000, "//evil.example/"],
)  # fmt: skip
def test_nothing_outside_the_folder_is_ever_sent(layer, path):
    assert ask(layer, path)["body"] == b"from the application"


@given(st.lists(st.sampled_from(["..", ".", "", "secret.html", "articles", "tarts", "%2e%2e"])))
def test_no_path_made_of_dots_leads_out(tmp_path_factory, segments):
    base = tmp_path_factory.mktemp("outside", numbered=True)
    (base / "secret.html").write_bytes(b"the secret key")
    write(base / "site" / "articles" / "tarts" / "index.html", PAGE, copies=False)
    layer = SiteFiles(application, base / "site", https=False)
    assert b"secret" not in ask(layer, "/" + "/".join(segments))["body"]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(layer, folder):
    (folder / "leak.html").symlink_to(folder.parent / "secret.html")
    assert ask(layer, "/leak.html")["body"] == b"from the application"


def test_the_first_request_after_a_page_was_replaced_has_the_new_one(layer, folder):
    file = folder / "articles" / "tarts" / "index.html"
    before = ask(layer, "/articles/tarts/", accept_encoding="gzip")
    write(file, PAGE.replace(b"40", b"41"))
    after = ask(layer, "/articles/tarts/", accept_encoding="gzip")
    assert gzip.decompress(after["body"]) == PAGE.replace(b"40", b"41")
    assert after["headers"]["ETag"] != before["headers"]["ETag"]


def test_a_replacement_of_equal_size_within_the_same_tick_is_seen(layer, folder):
    file = folder / "index.html"
    stat = file.stat()
    ask(layer, "/")
    write(file, b"<p>lamb</p>", copies=False)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert ask(layer, "/")["body"] == b"<p>lamb</p>"


def test_a_compressed_copy_of_another_page_is_never_sent(layer, folder):
    write(folder / "index.html", b"<p>new</p>", copies=False)
    for encoding, unpack in (("gzip", gzip.decompress), ("br", lambda body: body)):
        answer = ask(layer, "/", accept_encoding=encoding)
        assert unpack(answer["body"]) == b"<p>new</p>"


def test_a_compressed_copy_that_came_after_the_page_is_used_from_then_on(layer, folder):
    write(folder / "about" / "index.html", PAGE, copies=False)
    assert "Content-Encoding" not in ask(layer, "/about/", accept_encoding="br")["headers"]
    (folder / "about" / "index.html.br").write_bytes(brotli.compress(PAGE))
    answer = ask(layer, "/about/", accept_encoding="br")
    assert brotli.decompress(answer["body"]) == PAGE


def test_a_copy_that_fits_no_page_is_read_once_and_not_at_each_request(layer, folder, monkeypatch):
    write(folder / "index.html", b"<p>new</p>", copies=False)
    ask(layer, "/", accept_encoding="br")
    monkeypatch.setattr(serving, "_read_entry", None)
    assert ask(layer, "/", accept_encoding="br")["status"] == 200


def test_a_page_that_was_removed_is_gone_at_once(layer, folder):
    ask(layer, "/articles/tarts/")
    (folder / "articles" / "tarts" / "index.html").unlink()
    assert ask(layer, "/articles/tarts/")["body"] == b"from the application"


def test_a_compressed_copy_asked_for_by_name_is_a_file_like_any_other(layer):
    answer = ask(layer, "/index.html.gz", accept_encoding="gzip")
    assert gzip.decompress(answer["body"]) == b"<p>home</p>"
    assert "Content-Encoding" not in answer["headers"]
    assert answer["headers"]["Content-Type"] == "application/gzip"


def test_memory_holds_no_more_than_it_may(layer, folder, monkeypatch):
    monkeypatch.setattr(serving, "MOST_CACHED_BYTES", 3000)
    for number in range(30):
        write(folder / f"{number}.txt", os.urandom(500).hex().encode(), copies=False)
        assert ask(layer, f"/{number}.txt")["status"] == 200
    kept = layer._entries.values()
    assert 0 < sum(entry.size_bytes for entry in kept) == layer._cached_bytes <= 3000


def test_a_file_too_large_for_memory_is_sent_and_not_kept(layer, folder, monkeypatch):
    monkeypatch.setattr(serving, "LARGEST_CACHED_BYTES", 100)
    assert ask(layer, "/articles/tarts/")["body"] == PAGE
    assert layer._cached_bytes == 0


def test_readers_see_one_page_or_the_other_while_it_is_replaced(layer, folder):
    file, done, seen = folder / "index.html", threading.Event(), set()

    def read():
        while not done.is_set():
            seen.add(gzip.decompress(ask(layer, "/", accept_encoding="gzip")["body"]))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(60):
        write(file, b"<p>%04d</p>" % number)
    done.set()
    for reader in readers:
        reader.join()
    assert seen <= {b"<p>home</p>"} | {b"<p>%04d</p>" % number for number in range(60)}
    assert ask(layer, "/")["body"] == b"<p>0059</p>"


def test_a_reader_gets_the_sites_own_page_for_what_is_not_there(folder):
    closed = []

    class Answer(list):
        def close(self):
            closed.append(True)

    def nothing(environ, start_response):
        kind = "application/problem+json" if "api" in environ["PATH_INFO"] else "text/html"
        start_response("404 Not Found", [("Content-Type", kind), ("X-Working", "yes")])
        return Answer([b"the application's"])

    layer = SiteFiles(nothing, folder, https=False)
    assert ask(layer, "/none")["body"] == b"the application's"

    write(folder / "404.html", b"<p>the site's</p>")
    answer = ask(layer, "/none")
    assert (answer["status"], answer["body"]) == (404, b"<p>the site's</p>")
    assert not {"ETag", "X-Working"} & set(answer["headers"])
    assert answer["headers"]["Content-Length"] == "17"
    assert closed[-1:] == [True]
    assert ask(layer, "/none", method="HEAD")["body"] == b""
    assert ask(layer, "/none", cookie="session=1")["body"] == b"the application's"
    assert ask(layer, "/api/none")["body"] == b"the application's"
    assert ask(layer, "/none", method="POST")["body"] == b"the application's"
