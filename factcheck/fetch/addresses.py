"""Whether a numeric address may be connected to.

IPv6 has half a dozen ways to write an IPv4 address inside another; each is taken out and checked as
well, whatever the outer address is.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from factcheck.fetch.networks import REFUSED_NETWORKS

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_LOW_32_BITS = (
    IPv6Network("::/96"),  # compatible
    IPv6Network("::ffff:0:0/96"),  # mapped
    IPv6Network("::ffff:0:0:0/96"),  # translated (SIIT)
    *_NAT64,
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # the upper half of an interface id


class AddressRefused(ValueError):
    """The address lies in a network that is never fetched from; the message names the network."""


def check_address(address: str) -> IPv4Address | IPv6Address:
    """Return the address as a value when it may be connected to.

    Raises AddressRefused for one in a refused network, one that holds such an IPv4 address inside,
    one with a zone ("fe80::1%eth0"), and for anything that is no numeric address.
    """
    try:
        outer = ip_address(address)
    except ValueError as error:
        raise AddressRefused(f"{address!r} is not an address") from error
    if isinstance(outer, IPv6Address) and outer.scope_id is not None:
        raise AddressRefused(f"{address} belongs to one network card")
    for candidate in (outer, *_embedded(outer)):
        for network, name in REFUSED_NETWORKS:
            if candidate.version == network.version and candidate in network:
                raise AddressRefused(f"{candidate} is in {network} ({name})")
    return outer


def _embedded(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that an IPv6 address carries, by every scheme that fits it."""
    if isinstance(address, IPv4Address):
        return
    number = int(address)
    if any(address in network for network in _LOW_32_BITS):
        yield IPv4Address(number & 0xFFFFFFFF)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFFFFFF)
