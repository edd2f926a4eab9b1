"""One-time codes: those that RFC 6238 gives, each taken once and only around its step."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from factcheck.accounts import codes

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", appendix B
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SECRETS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(seconds, code):
    now = datetime.fromtimestamp(seconds, UTC)

    assert codes.accepted_step(RFC_SECRET, code, after=0, now=now) == seconds // 30


@given(SECRETS, MOMENTS, st.integers(-4, 4))
def test_a_code_is_taken_one_step_around_its_own_and_no_further(secret, now, drift):
    present = codes.step_of(now)
    code = pyotp.HOTP(secret).at(present + drift)
    near = {pyotp.HOTP(secret).at(present + step): present + step for step in (1, 0, -1)}

    assert codes.accepted_step(secret, code, after=0, now=now) == near.get(code)


@given(SECRETS, MOMENTS, st.integers(-1, 1))
def test_a_code_is_never_taken_after_its_own_step_was(secret, now, drift):
    step = codes.step_of(now) + drift
    code = pyotp.HOTP(secret).at(step)
    for seconds in range(-90, 91, 15):
        moment = now + timedelta(seconds=seconds)
        later = codes.accepted_step(secret, code, after=step, now=moment)
        assert later is None or (later > step and pyotp.HOTP(secret).at(later) == code)


@given(MOMENTS, st.text(max_size=12))
def test_what_is_not_six_digits_is_no_code(now, typed):
    if not re.fullmatch("[0-9]{6}", typed):
        assert codes.accepted_step(RFC_SECRET, typed, after=0, now=now) is None


def test_recovery_codes_differ_and_are_known_however_they_are_typed():
    made = {codes.new_recovery_code() for _ in range(200)}
    assert len(made) == 200
    for code in made:
        assert re.fullmatch("([a-z2-7]{4}-){3}[a-z2-7]{4}", code)
        assert codes.plain(code) == codes.plain(f" {code.replace('-', ' ').upper()}\n")


def test_an_app_is_told_the_secret_the_person_and_the_service():
    secret = codes.new_app_secret()
    address = urlsplit(codes.app_address(secret, email="ada@example.org", service="check.example"))

    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/check.example:ada%40example.org"
    assert parse_qs(address.query)["secret"] == [secret]
    assert len(secret) == 32


@pytest.mark.parametrize("length", [1, 60, 300])
def test_the_drawing_is_the_qr_code_with_its_quiet_zone(length):
    drawing = codes.drawn(address := "otpauth://totp/" + "x" * length)
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", drawing.path)
    dark = {(int(x) + n, int(y)) for x, y, width, _ in runs for n in range(int(width))}
    rows = segno.make(address, micro=False, error="m").matrix_iter(border=4)

    assert "".join(f"M{x} {y}h{w}v1h-{back}z" for x, y, w, back in runs) == drawing.path
    assert all(width == back for *_, width, back in runs)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, bit in enumerate(row) if bit}
    assert max(x for x, _ in dark) == drawing.side - 1 - codes.QUIET_ZONE
