"""What every test would pay for anew, though the outcome is the same: paid once a worker, or less.

Half of the suite's time went into three things: werkzeug compiles what builds addresses each time
the service is made, Jinja compiles each template again for each service, and a password's hash is
dear on purpose. None of it is what the tests are about.
"""

from __future__ import annotations

import argon2
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from factcheck.accounts import secrets

HASHER_OF_THE_SERVICE = secrets._hasher


def prepare() -> None:
    """Make the service quick to start and passwords quick to check, in this process."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}
    Rule._compile_builder = _builder
    secrets._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)


class _Compiled(BytecodeCache):
    """Compiled templates, by their source; they hold nothing of the service that they serve."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._codes.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_builders: dict[tuple[object, ...], object] = {}
_compile = Rule._compile_builder


def _builder(rule: Rule, append_unknown: bool = True) -> object:
    """Return what builds the addresses of `rule`: its words and defaults are all that counts."""
    key = (rule.rule, rule.subdomain, repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]
