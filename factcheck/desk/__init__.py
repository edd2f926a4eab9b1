"""Signed-in pages that span rooms: an article with its claims, and the editors' overview."""
