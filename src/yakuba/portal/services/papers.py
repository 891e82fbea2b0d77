"""The number on a printed form: what it is made of, and the draft it leads to.

The number is that of the application the draft will become. Whoever holds the paper reads what is on it anyway, so the
number opens the draft, but only one that was begun without sign-in: a signed-in resident's draft is the resident's.
"""

import unicodedata

from yakuba.base.ids import receipt_number
from yakuba.portal.models import Draft
from yakuba.portal.visitors import Visitor


def number(draft: Draft) -> str:
    """The number of the draft's paper; from now on it leads back."""
    if not draft.code:
        draft.code = receipt_number(draft.id)
        draft.save(update_fields=["code"])
    return draft.code


def marked(municipality: str, procedure: str, version: str, code: str) -> str:
    """What the square code says: for which form in which version the paper is, and whose draft. Nothing personal."""
    return ":".join(("yakuba", municipality, procedure, version, code or "blank"))


def as_number(typed: str) -> str:
    """What was typed as a number: any width and case, with or without hyphens."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", typed).upper() if each.isalnum())
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def open_with(code: str, who: Visitor) -> Draft | None:
    """The draft with this number, opened in this browser; ``None`` where there is none, or it is somebody's own."""
    draft = Draft.objects.select_for_update().filter(code=code).first()
    if draft is None or (draft.owner and draft.owner != who.owner):
        return None
    draft.browser = who.browser
    if who.assisted:
        draft.assisted = who.assisted
    draft.save(update_fields=["browser", "assisted"])
    return draft
