"""Deciding by four eyes: one person proposes, another decides; the effect happens once and with the decision.

Every function works on a case locked by :func:`~yakuba.casework.moves.lock_case`: two approvers at once, or one who
clicks twice, take turns there, and the second finds the case decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from yakuba.casework import handing_over, noticing
from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.models import Case, Correction, Proposal
from yakuba.casework.moves import audit_event, make_move, open_proposal
from yakuba.casework.outward import in_three
from yakuba.casework.permissions import check_may_decide, check_may_take_back
from yakuba.casework.policies import check_unchanged
from yakuba.casework.results_shown import YEN
from yakuba.casework.staff.models import Staff
from yakuba.procedures.rules.decision import Decision, RegisterEffect
from yakuba.registers import entries
from yakuba.registers.models import Resident

OUTCOMES = {"granted": "認める", "refused": "認めない", "rejected": "却下する(形式の不備など)"}
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a reviewer proposes: the outcome, words of their own, and which of the rule's reasons stand."""

    outcome: str
    own_reason: str = ""
    own_clause: str = ""
    differs_because: str = ""
    comment: str = ""
    reasons: tuple[int, ...] | None = None  # positions among the rule's reasons; None: all


def propose(
    case: Case,
    wanted: Proposed,
    decision: Decision | None,
    actor: Staff,
    at: datetime,
    seen_version: int | None,
) -> Proposal:
    """Put a proposal before the approvers.

    Raises:
        ChangedMeanwhile, NotNow, NotAllowed, Incomplete.
    """
    check_unchanged(case, seen_version)
    _check_complete(case, wanted, decision)
    granted = wanted.outcome == "granted"
    proposal = Proposal(
        municipality=case.municipality, case=case, outcome=wanted.outcome,
        reasons=_reasons(wanted, decision), results=dict(decision.results) if decision and granted else {},
        effects=_effects(case, decision, wanted.outcome),
        rule_outcome=decision.outcome if decision else "", differs_because=wanted.differs_because.strip(),
        comment=wanted.comment.strip(), proposed_by=actor, proposed_at=at,
    )  # fmt: skip
    _check_effects(proposal.effects)
    move = "propose_rejection" if wanted.outcome == "rejected" else "propose"
    facts = {"outcome": wanted.outcome, "rule": proposal.rule_outcome or "-"}
    make_move(case, move, actor, at, note=wanted.comment.strip(), facts=facts)
    proposal.save(force_insert=True)
    return proposal


def decide(
    case: Case,
    actor: Staff,
    at: datetime,
    seen_version: int | None,
    comment: str = "",
    *,
    rule_now: Decision | None = None,
) -> Proposal:
    """Decide as proposed: register effects, hand-over, notice, and word to the resident in this one transaction.

    Args:
        rule_now: what the rule says at this moment, where there is a rule.

    Raises:
        ChangedMeanwhile, NotNow, NotAllowed.
    """
    proposal = _waiting(case)
    check_may_decide(actor, proposal)
    check_unchanged(case, seen_version)
    _check_rule_stands(proposal, rule_now)
    proposal.state, proposal.decided_by, proposal.decided_at = "decided", actor, at
    proposal.decision_comment = comment.strip()
    name = "approve_rejection" if proposal.outcome == "rejected" else "approve"
    make_move(
        case, name, actor, at, note=comment.strip(), proposal=proposal, facts={"outcome": proposal.outcome}
    )
    proposal.save()
    for number, effect in enumerate(proposal.effects):
        _apply(case, proposal, number, effect, actor)
    handing_over.hand_over_decision(case, proposal, at, audit_event(case, "case.handed_over", actor))
    noticing.ask_for_notice(case, proposal, at, audit_event(case, "case.notice_asked", actor))
    return proposal


def send_back(case: Case, actor: Staff, at: datetime, seen_version: int | None, comment: str) -> None:
    """Back to the reviewer, with why."""
    proposal = _waiting(case)
    check_may_decide(actor, proposal)
    check_unchanged(case, seen_version)
    if len(comment.strip()) < _SHORTEST:
        raise Incomplete({"comment": "差し戻す理由を書いてください。例: 所得の確認が済んでいません"})
    make_move(case, "send_back", actor, at, note=comment.strip(), proposal=proposal)
    _close(proposal, "sent_back", actor, at, comment)


def take_back(case: Case, actor: Staff, at: datetime, seen_version: int | None) -> None:
    """The proposer takes the proposal back."""
    proposal = _waiting(case)
    check_may_take_back(actor, proposal)
    check_unchanged(case, seen_version)
    make_move(case, "take_back", actor, at, proposal=proposal)
    _close(proposal, "taken_back", None, at, "")


def _close(proposal: Proposal, state: str, by: Staff | None, at: datetime, comment: str) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, at
    proposal.decision_comment = comment.strip()
    proposal.save()


