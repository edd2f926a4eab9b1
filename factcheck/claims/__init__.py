"""Triage: which words of an article are claims to be checked, and the life of each claim."""
