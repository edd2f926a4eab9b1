"""Deciding: what a round's reviews come to, and the verdict that an editor makes ready."""
