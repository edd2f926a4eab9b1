"""Doing one thing with many claims: looked at first, each claim by itself, and undone as one."""
