"""The language of the public site: one for every reader, since its files are the same for all.

Its words are in the catalogue template like all others; `CATALOGUE` is what they are looked up in.
"""

from __future__ import annotations

from gettext import NullTranslations

LANGUAGE = "en"
CATALOGUE = NullTranslations()
gettext, ngettext = CATALOGUE.gettext, CATALOGUE.ngettext
