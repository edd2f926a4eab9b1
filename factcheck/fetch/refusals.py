"""What can go wrong when an address is fetched, each as a sentence for the person who typed it.

All of them are `Invalid` for the field "url": a form shows the sentence beside that field.
"""

from __future__ import annotations

from factcheck.failures import Invalid


class FetchRefused(Invalid):
    """The address, or one it leads to, must not be opened; nothing was sent to it."""

    def __init__(self, sentence: str, /, **values: str | int) -> None:
        super().__init__("url", sentence, **values)


class FetchFailed(Invalid):
    """The site was not reached or answered with no page; `status` is its HTTP status, 0 if none."""

    def __init__(self, sentence: str, /, *, status: int = 0, **values: str | int) -> None:
        super().__init__("url", sentence, **values)
        self.status = status


class NoSuchSite(FetchFailed):
    """No address is known for the name of the site."""

    code = "fetch_failed"


class FetchTooLarge(Invalid):
    """The page is larger, once unpacked, than this service reads."""

    def __init__(self, sentence: str, /, **values: str | int) -> None:
        super().__init__("url", sentence, **values)


class FetchTimedOut(Invalid):
    """The page did not arrive whole within the time allowed for everything together."""

    def __init__(self, sentence: str, /, **values: str | int) -> None:
        super().__init__("url", sentence, **values)


class NotTextual(Invalid):
    """What lies at the address is no text: a PDF, a picture, a program."""

    def __init__(self, sentence: str, /, **values: str | int) -> None:
        super().__init__("url", sentence, **values)
