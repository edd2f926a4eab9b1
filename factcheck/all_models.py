"""Every table in one place, for migrations and for tests; nothing else imports it."""

from __future__ import annotations

import factcheck.accounts.events
import factcheck.accounts.models
import factcheck.api.models
import factcheck.articles.models
import factcheck.checks.models
import factcheck.claims.facets
import factcheck.claims.models
import factcheck.decisions.models
import factcheck.desk.bulk.batches
import factcheck.desk.saved
import factcheck.desk.triage.steps
import factcheck.editions.models
import factcheck.inbox.models
import factcheck.methods.models
import factcheck.notices.models
import factcheck.outbox
import factcheck.reviews.models
import factcheck.runs.models
import factcheck.webhooks.models  # noqa: F401
from factcheck.db import Base

metadata = Base.metadata
