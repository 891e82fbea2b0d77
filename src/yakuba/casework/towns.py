"""The name of a municipality as screens show it."""

from functools import cache

from yakuba.casework.notices.letterheads import NoLetterhead, letterhead


@cache
def town_name(municipality: str) -> str:
    """葉山町; the code where no letterhead names it."""
    try:
        return letterhead(municipality).town.ja
    except NoLetterhead:
        return municipality
