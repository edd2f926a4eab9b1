"""Roles and scopes: who counts as whom. Pure."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is trusted with; each includes the ones before it."""

    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may do all that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class Scope(StrEnum):
    """What a token may be used for; each includes the ones before it."""

    READ = "read"
    REVIEW = "review"
    EDIT = "edit"
    ADMIN = "admin"

    def includes(self, other: Scope) -> bool:
        """Whether this scope covers all that `other` covers."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


HIGHEST_SCOPE = {Role.REVIEWER: Scope.REVIEW, Role.EDITOR: Scope.EDIT, Role.ADMIN: Scope.ADMIN}
