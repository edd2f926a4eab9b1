"""An S3 API over HTTP on the loopback, for tests, and what the environment says of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3

AWS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
NOBODY = "http://127.0.0.1:9"  # where nobody listens
_numbers = itertools.count(1)


@contextmanager
def serving() -> Iterator[str]:
    """Run a server with a bucket `checks` until the block ends; give its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    base = "http://{}:{}".format(*server.get_host_and_port())
    try:
        assert urllib3.request("PUT", f"{base}/checks").status == 200
        yield base
    finally:
        server.stop()


def new_place() -> str:
    """Return an address in the bucket that no other test has."""
    return f"s3://checks/site-{next(_numbers)}"
