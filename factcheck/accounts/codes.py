"""One-time codes, pure: those of an authenticator app (TOTP, RFC 6238), and recovery codes.

An app and the service reckon the same six digits from a shared secret and the number of 30-second
steps since 1970. Clocks differ, so the codes of the step before and the step after are taken too.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno

STEP_S = 30
DRIFT = 1  # steps by which an app's clock may be wrong, either way
RECOVERY_CODES = 10
QUIET_ZONE = 4  # modules of white around a QR code, as its standard asks
_APP_CODE = re.compile(r"[0-9]{6}")


def new_app_secret() -> str:
    """Return 160 random bits in base32, to be shared with an app (RFC 4226, section 4)."""
    return pyotp.random_base32()


def step_of(now: datetime) -> int:
    """Return the number of the 30-second step that `now` lies in."""
    return int(now.timestamp()) // STEP_S


def accepted_step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the step that `code` is of, or None where it is of none that may be taken.

    That is the last step, the present or the next one, and later than `after`, the step of the code
    taken before.
    """
    if not _APP_CODE.fullmatch(code):
        return None
    present = step_of(now)
    for step in range(max(present - DRIFT, after + 1), present + DRIFT + 1):
        if hmac.compare_digest(pyotp.HOTP(secret).at(step), code):
            return step
    return None


def app_address(secret: str, *, email: str, service: str) -> str:
    """Return the otpauth:// address by which an app takes over the secret, named for `service`."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=email, issuer_name=service)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as the path of its dark modules in a square of `side` modules."""

    side: int
    path: str


def drawn(address: str) -> Drawing:
    """Return the QR code of `address`, each row's runs of dark modules as rectangles."""
    rows = segno.make(address, micro=False, error="m").matrix
    parts = []
    for y, row in enumerate(rows, start=QUIET_ZONE):
        for run in re.finditer(b"\x01+", bytes(row)):
            width = run.end() - run.start()
            parts.append(f"M{run.start() + QUIET_ZONE} {y}h{width}v1h-{width}z")
    return Drawing(len(rows) + 2 * QUIET_ZONE, "".join(parts))


def new_recovery_code() -> str:
    """Return 80 random bits in base32, in four groups of four to be copied by hand."""
    text = base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def plain(typed: str) -> str:
    """Return a code as it is compared: without spaces and hyphens, in lower case."""
    return "".join(typed.split()).replace("-", "").lower()
