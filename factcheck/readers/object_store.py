"""The object store that the public site is copied to, spoken to over the S3 API.

Its address is `s3://BUCKET/PREFIX`; region, endpoint and credentials are the usual AWS_*
variables, which the library reads by itself. It is imported only where there is such an address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from factcheck.readers.headers import headers_of

if TYPE_CHECKING:
    from obstore.store import S3Store

AT_ONCE = 8  # requests under way
TIMEOUT = timedelta(seconds=30)  # of one request
RETRIES = 2  # of one request; beyond, the job is tried again
KEPT = ("Content-Type", "Cache-Control")  # of a file's headers, what an object keeps


class StoreFailed(OSError):
    """The object store refused, or did not answer; the message is the library's."""


class ObjectStore:
    """The site's copy at an address."""

    def __init__(self, address: str) -> None:
        from obstore.store import S3Store  # noqa: PLC0415 - 15 MB that few installations need

        parts = urlsplit(address)
        with _failing():
            self._store: S3Store = S3Store(
                parts.netloc, prefix=parts.path.strip("/") or None,
                client_options={
                    "timeout": TIMEOUT, "connect_timeout": TIMEOUT / 3,
                    "allow_http": True,  # where the endpoint that is given is one
                },
                retry_config={"max_retries": RETRIES, "retry_timeout": TIMEOUT},
            )  # fmt: skip

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files, several at once, each with what is said with it; raise StoreFailed."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(self._put, files, files.values()):
                pass

    def _put(self, path: str, data: bytes) -> None:
        import obstore  # noqa: PLC0415

        said = dict(headers_of(f"/{path}", path, https=False))
        attributes = {name: said[name] for name in KEPT}
        with _failing():
            obstore.put(self._store, path, data, attributes=attributes, use_multipart=False)

    def delete(self, paths: list[str]) -> None:
        """Remove files, those that are not there too; raise StoreFailed."""
        import obstore  # noqa: PLC0415

        with _failing():
            obstore.delete(self._store, paths)

    def get(self, path: str) -> bytes | None:
        """Return a file's bytes, None where there is none; raise StoreFailed."""
        import obstore  # noqa: PLC0415

        try:
            with _failing():
                return bytes(obstore.get(self._store, path).bytes())
        except StoreFailed as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise

    def listed(self, *, after: str = "") -> Iterator[tuple[str, str]]:
        """Yield (path, the store's ETag without quotes) of every file, in order; raise StoreFailed.

        Only those behind the path `after` where there is one.
        """
        import obstore  # noqa: PLC0415

        with _failing():
            for some in obstore.list(self._store, offset=after or None):
                for one in some:
                    yield one["path"], (one["e_tag"] or "").strip('"')


def etag_of(data: bytes) -> str:
    """Return the ETag that the S3 API gives to what is written at once, unless it encrypts it."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@contextmanager
def _failing() -> Iterator[None]:
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except (BaseError, OSError) as error:
        raise StoreFailed(str(error).partition("\n\nDebug source")[0]) from error
