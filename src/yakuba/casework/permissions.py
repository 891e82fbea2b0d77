"""By this person: what a member of staff may do. Each rule is a pair: ``check_…`` raises with the reason, ``can_…``
answers for the template. What the *case* allows is :mod:`policies`."""

from yakuba.casework.errors import NotAllowed
from yakuba.casework.models import Proposal
from yakuba.casework.policies import took_in
from yakuba.casework.roles import GRANTS, PERMISSION_NAMES, ROLE_NAMES, Permission
from yakuba.casework.staff.models import Staff


def check_may(staff: Staff, permission: Permission) -> None:
    """Raises NotAllowed with the roles that could."""
    if permission not in staff.permissions:
        able = "、".join(ROLE_NAMES[role] for role, grants in GRANTS.items() if permission in grants)
        raise NotAllowed(
            f"「{PERMISSION_NAMES[permission]}」には、次のどれかの役割が必要です: {able}。"
            f"あなたの役割は「{staff.role_names}」です。必要なら管理者に相談してください。"
        )


def can(staff: Staff, permission: Permission) -> bool:
    """Whether :func:`check_may` passes."""
    return permission in staff.permissions


def check_may_decide(staff: Staff, proposal: Proposal) -> None:
    """Four eyes: who decides is not who proposed (a check constraint in the database says so too), nor who took the
    application in at the counter."""
    check_may(staff, Permission.APPROVE)
    if proposal.proposed_by_id == staff.id:
        raise NotAllowed(
            "自分が出した案は、自分では決裁できません。ほかの決裁者が決裁するか、差し戻してください。"
        )
    if took_in(proposal.case, staff):
        raise NotAllowed(
            "書かない窓口で自分が受け付けた申請は、自分では決裁できません。ほかの決裁者に任せてください。"
        )


def can_decide(staff: Staff, proposal: Proposal | None) -> bool:
    """Whether :func:`check_may_decide` passes."""
    if proposal is None or not can(staff, Permission.APPROVE) or took_in(proposal.case, staff):
        return False
    return bool(proposal.proposed_by_id != staff.id)


def check_may_take_back(staff: Staff, proposal: Proposal) -> None:
    """Only who proposed takes a proposal back."""
    if proposal.proposed_by_id != staff.id:
        raise NotAllowed("案を引き戻せるのは、案を出した本人だけです。決裁者は「差し戻す」を使ってください。")


def can_take_back(staff: Staff, proposal: Proposal | None) -> bool:
    """Whether :func:`check_may_take_back` passes."""
    return bool(proposal and proposal.proposed_by_id == staff.id)
