"""Lists of words, written as one string so that they can be read and kept in order."""


def words(listed: str) -> frozenset[str]:
    """Return the words of a string, parted by white space."""
    return frozenset(listed.split())
