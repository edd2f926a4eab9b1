"""The fetcher never opens what it must not, however it is written, resolved or led to."""

from __future__ import annotations

import csv
import json
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.failures import Invalid
from factcheck.fetch import (
    AddressRefused,
    FetchFailed,
    FetchRefused,
    canonical_address,
    check_address,
    fetch,
    parse_url,
)
from factcheck.fetch.urls import join_url

PUBLIC = "93.184.215.14"

REFUSED_URLS = [
    # numbers in every notation
    *("http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/"),
    *("http://017700000001/", "http://0x7f.0.0x0.1/", "http://0177.0.0.1/", "http://0/"),
    *("http://010.0.0.1/", "http://127.0.0.1./", "http://383.0.0.1/", "http://1.2.3.4.5/"),
    *("http://10.0.0.1/", "http://169.254.169.254/latest/", "http://192.168.1.1/"),
    *("http://100.64.0.1/", "http://168.63.129.16/", "http://224.0.0.1/", "http://192.0.0.9/"),
    *("http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://１２７.0.0.1/", "http://12\u00ad7.0.0.1/"),
    # IPv6, and IPv4 within
    *("http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/"),
    *("http://[::ffff:0:a00:1]/", "http://[64:ff9b::a00:1]/", "http://[2002:a00:1::1]/"),
    *("http://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/", "http://[2606:4700::5efe:a00:1]/"),
    *("http://[fe80::1%25eth0]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/"),
    *("http://[4000::1]/", "http://[2001:db8::1]/", "http://[127.0.0.1]/", "http://[v1.x]/"),
    # names of machines nearby
    *("http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://db/"),
    *("http://printer.local/", "http://metadata.google.internal/", "http://x.onion/"),
    *("http://1.0.0.127.in-addr.arpa/", "http://ｌocalhost/"),
    # addresses that two readers read differently
    *("http://example.com@127.0.0.1/", "http://127.0.0.1@example.com/", "http://a:b@example.com/"),
    *("http://example.com\\@127.0.0.1/", "http://example.com#@127.0.0.1/", "http:example.com/"),
    *("http://example.com?@127.0.0.1/", "http://example.com%40127.0.0.1/", "http:/example.com/"),
    *("http:///example.com/", "//example.com/", "http://example.com /", "http://exa\tmple.com/"),
    *("http://example.com/\r\nHost: x", "http://[::1/", "http://::1/", "http://-a.example/"),
    *("http://a..example/", "http://xn--a/", "http://%00/", "http://./", "http://*/"),
    # other schemes and ports
    *("file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "data:text/html,x"),
    *("ftp://example.com/", "http://example.com:22/", "http://example.com:0/"),
    *("http://example.com:65536/", "http://example.com:-1/", "http://example.com:８０/"),
    *("example.com", "", "http://" + "a" * 64 + ".example/", "http://example.com/" + "a" * 5000),
]  # fmt: skip

NORMAL_URLS = {
    "https://EXAMPLE.org./": "https://example.org/",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://example.org/a/../b/./c": "https://example.org/b/c",
    "https://example.org/%2e%2e/a": "https://example.org/a",
    "https://example.org:443": "https://example.org/",
    "http://example.org:00080/?q=ä b".replace(" ", "+"): "http://example.org/?q=%C3%A4+b",
    "  https://example.org/a?b=c#d ": "https://example.org/a?b=c#d",
    "https://example.org/?url=http://127.0.0.1/": "https://example.org/?url=http://127.0.0.1/",
    "https://10-0-0-1.example.org/é": "https://10-0-0-1.example.org/%C3%A9",
    "http://8.8.8.8/": "http://8.8.8.8/",
    "http://134744072/": "http://8.8.8.8/",
    "http://[2606:4700:4700:0:0:0:0:1111]/": "http://[2606:4700:4700::1111]/",
}


class Connected(Exception):
    """The guard let an address pass; nothing was sent."""


def passes(url: str, *addresses: str) -> bool:
    """Tell whether the guard would connect; no packet is sent."""

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        raise Connected(address)

    with pytest.raises((Connected, FetchRefused, FetchFailed)) as caught:
        fetch(url, resolve=lambda host, port: list(addresses or (PUBLIC,)), connect=connect)
    return caught.type is Connected


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_an_address_that_must_not_be_opened_is_refused_before_connecting(url: str):
    assert not passes(url)


@pytest.mark.parametrize(("written", "normal"), NORMAL_URLS.items())
def test_a_public_address_is_brought_to_one_form(written: str, normal: str):
    assert str(parse_url(written)) == normal
    assert passes(written)


@given(st.sampled_from(sorted(NORMAL_URLS)))
def test_the_normal_form_is_its_own_normal_form(written: str):
    normal = str(parse_url(written))

    assert str(parse_url(normal)) == normal


@given(st.text(max_size=60))
def test_any_text_is_either_refused_or_brought_to_a_form_that_stays(text: str):
    try:
        normal = str(parse_url("http://example.org/" + text))
    except FetchRefused:
        return
    assert str(parse_url(normal)) == normal
    assert normal.isascii()


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_inside_ipv6(address):
    number = int(address)
    high, low = number >> 16, number & 0xFFFF
    try:
        check_address(str(address))
    except AddressRefused:
        refused = True
    else:
        refused = False
    for wrapped in (
        f"::ffff:{address}",
        f"64:ff9b::{high:x}:{low:x}",
        f"2002:{high:x}:{low:x}::1",
        f"2606:4700::5efe:{high:x}:{low:x}",
    ):
        if refused or not wrapped.startswith("2606"):
            with pytest.raises(AddressRefused):
                check_address(wrapped)


@pytest.mark.parametrize("address", ["1.1.1.1", "172.32.0.1", "100.128.0.0", "2001:200::1"])
def test_addresses_beside_refused_ranges_pass(address: str):
    assert str(check_address(address)) == address


@pytest.mark.parametrize("address", ["x", "", "127.0.0.1:80", "fe80::1%eth0", "::1", "3fff::1"])
def test_other_addresses_are_refused_with_the_network(address: str):
    with pytest.raises(AddressRefused):
        check_address(address)


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        ["::1", PUBLIC],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a00:1"],
        ["0.0.0.0"],
        ["fe80::1%eth0"],
        [*(f"93.184.{n // 250}.{n % 250 + 1}" for n in range(499)), "10.0.0.1"],
    ],
)
def test_a_host_with_one_private_address_is_refused(answers: list[str]):
    assert not passes("http://rebind.attacker.example/", *answers)


