"""The calls, by what they are about. Importing this package fills the table of calls."""

from factcheck.api.resources import (  # noqa: F401 - each enters its calls
    accounts,
    articles,
    batches,
    checks,
    claims,
    decisions,
    editions,
    jobs,
    methods,
    overview,
    own,
    people,
    queue,
    reviews,
    search,
    site,
    sources,
    stuck,
    talk,
    webhooks,
)
