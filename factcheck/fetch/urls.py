"""Reading a web address once, so that what is checked, stored, shown and fetched is the same.

The result agrees with what a browser would make of the same words (WHATWG URL), but sloppy writing
that a browser mends is refused: a missing slash, a backslash, a name and password, a host written
with percent signs. Those are where two readers of one address disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote

import idna

from factcheck.fetch.refusals import FetchRefused

MAX_LENGTH = 4000  # characters; longer ones are trackers or attacks

_SHAPE = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.\-]*)://(?P<authority>[^/?#]*)"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}

# What WHATWG leaves as it is in each part; all else is written as %XX of its UTF-8 bytes.
_PATH_KEPT = "!$%&'()*+,-./:;=@[]_|~\\"
_QUERY_KEPT = "!$%&()*+,-./:;=?@[]^_`{|}~\\"
_FRAGMENT_KEPT = "!#$%&'()*+,-./:;=?@[]^_{|}~\\"

_DOT = re.compile(r"\.|%2e", re.IGNORECASE)
_PRIVATE_SUFFIXES = {
    *("localhost", "localdomain", "local", "internal", "intranet", "private", "lan", "home"),
    *("corp", "mail", "svc", "test", "invalid", "onion", "alt", "arpa"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One http(s) address in its normal form; `host` is an A-label name or a numeric address."""

    scheme: str
    host: str
    port: int
    target: str  # path and query, as sent
    fragment: str

    @property
    def authority(self) -> str:
        """Return the host, in brackets for IPv6, with the port where it is not the scheme's own."""
        is_usual = self.port == _DEFAULT_PORTS[self.scheme]
        return self.url_host if is_usual else f"{self.url_host}:{self.port}"

    @property
    def url_host(self) -> str:
        """Return the host as an address writes it: in brackets for IPv6."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def host_and_port(self) -> str:
        """Return "host:port" with the port always there, as operators write it in settings."""
        return f"{self.url_host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the address without its fragment, as it is requested."""
        return f"{self.scheme}://{self.authority}{self.target}"

    def __str__(self) -> str:
        """Return the whole address, fragment included, as it is shown."""
        return self.url + (f"#{self.fragment}" if self.fragment else "")

    @property
    def numeric(self) -> bool:
        """Tell whether the host is a number rather than a name."""
        return ":" in self.host or self.host.replace(".", "").isdigit()


@lru_cache(maxsize=512)  # the same ones are asked about several times in a row
def parse_url(url: str) -> Address:
    """Return the parts of an absolute http(s) address in normal form.

    Blanks around it are dropped. Raises FetchRefused, with a sentence that says what to do, for
    everything else; it does not judge where the address leads: see `check_public_name`.
    """
    url = url.strip(" \t\r\n")
    if len(url) > MAX_LENGTH:
        raise FetchRefused("This address is too long. Give the address of the page alone.")
    if _UNPRINTABLE.search(url):
        raise FetchRefused("This address has a blank or a control character in it. Copy it again.")
    shape = _SHAPE.fullmatch(url)
    if shape is None or shape["scheme"].lower() not in _DEFAULT_PORTS:
        raise FetchRefused("Give an address that begins with https:// or http://.")
    scheme = shape["scheme"].lower()
    host, port = _host_and_port(shape["authority"], scheme)
    path, query = shape["path"], shape["query"]
    if "\\" in path:
        raise FetchRefused("This address has a backslash in it. Copy it again.")
    if not path and "@" in (query or shape["fragment"] or ""):
        raise FetchRefused("It is not clear which site this address means. Copy it again.")
    target = quote(_without_dots(path), safe=_PATH_KEPT) + (
        "" if query is None else "?" + quote(query, safe=_QUERY_KEPT)
    )
    return Address(scheme, host, port, target, quote(shape["fragment"] or "", safe=_FRAGMENT_KEPT))


def join_url(base: Address, location: str) -> Address:
    """Return the address that a redirect from `base` leads to.

    A relative one is resolved against `base`; a fragment of its own replaces that of `base`.
    Raises FetchRefused as `parse_url` does.
    """
    location = location.strip(" \t")
    if re.match(r"[a-z][a-z0-9+.\-]*:", location, re.IGNORECASE):
        return parse_url(location)
    if "\\" in location.split("?")[0].split("#")[0]:
        raise FetchRefused("This page leads on to an address with a backslash in it.")
    origin = f"{base.scheme}://{base.authority}"
    if location.startswith("//"):
        return parse_url(f"{base.scheme}:{location}")
    if location.startswith("/"):
        return parse_url(origin + location)
    path, question, query = base.target.partition("?")
    if location.startswith("?"):
        return parse_url(origin + path + location)
    if not location or location.startswith("#"):
        return parse_url(origin + path + question + query + location)
    return parse_url(origin + path.rpartition("/")[0] + "/" + location)


