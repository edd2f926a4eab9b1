"""The networks that are never fetched from: facts of the IANA special-purpose registries and RFCs.

Wider than what registries call "not globally reachable": relays, anycast helpers and one cloud
provider's address inside public space are here too. Outside 2000::/3 no IPv6 address is unicast in
the Internet, so the last rows shut everything else. The standard library's `is_global` is not
asked: it passes multicast, NAT64, 6to4 and others.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

# network, what it is for, where that is written
_ROWS = (
    ("0.0.0.0/8", "this network", "RFC 791, RFC 1122"),
    ("10.0.0.0/8", "private use", "RFC 1918"),
    ("100.64.0.0/10", "shared behind carriers", "RFC 6598"),
    ("127.0.0.0/8", "loopback", "RFC 1122"),
    ("169.254.0.0/16", "link local, cloud metadata", "RFC 3927"),
    ("172.16.0.0/12", "private use", "RFC 1918"),
    ("192.0.0.0/24", "IETF protocol assignments", "RFC 6890"),
    ("192.0.0.0/29", "IPv4 service continuity prefix", "RFC 7335"),
    ("192.0.0.8/32", "IPv4 dummy address", "RFC 7600"),
    ("192.0.0.9/32", "PCP anycast", "RFC 7723"),
    ("192.0.0.10/32", "TURN anycast", "RFC 8155"),
    ("192.0.0.170/32", "NAT64/DNS64 discovery", "RFC 8880, RFC 7050"),
    ("192.0.0.171/32", "NAT64/DNS64 discovery", "RFC 8880, RFC 7050"),
    ("192.0.2.0/24", "documentation TEST-NET-1", "RFC 5737"),
    ("192.31.196.0/24", "AS112-v4", "RFC 7535"),
    ("192.52.193.0/24", "AMT", "RFC 7450"),
    ("192.88.99.0/24", "deprecated 6to4 relay anycast", "RFC 7526"),
    ("192.88.99.2/32", "6a44 relay anycast", "RFC 6751"),
    ("192.168.0.0/16", "private use", "RFC 1918"),
    ("192.175.48.0/24", "direct delegation AS112", "RFC 7534"),
    ("198.18.0.0/15", "benchmarking", "RFC 2544"),
    ("198.51.100.0/24", "documentation TEST-NET-2", "RFC 5737"),
    ("203.0.113.0/24", "documentation TEST-NET-3", "RFC 5737"),
    ("224.0.0.0/4", "multicast", "RFC 1112, RFC 5771"),
    ("233.252.0.0/24", "multicast test net", "RFC 6676"),
    ("240.0.0.0/4", "reserved", "RFC 1112"),
    ("255.255.255.255/32", "limited broadcast", "RFC 919, RFC 8190"),
    ("::1/128", "loopback", "RFC 4291"),
    ("::/128", "unspecified", "RFC 4291"),
    ("::/96", "IPv4-compatible (deprecated)", "RFC 4291"),
    ("::ffff:0:0/96", "IPv4-mapped", "RFC 4291"),
    ("::ffff:0:0:0/96", "IPv4-translated", "RFC 2765, RFC 7915"),
    ("64:ff9b::/96", "NAT64 well-known prefix, holds an IPv4 address", "RFC 6052"),
    ("64:ff9b:1::/48", "NAT64 local use", "RFC 8215"),
    ("100::/64", "discard only", "RFC 6666"),
    ("100:0:0:1::/64", "dummy prefix", "RFC 9780"),
    ("2001::/23", "IETF protocol assignments", "RFC 2928"),
    ("2001::/32", "Teredo, holds an IPv4 address", "RFC 4380, RFC 8190"),
    ("2001:1::1/128", "PCP anycast", "RFC 7723"),
    ("2001:1::2/128", "TURN anycast", "RFC 8155"),
    ("2001:1::3/128", "DNS-SD SRP anycast", "RFC 9665"),
    ("2001:2::/48", "benchmarking", "RFC 5180"),
    ("2001:3::/32", "AMT", "RFC 7450"),
    ("2001:4:112::/48", "AS112-v6", "RFC 7535"),
    ("2001:10::/28", "ORCHID (deprecated)", "RFC 4843"),
    ("2001:20::/28", "ORCHIDv2", "RFC 7343"),
    ("2001:30::/28", "drone remote ID", "RFC 9374"),
    ("2001:db8::/32", "documentation", "RFC 3849"),
    ("2002::/16", "6to4, holds an IPv4 address", "RFC 3056"),
    ("2620:4f:8000::/48", "direct delegation AS112", "RFC 7534"),
    ("3fff::/20", "documentation", "RFC 9637"),
    ("5f00::/16", "SRv6 SIDs", "RFC 9602"),
    ("fc00::/7", "unique local", "RFC 4193"),
    ("fe80::/10", "link local", "RFC 4291"),
    ("fec0::/10", "site local (deprecated)", "RFC 3879"),
    ("ff00::/8", "multicast", "RFC 4291"),
    ("168.63.129.16/32", "cloud platform address", "vendor"),
    ("4000::/2", "not allocated", "RFC 4291, IANA IPv6 address space"),
    ("8000::/1", "not for the Internet", "RFC 4291, IANA IPv6 address space"),
    ("::/3", "not for the Internet", "RFC 4291, IANA IPv6 address space"),
)

REFUSED_NETWORKS: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ip_network(cidr), f"{name}, {source}") for cidr, name, source in _ROWS
)
"""Each refused network with the words that say what it is."""
