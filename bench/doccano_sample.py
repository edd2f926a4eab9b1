"""Puts one annotated document into a doccano of its own; run by doccano's Python, not by ours.

Reads {text, places} from standard input, and prints {folder, path, cookie} as its last line.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

FOLDER = Path(importlib.util.find_spec("backend").submodule_search_locations[0])


def main() -> None:
    """Make the database, a project, the document with a span for each place, and a session."""
    given = json.load(sys.stdin)
    sys.path.insert(0, str(FOLDER))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    os.environ["STANDALONE"] = "True"
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("create_roles", verbosity=0)
    user = get_user_model().objects.create_superuser("bench", "bench@bench.example", "bench")
    path = f"/v1/projects/{project_of(user)}/examples/{document_of(user, given)}/spans"
    client = Client()
    client.force_login(user)
    cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    print(json.dumps({"folder": str(FOLDER), "path": path, "cookie": cookie}))


def project_of(user: object) -> int:
    """Return the number of the project, made if there is none."""
    from projects.models import Project, SequenceLabelingProject

    if not Project.objects.exists():
        SequenceLabelingProject.objects.create(
            name="bench", project_type="SequenceLabeling", created_by=user
        ).add_admin()
    return Project.objects.get().id


def document_of(user: object, given: dict) -> int:
    """Return the number of the document, made with its spans."""
    from examples.models import Example
    from label_types.models import SpanType
    from labels.models import Span

    project = project_of(user)
    label = SpanType.objects.create(project_id=project, text="claim")
    example = Example.objects.create(project_id=project, text=given["text"])
    Span.objects.bulk_create(
        Span(example=example, user=user, label=label, start_offset=start, end_offset=end)
        for start, end in given["places"]
    )
    return example.id


if __name__ == "__main__":
    main()