def check_public_name(address: Address) -> None:
    """Raise FetchRefused for a host name that can only mean a machine nearby."""
    labels = address.host.split(".")
    if not address.numeric and (len(labels) < 2 or labels[-1] in _PRIVATE_SUFFIXES):
        raise FetchRefused(
            "“%(host)s” is not a public site. Give the address that readers use.", host=address.host
        )


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    """Return the normal form of the host, and the port, of an address's middle part."""
    if "@" in authority or "\\" in authority:
        raise FetchRefused(
            "This address has a name or password in it. Give it without what stands before the @."
        )
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise FetchRefused("The site's name in this address cannot be read. Copy it again.")
    digits = parts["port"] or str(_DEFAULT_PORTS[scheme])
    port = int(digits) if len(digits) <= 20 else 0
    if not 0 < port <= 65535:
        raise FetchRefused(
            "There is no port %(port)s. Leave the port out of the address.", port=digits[:20]
        )
    return _normal_host(parts["host"]), port


def _normal_host(host: str) -> str:
    """Return a host as a lower-case A-label name or a numeric address in its usual form."""
    try:
        if host.startswith("["):
            return _ipv6(host[1:-1])
        name = host.lower() if host.isascii() else idna.uts46_remap(host, std3_rules=False)
        name = name.removesuffix(".")
        if _ends_in_number(name):
            return _ipv4(name)
        return _checked_name(name)
    except (idna.IDNAError, ValueError) as error:
        raise FetchRefused(
            "The site's name in this address cannot be read. Copy it again."
        ) from error


def _checked_name(name: str) -> str:
    """Return a host name with every label valid; raises ValueError or IDNAError otherwise."""
    labels = [
        label if label.isascii() else idna.alabel(label).decode("ascii")
        for label in name.split(".")
    ]
    for label in labels:
        if not _LABEL.fullmatch(label):
            raise ValueError(f"{label!r} is no label of a host name")
        if label.startswith("xn--"):
            idna.ulabel(label)
    name = ".".join(labels)
    if len(name) > 253:
        raise ValueError("longer than a host name can be")
    return name


def _ends_in_number(name: str) -> bool:
    """Tell whether a browser would read this host as an IPv4 address: its last part is a number."""
    return _NUMBER.fullmatch(name.rpartition(".")[2]) is not None


def _ipv4(name: str) -> str:
    """Return the four decimal parts of an IPv4 address in any of its old notations."""
    parts = [_number(part) for part in name.split(".")]
    if len(parts) > 4 or any(part > 255 for part in parts[:-1]):
        raise ValueError("too many or too large parts")
    if parts[-1] >= 256 ** (5 - len(parts)):
        raise ValueError("the last part is too large")
    value = parts[-1] + sum(part << (24 - 8 * place) for place, part in enumerate(parts[:-1]))
    return str(IPv4Address(value))


def _number(part: str) -> int:
    """Return a part of an IPv4 address: hexadecimal after 0x, else decimal.

    Raises ValueError for a leading zero that octal and decimal readers would take differently.
    """
    if not _NUMBER.fullmatch(part) or len(part) > 40:
        raise ValueError(f"{part!r} is no number")
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if part.startswith("0") and int(part, 8) != int(part):
        raise ValueError(f"{part!r} is read in two ways")
    return int(part)


def _ipv6(text: str) -> str:
    """Return an IPv6 address in its shortest form; zones are not taken."""
    if "%" in text:
        raise AddressValueError("a zone")
    return IPv6Address(text).compressed


def _without_dots(path: str) -> str:
    """Return an absolute path with its "." and ".." segments, also as %2e, carried out."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments):
        dots = _DOT.sub(".", segment) if len(segment) <= 6 else segment
        if dots == "..":
            kept = kept[:-1]
        if dots not in (".", ".."):
            kept.append(segment)
        elif place == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)
