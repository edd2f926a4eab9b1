"""Passwords, and secrets that work like them: made at random, kept as digests only.

Passwords are hashed with Argon2id at the library's defaults (RFC 9106's low-memory choice); random
secrets of 80 bits and more need no slow hash, so sessions, links, tokens and recovery codes are
kept as SHA-256. What must be read again is sealed with the service's key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken

from factcheck.failures import Invalid

SHORTEST_PASSWORD = 10  # characters
LONGEST_PASSWORD = 1000
_TOO_COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "qwertyuiop",
        "1q2w3e4r5t",
        "passwordpassword",
        "password12",
        "password123",
        "password1234",
        "iloveyou123",
        "qwerty12345",
        "1234567891",
        "abcdefghij",
        "abcd1234567",
        "letmein1234",
        "welcome1234",
        "administrator",
        "changeme123",
        "factcheck1",
        "factcheck123",
        "qwertyuiop123",
        "sunshine123",
        "football123",
        "princess123",
    }
)
_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(2)  # each hash takes 64 MiB: many at once would fill the memory


class WeakPassword(Invalid):
    """The password is too short, too long, too common, or the address itself."""


def new_secret() -> str:
    """Return 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256, in hex, under which a random secret is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_digest(key: str, value: str) -> str:
    """Return a digest of `value` that nobody can make or guess without `key`."""
    return hmac.new(key.encode(), value.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


class BrokenSeal(ValueError):
    """It was sealed with another key or for another purpose, or was changed since."""


def sealed(key: str, purpose: str, value: str) -> str:
    """Return `value` encrypted (Fernet), to be read with the same `key` for the same purpose."""
    return _box(key, purpose).encrypt(value.encode()).decode("ascii")


def unsealed(key: str, purpose: str, kept: str) -> str:
    """Return the value behind what `sealed` returned; raise BrokenSeal."""
    try:
        return _box(key, purpose).decrypt(kept.encode("utf-8", "surrogatepass")).decode()
    except InvalidToken:
        raise BrokenSeal("sealed with another key, or changed since") from None


def _box(key: str, purpose: str) -> Fernet:
    own = hmac.new(key.encode(), f"seal:{purpose}".encode(), "sha256").digest()
    return Fernet(base64.urlsafe_b64encode(own))


def checked_password(password: str, email: str) -> str:
    """Return `password` if it may be used; raise WeakPassword with a sentence if not."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(
            "password", "Use at least %(shortest)s characters.", shortest=SHORTEST_PASSWORD
        )
    if len(password) > LONGEST_PASSWORD:
        raise WeakPassword(
            "password", "Use at most %(longest)s characters.", longest=LONGEST_PASSWORD
        )
    plain = password.strip().lower()
    if plain in _TOO_COMMON or len(set(plain)) < 4:
        raise WeakPassword("password", "This password is too easy to guess.")
    if email.partition("@")[0] == plain or email == plain:
        raise WeakPassword("password", "The password must not be your address.")
    return password


def hash_password(password: str) -> str:
    """Return the Argon2id hash of `password`."""
    with _turns:
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def password_matches(password: str, stored: str | None) -> bool:
    """Return whether `password` is the one behind `stored`.

    Without a stored hash the same work is done and the answer is no, so that the time taken tells
    nothing about which accounts there are.
    """
    against = stored or _nobodys_hash()
    try:
        with _turns:
            matches = _hasher.verify(against, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def needs_rehash(stored: str) -> bool:
    """Return whether `stored` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_hex(16))
