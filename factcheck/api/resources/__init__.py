"""The calls, by what they are about. Importing this package fills the table of calls."""

from factcheck.api.resources import (  # noqa: F401 - each enters its calls
    articles,
    batches,
    checks,
    claims,
    decisions,
    editions,
    exports,
    jobs,
    methods,
    overview,
    people,
    queue,
    reviews,
    search,
    sources,
    stuck,
    talk,
    webhooks,
)
