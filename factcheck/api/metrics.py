"""`/metrics` in Prometheus' text format: for who asks from this very machine, or has a token.

A proxy on the machine makes everybody a caller from here. So an address is believed only where no
header tells of a proxy, and the service is either told how many there are (those say for whom they
ask) or has a public address on this machine, where none can stand in front for others. The figures
tell how many jobs wait, and so that somebody just answered: no reviewer's token reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from factcheck import clock
from factcheck.accounts.rules import Role, Scope
from factcheck.api.calls import Needs
from factcheck.api.dispatch import limiter
from factcheck.api.problems import Refusal, problem
from factcheck.api.tokens import caller
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.desk.figures import Figures, figures
from factcheck.web.access import Caller, access

NEEDS = Needs(Role.ADMIN, Scope.READ)
FORWARDED = (
    "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_SERVER", "HTTP_X_REAL_IP",
)  # fmt: skip
Line = tuple[str, float]
bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@access(Caller.TOKEN)
def metrics() -> ResponseReturnValue:
    """Send the figures of now."""
    now = clock.now()
    if not is_from_here(request.environ, current_app.extensions["factcheck"]):
        authorization = request.headers.get("Authorization")
        person = caller(current_session(), authorization, NEEDS, now=now)
        with limiter.counted(person.id, now=now):
            return _sent(figures(current_session(), now=now))
    return _sent(figures(current_session(), now=now))


@bp.errorhandler(Refusal)
def refuse(refusal: Refusal) -> ResponseReturnValue:
    """Answer as the API does: problem+json, and what to send instead."""
    return problem(refusal)


def is_from_here(environ: Mapping[str, Any], settings: Settings) -> bool:
    """Whether a request was made on this machine by whoever gets the answer."""
    if any(name in environ for name in FORWARDED):
        return False
    host = urlsplit(settings.public_url).hostname or ""
    if not settings.trusted_proxies and not _is_loopback(host):
        return False
    peer = environ.get("werkzeug.proxy_fix.orig", environ).get("REMOTE_ADDR", "")
    return _is_loopback(peer)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sent(found: Figures) -> Response:
    return Response(in_text(found), content_type="text/plain; version=0.0.4; charset=utf-8")


def in_text(found: Figures) -> str:
    """Return the figures in Prometheus' text format."""
    lines: list[str] = []
    for name, kind, told, values in _series(found):
        lines += [f"# HELP factcheck_{name} {told}", f"# TYPE factcheck_{name} {kind}"]
        lines += [f"factcheck_{name}{labels} {value}" for labels, value in values]
    return "\n".join(lines) + "\n"


def _series(found: Figures) -> Iterator[tuple[str, str, str, list[Line]]]:
    yield "jobs_waiting", "gauge", "Jobs that are due or are tried again.", [
        ("", found.jobs_waiting)]  # fmt: skip
    yield "jobs_failed", "gauge", "Jobs that were given up.", [("", found.jobs_failed)]
    yield "oldest_job_seconds", "gauge", "For how long the oldest of the jobs waits.", [
        ("", found.oldest_job_s)]  # fmt: skip
    yield "claims", "gauge", "Claims by state.", _labelled("state", found.claims)
    yield "people", "gauge", "People who may sign in, by role.", _labelled("role", found.people)
    yield "editions_total", "counter", "Editions published.", [("", found.editions)]
    yield "corrections_total", "counter", "Editions that corrected one before.", [
        ("", found.corrections)]  # fmt: skip
    yield "editions_unwritten", "gauge", "Editions whose pages are not all on disk.", [
        ("", found.unwritten)]  # fmt: skip
    yield "followers", "gauge", "Addresses that follow corrections.", [("", found.followers)]
    yield "letters_open", "gauge", "Readers' letters without an answer.", [("", found.letters)]


def _labelled(label: str, counts: Mapping[str, int]) -> list[Line]:
    return [(f'{{{label}="{key}"}}', count) for key, count in counts.items()]