def test_the_connection_goes_to_the_address_that_was_checked():
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        raise Connected(address)

    with pytest.raises(Connected, match=re.escape(PUBLIC)):
        fetch("http://rebind.attacker.example/", resolve=resolve, connect=connect)
    assert asked == ["rebind.attacker.example"]


def test_a_host_that_is_not_known_fails_with_a_sentence():
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(FetchFailed, match=r"There is no site “nowhere\.example”") as caught:
        fetch("http://nowhere.example/", resolve=resolve)
    assert isinstance(caught.value, Invalid)
    assert caught.value.field == "url"


def test_every_row_of_the_shared_list_is_answered_as_expected():
    path = Path(__file__).resolve().parents[2] / "shared/data/hostile/ssrf_urls.tsv"
    if not path.exists():
        pytest.skip("shared data is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = [
        row["id"]
        for row in rows
        if row["category"] not in ("dns", "redirect")
        and row["expect"] in ("allow", "refuse")
        and passes(json.loads(row["url_json"])) != (row["expect"] == "allow")
    ]

    assert not wrong
    assert len(rows) > 600


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("x", "https://e.org/a/x"),
        ("?q", "https://e.org/a/b?q"),
        ("#f", "https://e.org/a/b?c"),
        ("/x", "https://e.org/x"),
        ("//f.org", "https://f.org/"),
    ],
)
def test_a_location_is_joined_as_a_browser_does(location: str, url: str):
    assert join_url(parse_url("https://e.org/a/b?c"), location).url == url


_PIECES = st.lists(st.sampled_from(
    ["www.", "m.", "en.", "amp.", "a", "/", "/amp", ".amp", ".html", "?", "&", "amp=1", "utm_x=1",
     "b=2", "google.com", "cdn.ampproject.org", "/c", "/s", ".", "ä"]
), max_size=12)  # fmt: skip


@given(_PIECES)
def test_a_canonical_address_is_its_own(pieces):
    url = "http://" + "".join(pieces)
    try:
        parse_url(url)
    except FetchRefused:
        return
    found = canonical_address(url)

    assert canonical_address(found) == found
    assert canonical_address(url + "#part") == found
