"""The desk's list: filters, search, and pages by key, each one range of one index.

Conditions are equalities and ranges on columns of the case itself. Under row-level security PostgreSQL lets only
leak-proof operators use an index before the policy; ``LIKE`` and array operators are none, so names are searched
as a range of their folded form. Pages follow the last row's key: page 1,000 costs what page 1 costs.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from yakuba.casework.models import Case
from yakuba.casework.workflow import STATUS_NAMES, Status
from yakuba.registers.keys import is_kana, kana_key, name_key
from yakuba.registers.variants import national_variants

PAGE = 50
_HIGHEST = "\U0010ffff"
_RECEIPT = re.compile(r"[0-9A-Z]{4}-?[0-9A-Z]{4}-?[0-9A-Z]{4}")
_CONFUSED = str.maketrans("OIL", "011")  # a receipt number has no O, I, L (Crockford's base 32)

VIEWS: dict[str, str] = {
    "open": "処理中すべて",
    "mine": "自分の担当",
    "manual": "本人確認待ち",
    "revocation": "失効確認待ち",
    "received": "受付済",
    "in_review": "審査中",
    "correction": "補正待ち",
    "proposed": "決裁待ち",
    "overdue": "期限切れ",
    "due_soon": "期限間近",
    "done": "処理済み",
}
FLAGS: dict[str, str] = {
    "name_may_differ": "異体字の可能性",
    "proxy": "代理申請",
    "counter": "書かない窓口",
    "by_household": "世帯員による申請",
    "form_problems": "記入の不備",
    "unknown_form": "様式不明",
    "attachment_refused": "無害化できない添付",
    "second_signature_wrong": "もう一人の署名を確認",
    "second_signature_missing": "もう一人の署名なし",
    "notice_by_hand": "通知書は手作業",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the clerk asks to see."""

    view: str = "open"
    procedure: str = ""
    flag: str = ""
    text: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From the address line; what is not known is left out."""
        view = query.get("view", "open")
        text, flag = query.get("q", "").strip()[:100], query.get("flag", "")
        # flags mark what is still to be looked at: the list of what is done has none to offer
        offered = flag in FLAGS and (view != "done" or bool(text))
        return cls(
            view if view in VIEWS else "open",
            query.get("procedure", "")[:64],
            flag if offered else "",
            text,
            query.get("after", "")[:200],
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; ``next`` is the key of the following one, empty on the last."""

    cases: list[Case]
    next: str
    order: str
    facts: dict[str, str] = field(default_factory=dict)


def page(wanted: Wanted, municipality: str, staff_id: UUID, size: int = PAGE) -> Page:
    """The page of the list the clerk asks for."""
    by_newest = bool(wanted.text) or wanted.view == "done"
    rows = _filtered(wanted, municipality, staff_id)
    rows = _after(rows, wanted.after, by_newest)
    order = ("-submitted_at", "-id") if by_newest else ("due_sort", "id")
    found = list(rows.select_related("assigned_to").order_by(*order)[: size + 1])
    following = key_of(found[size - 1], by_newest) if len(found) > size else ""
    return Page(found[:size], following, "newest" if by_newest else "due")


def counts(municipality: str, staff_id: UUID, procedure: str = "", most: int = 300) -> dict[str, str]:
    """How many cases each view holds, counted up to ``most`` (beyond it: ``300+``), so that counting stays cheap;
    of one ``procedure``, or of all."""
    shown = {}
    for view in VIEWS:
        if view == "done":
            continue
        number = _filtered(Wanted(view, procedure), municipality, staff_id).order_by()[: most + 1].count()
        shown[view] = f"{most}+" if number > most else str(number)
    return shown


def _filtered(wanted: Wanted, municipality: str, staff_id: UUID) -> QuerySet[Case]:
    # the policy compares the municipality as well; saying it here lets the planner see a constant
    rows = Case.objects.filter(municipality=municipality)
    if wanted.text:
        rows = rows.filter(search_condition(wanted.text))
    else:
        rows = rows.filter(_view_condition(wanted.view, staff_id))
    if wanted.procedure:
        rows = rows.filter(procedure=wanted.procedure)
    if wanted.flag:
        # cases in progress only: an array's elements have no index that row-level security lets the planner use, so
        # the few flagged open ones are read through theirs
        rows = rows.filter(is_open=True, flagged=True, flags__contains=[wanted.flag])
    return rows


def _view_condition(view: str, staff_id: UUID) -> Q:
    if view in STATUS_NAMES:
        return Q(status=Status(view))
    return {
        "open": Q(is_open=True),
        "mine": Q(is_open=True, assigned_to=staff_id),
        "manual": Q(status=Status.UNIDENTIFIED),
        "revocation": Q(status=Status.UNIDENTIFIED, verdict_outcome="unknown"),
        "overdue": Q(clock_flag="overdue"),
        "due_soon": Q(clock_flag="due_soon"),
        "done": Q(is_open=False),
    }[view]


def search_condition(text: str) -> Q:
    """A receipt number, a 宛名番号, a reading or a name: which of them the text is, is seen from its form."""
    compact = text.upper().replace(" ", "").replace("　", "").translate(_CONFUSED)
    if _RECEIPT.fullmatch(compact):
        plain = compact.replace("-", "")
        return Q(receipt_number=f"{plain[:4]}-{plain[4:8]}-{plain[8:]}")
    if compact.isascii() and compact.isdigit():
        return Q(atena_number=compact.zfill(10))
    if is_kana(text) and kana_key(text):
        return _prefix("kana_key", kana_key(text))
    return _prefix("name_key", name_key(text, national_variants()))


def _prefix(column: str, beginning: str) -> Q:
    return Q(**{f"{column}__gte": beginning, f"{column}__lt": beginning + _HIGHEST}) & ~Q(**{column: ""})


def key_of(case: Case, by_newest: bool) -> str:
    """What the next page starts after."""
    first = case.submitted_at.isoformat() if by_newest else case.due_sort.isoformat()
    return base64.urlsafe_b64encode(json.dumps([first, str(case.id)]).encode()).decode()


def _after(rows: QuerySet[Case], key: str, by_newest: bool) -> QuerySet[Case]:
    if not key:
        return rows
    try:
        first, last = json.loads(base64.urlsafe_b64decode(key))
        identifier = UUID(last)
        if not by_newest:
            day = date.fromisoformat(first)
            return rows.filter(Q(due_sort__gte=day) & ~Q(due_sort=day, id__lte=identifier))
    except (ValueError, TypeError, binascii.Error):
        return rows
    return rows.filter(Q(submitted_at__lte=first) & ~Q(submitted_at=first, id__gte=identifier))
