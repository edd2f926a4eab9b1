"""The one door through which this service reaches an address that somebody typed.

Whatever is read goes through `fetch`, whatever is sent through `post`: the address is parsed once,
every address that its host resolves to is held against our own table, the connection goes to the
address that was checked, and each redirect that is followed starts again. Surprising: the check is
on *all* answers of the resolver, so a host with one public and one private address is refused.
"""

from factcheck.fetch.addresses import AddressRefused, check_address
from factcheck.fetch.canonical import canonical_address
from factcheck.fetch.client import DEFAULT, Fetched, Limits, fetch
from factcheck.fetch.posting import Posted, post
from factcheck.fetch.refusals import (
    FetchFailed,
    FetchRefused,
    FetchTimedOut,
    FetchTooLarge,
    NotTextual,
)
from factcheck.fetch.urls import Address, parse_url

__all__ = [
    "DEFAULT",
    "Address",
    "AddressRefused",
    "FetchFailed",
    "FetchRefused",
    "FetchTimedOut",
    "FetchTooLarge",
    "Fetched",
    "Limits",
    "NotTextual",
    "Posted",
    "canonical_address",
    "check_address",
    "fetch",
    "parse_url",
    "post",
]