def _check_rule_stands(proposal: Proposal, rule_now: Decision | None) -> None:
    """What the proposal was made on must still hold: another claim may have been granted since, or used the limit up."""
    if proposal.outcome != "granted" or rule_now is None:
        return
    changed = (
        "決定案が出されたあとに、規則の判定が変わりました。このままでは決定できません。差し戻してください。"
    )
    if rule_now.outcome == "eligible":
        if proposal.rule_outcome == "eligible" and _money(rule_now.results) != _money(proposal.results):
            raise NotNow(f"{changed}支給額などの計算が変わっています。")
        return
    if rule_now.outcome != proposal.rule_outcome:
        because = " ".join(one.text.ja for one in rule_now.reasons if one.tells != "eligible")
        raise NotNow(f"{changed}{because}")


def _money(results: Mapping[str, Any]) -> dict[str, Any]:
    """The amounts among a rule's results (their names end as those of amounts do)."""
    return {name: value for name, value in results.items() if name.endswith(YEN)}


def _waiting(case: Case) -> Proposal:
    proposal = open_proposal(case)
    if proposal is None:
        raise NotNow("決裁を待つ案はありません。すでに決裁されたか、差し戻されています。")
    return proposal


def _check_complete(case: Case, wanted: Proposed, decision: Decision | None) -> None:
    problems: dict[str, str] = {}
    if wanted.outcome not in OUTCOMES:
        problems["outcome"] = "「認める」「認めない」「却下する」のどれかを選んでください。"
    if wanted.outcome in ("refused", "rejected") and not _reasons(wanted, decision):
        problems["own_reason"] = "理由を書いてください(行政手続法第8条)。例: 支給要件に当たる児童がいないため"
    if _departs(wanted.outcome, decision) and len(wanted.differs_because.strip()) < _SHORTEST:
        problems["differs_because"] = "規則の判定と違う結論にする理由を書いてください。"
    if Correction.objects.filter(case=case, state="open").exists():
        problems["outcome"] = "補正を求めている間は決定案を出せません。"
    if problems:
        raise Incomplete(problems)


def _departs(outcome: str, decision: Decision | None) -> bool:
    """Whether the proposal is other than what the rule says (a rule that cannot tell leaves it to people)."""
    said = {"eligible": "granted", "not_eligible": "refused"}.get(decision.outcome) if decision else None
    return said is not None and outcome in ("granted", "refused") and outcome != said


def _reasons(wanted: Proposed, decision: Decision | None) -> list[dict[str, str]]:
    stated: list[dict[str, str]] = []
    for number, reason in enumerate(decision.reasons if decision else ()):
        if wanted.outcome != "rejected" and (wanted.reasons is None or number in wanted.reasons):
            stated.append({"code": reason.code, **in_three(reason.text), "clause": reason.clause})
    own = wanted.own_reason.strip()
    if own:
        stated.append({"code": "own", "ja": own, "en": own, "easy": own, "clause": wanted.own_clause.strip()})
    return stated


def _effects(case: Case, decision: Decision | None, outcome: str) -> list[dict[str, Any]]:
    """What the registers will get. A refusal has effects only where the rule itself states some (非該当)."""
    if decision is None or outcome == "rejected" or _departs(outcome, decision):
        return []
    return [_effect_kept(case, effect) for effect in decision.effects]


def _effect_kept(case: Case, effect: RegisterEffect) -> dict[str, Any]:
    subject = case.atena_number if effect.subject == "applicant" else effect.subject
    return {
        "register": effect.register,
        "atena_number": subject,
        "items": dict(effect.items),
        "valid_from": effect.valid_from.isoformat(),
        "valid_until": effect.valid_until.isoformat() if effect.valid_until else None,
    }


def _check_effects(effects: Sequence[Mapping[str, Any]]) -> None:

    for effect in effects:
        number = effect["atena_number"]
        if not Resident.objects.filter(atena_number=number, valid_to=None).exists():
            raise Incomplete(
                {
                    "outcome": "台帳の人と結び付いていない子などがいます。住民の台帳を確かめてから決定案を出してください。"
                }
            )


def _apply(case: Case, proposal: Proposal, number: int, effect: Mapping[str, Any], actor: Staff) -> None:
    until = effect["valid_until"]
    change = entries.Effect(
        # the same decision always has the same id: applied twice, it changes the register once
        uuid5(NAMESPACE_URL, f"yakuba:{case.municipality}:{case.id}:{proposal.pk}:{number}"),
        effect["register"], effect["atena_number"], effect["items"],
        date.fromisoformat(effect["valid_from"]), date.fromisoformat(until) if until else None,
    )  # fmt: skip
    facts = {"register": effect["register"], "atena_number": effect["atena_number"]}
    entries.apply_effect(change, audit_event(case, "register.changed", actor, **facts))
