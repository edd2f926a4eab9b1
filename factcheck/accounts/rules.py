"""Roles and scopes: who counts as whom; and what people may say of themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from factcheck import languages
from factcheck.failures import Invalid

LONGEST_NAME = 200  # characters
LONGEST_WORDS = 100  # characters of one field of knowledge, or of one article's slug
MOST_WORDS = 50  # of either
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")


class Role(StrEnum):
    """What a person is trusted with; each includes the ones before it.

    A newcomer registered by themselves and may practise, until an editor lets them in.
    """

    NEWCOMER = "newcomer"
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


class AdminChangeKind(StrEnum):
    """What is done to an account that takes two admins where one is concerned."""

    ROLE = "role"
    DISABLE = "disable"
    ENABLE = "enable"
    RESET_LINK = "reset-link"
    SECOND_FACTOR_OFF = "second-factor-off"


HIGHEST_SCOPE = {
    Role.NEWCOMER: Scope.READ,  # of nothing yet: every call asks for more
    Role.REVIEWER: Scope.REVIEW,
    Role.EDITOR: Scope.EDIT,
    Role.ADMIN: Scope.ADMIN,
}
GIVEN_ROLES = tuple(role for role in Role if role is not Role.NEWCOMER)  # that admins give


def checked_name(name: str) -> str:
    """Return the name without needless white space; raise Invalid("name", …)."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid("name", "Give a name of 1 to %(longest)s characters.", longest=LONGEST_NAME)
    return name


def checked_role(role: str) -> Role:
    """Return the role of that name, if admins give it; raise Invalid("role", …)."""
    if role not in GIVEN_ROLES:
        raise Invalid("role", "A role is one of %(roles)s.", roles=", ".join(GIVEN_ROLES))
    return Role(role)


def checked_language(key: str | None) -> str | None:
    """Return the key of a language that pages can be in, or None; raise Invalid("language", …)."""
    if key is not None and key not in languages.known():
        raise Invalid("language", "Choose one of the languages.")
    return key


def checked_languages(wanted: Iterable[str]) -> list[str]:
    """Return language codes (BCP 47) in lower case, each once; raise Invalid("languages", …)."""
    codes = checked_words("languages", (language.lower() for language in wanted))
    for code in codes:
        if not _LANGUAGE.fullmatch(code):
            raise Invalid(
                "languages", "%(code)s is no language code, such as en or pt-br.", code=repr(code)
            )
    return codes


def checked_words(field: str, entries: Iterable[str]) -> list[str]:
    """Return short entries without needless white space, each once; raise Invalid(field, …)."""
    words = list(dict.fromkeys(" ".join(entry.split()) for entry in entries))
    words = [word for word in words if word]
    if len(words) > MOST_WORDS:
        raise Invalid(field, "Give at most %(most)s.", most=MOST_WORDS)
    if any(len(word) > LONGEST_WORDS or not word.isprintable() for word in words):
        raise Invalid(
            field,
            "Each has at most %(longest)s characters, all of them visible.",
            longest=LONGEST_WORDS,
        )
    return words
