"""The roles of a desk and what each may do: one table, read by :mod:`permissions` and shown on the staff page."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is there for; one person may hold several (small towns)."""

    INTAKE = "intake"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMIN = "admin"
    AUDITOR = "auditor"


ROLE_NAMES: dict[Role, str] = {
    Role.INTAKE: "受付",
    Role.REVIEWER: "審査",
    Role.APPROVER: "決裁",
    Role.ADMIN: "管理者",
    Role.AUDITOR: "監査(閲覧のみ)",
}


class Permission(StrEnum):
    """One thing a person may do; every page and every button asks for exactly one."""

    SEE_CASES = "see_cases"
    IDENTIFY = "identify"
    NOTE = "note"
    TAKE_IN = "take_in"
    REVIEW = "review"
    ASK_CORRECTION = "ask_correction"
    RECORD_STEP = "record_step"
    APPROVE = "approve"
    SEE_TRAIL = "see_trail"
    MANAGE_STAFF = "manage_staff"
    MANAGE_SETTINGS = "manage_settings"
    APPROVE_SEAT = "approve_seat"


PERMISSION_NAMES: dict[Permission, str] = {
    Permission.SEE_CASES: "申請を見る",
    Permission.IDENTIFY: "申請者を特定する",
    Permission.NOTE: "メモを書く",
    Permission.TAKE_IN: "書かない窓口で申請を受け付ける",
    Permission.REVIEW: "審査し、決定案を出す",
    Permission.ASK_CORRECTION: "補正を求める",
    Permission.RECORD_STEP: "調査などの結果を記録する",
    Permission.APPROVE: "決裁する",
    Permission.SEE_TRAIL: "監査の記録を見る",
    Permission.MANAGE_STAFF: "職員を管理する",
    Permission.MANAGE_SETTINGS: "手続の設定を変える",
    Permission.APPROVE_SEAT: "応援職員の席を見る・承認する・止める",
}

_DESK = {Permission.SEE_CASES, Permission.NOTE}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.INTAKE: frozenset(
        _DESK | {Permission.IDENTIFY, Permission.TAKE_IN, Permission.ASK_CORRECTION, Permission.RECORD_STEP}
    ),
    Role.REVIEWER: frozenset(
        _DESK | {Permission.IDENTIFY, Permission.REVIEW, Permission.ASK_CORRECTION, Permission.RECORD_STEP}
    ),
    Role.APPROVER: frozenset(_DESK | {Permission.APPROVE, Permission.APPROVE_SEAT}),
    # An administrator sees no resident's case: running the desk needs none of them (番号法第12条, least privilege).
    Role.ADMIN: frozenset({Permission.MANAGE_STAFF, Permission.MANAGE_SETTINGS, Permission.APPROVE_SEAT}),
    Role.AUDITOR: frozenset({Permission.SEE_CASES, Permission.SEE_TRAIL}),
}

# Another town's staff (応援職員): no role of this town, but these things, for this one procedure, and nothing that finds
# people or decides. Pages are closed to them unless they are declared open (``desk(…, aid=True)``).
AID_NAME = "応援(罹災証明書のみ)"
AID_PROCEDURE = "risai-shoumei"
AID_GRANTS: frozenset[Permission] = frozenset(
    _DESK | {Permission.REVIEW, Permission.ASK_CORRECTION, Permission.RECORD_STEP}
)


def granted(roles: Iterable[str]) -> frozenset[Permission]:
    """Everything the roles allow together."""
    return frozenset().union(*(GRANTS[Role(role)] for role in roles))
