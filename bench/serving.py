"""T10 and T11: a published page from the service and from the folder, beside nginx and a copy.

The folder is served by the configuration that we ship, with all its headers; the copy by nginx's
own words for sending a compressed file, and nothing else.

Requests a second move with whatever else the machine does, so base and target take turns, and each
window of the target is held against the two of the base around it. nginx sends the same compressed
bytes as the service does; where it does not, there is nothing to compare and the figure has failed.
What surprises: where other work takes the cores, nginx does not come to its limit and the ratio is
too good, so that it is printed but not judged.
"""

from __future__ import annotations

import gzip
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.figures import ROUNDS, Figure, no_data, spread
from bench.loopback import (
    GZIP,
    Load,
    NotHere,
    Server,
    WrongAnswers,
    free_port,
    get,
    load,
    nginx,
    running,
    service,
    shipped,
    tool,
)
from bench.sample import ADDED, ENVIRONMENT, SLUG, page_of_the_bench, publish_again
from bench.shared_data import ROOT

MOST_OTHERS_CORES = 0.3  # busy with other work in any window; beyond, rates tell nothing
PATH = f"/articles/{SLUG}/"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure before it is taken: what it is, and the least ratio that is good enough."""

    target: str
    name: str
    least: float

    @property
    def goal(self) -> str:
        """The goal in words."""
        return f">= {self.least:g}"


@dataclass(frozen=True, slots=True)
class Ground:
    """What is measured on: the page on the site, its copy elsewhere, and where each is served."""

    data: Path
    page: Path
    copy: Path
    nginx: Server
    copy_url: str
    folder_url: str

    @property
    def packed(self) -> bytes:
        """The page as it is sent to those who take gzip."""
        return packed(self.page).read_bytes()


@dataclass(frozen=True, slots=True)
class Beside:
    """What rounds came to: target / base in requests a second, sorted; medians of the rest."""

    shares: list[float]
    base_per_s: float
    cpu_share: float  # CPU seconds of a request, target / base; 0 where it cannot be told
    others_cores: float  # busy with neither server nor wrk, in the worst window


WHOLE = {
    clients: Line("T10", f"page from the service / nginx, {clients} clients", least)
    for clients, least in {8: 0.20, 64: 0.30}.items()
}
UNCHANGED = {
    clients: Line("T10", f"304 from the service / nginx, {clients} clients", 0.5)
    for clients in (8, 64)
}
RENDERED = Line("T10", "page from the service / rendered for each request", 50)
FOLDER = Line("T11", "nginx on the site's folder / on a copy, 8 clients", 0.95)
STOPPED = Line("T11", "the same with the service stopped", 0.95)
_OF_THE_SERVICE = (*WHOLE.values(), *UNCHANGED.values(), RENDERED, FOLDER)
NEW_AT_ONCE = ("T10", "the first answer after publishing is the new one, with a new ETag", "yes")


def figures() -> Iterable[Figure]:
    """Yield the service against nginx and against rendering, then nginx on the site's folder."""
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as name, ExitStack() as stack:
        port = free_port()
        try:
            ground = stack.enter_context(_ground(Path(name), port))
        except NotHere as why:
            yield from _missing((*_OF_THE_SERVICE, STOPPED), str(why))
            yield no_data(*NEW_AT_ONCE, str(why))
            return
        yield from _with_the_service(ground, port)
        yield taken(STOPPED, partial(of_the_folder, ground))


def of_the_page(ground: Ground, ours: Server, clients: int) -> Beside:
    """Compare the whole page from the service with the same from nginx."""
    for base in (ground.copy_url, ours.base):
        _check_whole(base, ground)
    return beside(
        partial(load, ground.nginx, ground.copy_url + PATH, clients=clients, headers=GZIP),
        partial(load, ours, ours.base + PATH, clients=clients, headers=GZIP),
    )


def of_the_unchanged(ground: Ground, ours: Server, clients: int) -> Beside:
    """Compare the answers to callers who have the page already: each server is told its ETag."""
    known = [_check_unchanged(base) for base in (ground.copy_url, ours.base)]
    return beside(
        partial(load, ground.nginx, ground.copy_url + PATH, clients=clients, headers=known[0]),
        partial(load, ours, ours.base + PATH, clients=clients, headers=known[1]),
    )


def of_the_rendered(ground: Ground, ours: Server) -> Beside:
    """Compare the page from the service with a Flask view that renders it, 8 clients each."""
    port = free_port()
    command = [sys.executable, "-m", "bench.rendered", str(port)]
    settings = {"FACTCHECK_DATA": str(ground.data), "PYTHONPATH": str(ROOT), **ENVIRONMENT}
    address = f"http://127.0.0.1:{port}/"
    with running("the view", command, ready=[address], environment=settings) as rendering:
        if get(address, {}).body != ground.page.read_bytes():
            raise WrongAnswers("the page rendered is not the page published")
        return beside(
            partial(load, rendering, address, clients=8, headers=GZIP),
            partial(load, ours, ours.base + PATH, clients=8, headers=GZIP),
        )


