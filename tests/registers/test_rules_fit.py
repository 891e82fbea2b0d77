"""What the rules decide can be written: every effect of every procedure's examples fits its register's item list."""

from datetime import date
from typing import Any

import pytest

from yakuba.procedures import registry
from yakuba.procedures.definition import Example, Procedure
from yakuba.procedures.rules.decision import RegisterEffect
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.procedures.rules.registry import decided
from yakuba.registers import catalogue

AS_OF = date(2026, 11, 23)
PARAMETERS = load_parameters()
PERSON = "0000000001"
# what a clerk and the registers add to the answers, so that the rules come to a yes
KNOWN: dict[str, Any] = {
    "applicant": PERSON, "insured": PERSON, "resident_here": True, "insured_here": True, "already_recipient": False,
    "lives_in_japan": True, "main_earner": True, "proof_shown": True, "has_medical_insurance": True, "in_town": True,
    "is_dwelling": True, "agent_designated": True, "surveyed_on": "2026-11-09", "opinion_on": "2026-11-12",
    "judgement": {"level": "care_2", "on": "2026-11-20", "disease_confirmed": True},
    "entry": {"status": "certified", "care_level": "care_1", "certified_from": "2025-01-01", "certified_until": "2026-12-31",
              "insured_number": "0000012345", "insured_class": "1", "application_kind": "new"},
    "carried": {"level": "care_1", "until": "2027-03-31"}, "address": "葉山町堀内1", "claims": {"own": 40_000, "others": 0},
    "household": [{"birth": "1948-02-11", "juminzei": {"taxation": "exempt", "total_income": 0, "pension_income": 780_000,
                                                       "pension_gain": 0}}],
    "held": {"works_plan": {"address": "葉山町堀内1", "approved_on": "2026-10-20"}}, "savings_checked": True,
    "designated": True, "needed": True, "old_handed_in": True, "spouse_taxed": False,
    "kept_here": True, "fit": True, "right": True, "amount_found": 30_000,
    "survey": {"percent": 35, "on": "2026-11-15", "method": "first"}, "photos_confirmed": True,
    "entitlement": {
        "claimed_on": "2024-10-01", "start_month": "2024-10", "monthly_amount": 10000, "category": "jidou_teate",
        "recipient_kind": "parent", "children": [], "valid_from": "2024-10-01", "valid_until": None,
    },
    "entitled_children": [
        {"key": "0000000008", "rank": 1, "stage": "junior_high", "amount": 10000, "name": "葉山　翼", "birth": "2014-01-20"},
        {"key": "0000000009", "rank": 2, "stage": "primary", "amount": 10000, "name": "葉山　陽菜", "birth": "2019-04-20"},
    ],
    "account_is_own": True, "account_is_childs": True, "was_recipient": True, "raised": True, "unpaid": 20000, "owed": True,
    "instruction": {"kind": "kifu", "status": "standing"},
    "allowance": {"certificate_number": "第1号", "band": "full", "monthly_amount": 45_500, "children": 1},
    "interviewed_on": "2025-08-20", "still_entitled": True, "income": 1_500_000, "deductions": 0, "dependants": 1,
    "family_over": False, "five_years": False,
}  # fmt: skip


def _effects(procedure: Procedure, example: Example) -> tuple[RegisterEffect, ...]:
    disaster = str(example.answers.get("disaster", "none"))
    known = KNOWN | {
        "disasters": [{"id": disaster, "name": "大雨", "declared_on": "2026-01-01", "until": "2027-12-31"}],
        "children": {
            str(item.get("id")): {
                "atena": f"{place:010}",
                "kodomo_kosodate": {"classification": "3", "hours": "standard", "guardian": PERSON},
            }
            for place, item in enumerate(example.answers.get("children") or (), start=2)  # type: ignore[arg-type, var-annotated]
        },
    }
    application = {
        "procedure": procedure.id,
        "answers": example.answers,
        "attachments": [{"slot": slot} for slot in example.attachments],
        "applicant": {"role": example.role, "for": example.applicant_for},
    }
    return decided(application, known, example.today, AS_OF, PARAMETERS).effects


@pytest.mark.parametrize("procedure", registry.all_procedures(AS_OF), ids=lambda procedure: procedure.id)
def test_every_effect_of_a_procedure_fits_its_register(procedure: Procedure) -> None:
    effects = [effect for example in procedure.examples for effect in _effects(procedure, example)]
    assert effects, "no example comes to an effect: this test would prove nothing"
    for effect in effects:
        assert catalogue.check_items(effect.register, effect.items)
