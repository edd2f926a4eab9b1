"""The application for any WSGI server."""

from factcheck.app import create_app

app = create_app()