def of_the_folder(ground: Ground) -> Beside:
    """Compare nginx on the site's own folder with nginx on a copy of the page, 8 clients."""
    _copy(ground.page, ground.copy)
    for base in (ground.copy_url, ground.folder_url):
        _check_whole(base, ground)
    return beside(
        partial(load, ground.nginx, ground.copy_url + PATH, clients=8, headers=GZIP),
        partial(load, ground.nginx, ground.folder_url + PATH, clients=8, headers=GZIP),
    )


def new_at_once(ground: Ground, ours: Server) -> Figure:
    """Publish an edition while the service runs, and ask for the page at once."""
    before = get(ours.base + PATH)
    publish_again(ground.data)
    after = get(ours.base + PATH)
    is_new = after.etag not in {"", before.etag} and ADDED.encode() in gzip.decompress(after.body)
    return Figure(*NEW_AT_ONCE[:2], "yes" if is_new else "no", NEW_AT_ONCE[2], is_new)


def _with_the_service(ground: Ground, port: int) -> Iterator[Figure]:
    with ExitStack() as stack:
        try:
            ours = stack.enter_context(service(ground.data, port, ENVIRONMENT))
        except NotHere as why:
            yield from _missing(_OF_THE_SERVICE, str(why))
            yield no_data(*NEW_AT_ONCE, str(why))
            return
        for clients, line in WHOLE.items():
            yield taken(line, partial(of_the_page, ground, ours, clients))
        for clients, line in UNCHANGED.items():
            yield taken(line, partial(of_the_unchanged, ground, ours, clients))
        yield taken(RENDERED, partial(of_the_rendered, ground, ours))
        yield taken(FOLDER, partial(of_the_folder, ground))
        yield new_at_once(ground, ours)


def _missing(lines: Iterable[Line], why: str) -> Iterator[Figure]:
    return (no_data(line.target, line.name, line.goal, why) for line in lines)


def taken(line: Line, take: Callable[[], Beside]) -> Figure:
    """Return the figure, judged by its median unless others were busy; no data without a tool."""
    try:
        found = take()
    except NotHere as why:
        return no_data(line.target, line.name, line.goal, str(why))
    except WrongAnswers as why:
        return Figure(line.target, line.name, str(why), line.goal, passed=False)
    measured = spread(found.shares)
    if found.cpu_share:
        measured += f"; CPU a request x {found.cpu_share:.2g}"
    passed: bool | None = statistics.median(found.shares) >= line.least
    if found.others_cores > MOST_OTHERS_CORES:
        measured += f"; not judged: other work took up to {found.others_cores:.1f} cores"
        passed = None
    rival = f"{found.base_per_s:,.0f}/s here"
    return Figure(line.target, line.name, measured, line.goal, passed, rival)


def beside(base: Callable[..., Load], target: Callable[..., Load]) -> Beside:
    """Let both take turns, base first and last, after a second each to warm up."""
    base(window_s=1)
    target(window_s=1)
    bases, targets = [base()], []
    for _ in range(ROUNDS):
        targets.append(target())
        bases.append(base())
    shares = [
        one.requests_per_s / statistics.mean((before.requests_per_s, after.requests_per_s))
        for before, one, after in zip(bases, targets, bases[1:], strict=False)
    ]
    base_cpu_s = statistics.median(one.cpu_s for one in bases)
    target_cpu_s = statistics.median(one.cpu_s for one in targets)
    return Beside(
        sorted(shares),
        statistics.median(one.requests_per_s for one in bases),
        target_cpu_s / base_cpu_s if base_cpu_s else 0.0,
        max(one.others_cores for one in (*bases, *targets)),
    )


def _check_whole(base: str, ground: Ground) -> None:
    answer = get(base + PATH)
    if answer.status != 200 or answer.encoding != "gzip" or answer.body != ground.packed:
        raise WrongAnswers(f"not the compressed page: {answer.status} {answer.encoding or 'plain'}")


def _check_unchanged(base: str) -> dict[str, str]:
    """Return the headers of a caller who has the page; raise WrongAnswers unless they get a 304."""
    known = {**GZIP, "If-None-Match": get(base + PATH).etag}
    if (status := get(base + PATH, known).status) != 304:
        raise WrongAnswers(f"{status} and not 304 to its own ETag")
    return known


@contextmanager
def _ground(folder: Path, service_port: int) -> Iterator[Ground]:
    """Publish the page, and run nginx on its site and on a copy of it; raise NotHere."""
    tool("wrk")
    tool("nginx")
    page = page_of_the_bench(folder / "data")
    site, copy = page.parents[2], folder / "copy"
    _copy(page, copy)
    ports = free_port(), free_port()
    sites = {ports[0]: f"root {copy}; gzip_static on;"}
    ours = shipped(site, ports[1], service_port)
    copy_url, folder_url = (f"http://127.0.0.1:{port}" for port in ports)
    with nginx(folder / "nginx", sites, ours) as server:
        yield Ground(folder / "data", page, copy, server, copy_url, folder_url)


def _copy(page: Path, folder: Path) -> None:
    target = folder / PATH.strip("/")
    target.mkdir(parents=True, exist_ok=True)
    for file in (page, packed(page)):
        shutil.copy2(file, target)


def packed(page: Path) -> Path:
    """Return the file beside a page that holds it compressed by gzip."""
    return page.with_name(page.name + ".gz")
