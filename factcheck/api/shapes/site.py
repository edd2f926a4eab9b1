"""The site's own pages and how it looks, as they are sent and answered."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from factcheck.editions.look import Look, Theme, shipped_theme
from factcheck.languages import ENGLISH

Colour = Annotated[str, msgspec.Meta(max_length=20, description="#rrggbb, such as #16181b")]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class SitePageShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of the site's own pages: its address is `/{slug}/`, its text Markdown."""

    slug: str
    title: str
    markdown: str


class SitePages(msgspec.Struct, forbid_unknown_fields=True):
    """A page of the site's own pages."""

    items: list[SitePageShown]
    next: str | None


class SitePageEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A page's new title and Markdown; what is left out stays."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    markdown: Annotated[str, msgspec.Meta(max_length=100_000)] | UnsetType = UNSET


class ThemeShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Colours by day and by night, and the keys of two kinds of type."""

    light_paper: Colour
    light_ink: Colour
    light_accent: Colour
    dark_paper: Colour
    dark_ink: Colour
    dark_accent: Colour
    reading: Key
    around: Key


class LogoGiven(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A PNG or WebP in Base64, at most 512 KiB; `has_name`: the site's name is drawn in it."""

    base64: Annotated[bytes, msgspec.Meta(min_length=1, max_length=512 * 1024)]
    has_name: bool = False


class LookShown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How the site looks; `logo` is the path of its picture, if it has one."""

    name: str
    language: str
    theme: ThemeShown
    logo: str | None


class LookEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be different; null goes back to the theme that ships, or takes the logo away."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    language: Key | UnsetType = UNSET
    theme: ThemeShown | UnsetType | None = UNSET
    logo: LogoGiven | UnsetType | None = UNSET


def theme_given(theme: ThemeShown) -> Theme:
    """Return the theme that was sent, checked by nothing yet."""
    fields = msgspec.structs.asdict(theme)
    reading, around = fields.pop("reading"), fields.pop("around")
    return Theme({key: str(colour).lower() for key, colour in fields.items()}, reading, around)


def look_shown(look: Look) -> LookShown:
    """Return how the site looks."""
    theme = look.theme or shipped_theme()
    return LookShown(
        name=look.name,
        language=look.language or ENGLISH,
        theme=ThemeShown(**theme.colours, reading=theme.reading, around=theme.around),
        logo=look.logo.path if look.logo else None,
    )
