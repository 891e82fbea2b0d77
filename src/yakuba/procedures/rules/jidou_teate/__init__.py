"""児童手当等の認定請求.

Child allowance (児童手当法, 昭和46年法律73号), before and from the reform of October 2024.
"""

from yakuba.procedures.rules.jidou_teate.amounts import Line, Monthly, monthly
from yakuba.procedures.rules.jidou_teate.decide import decide
from yakuba.procedures.rules.jidou_teate.facts import Child, Event, Facts, Spouse
from yakuba.procedures.rules.jidou_teate.from_answers import facts_from
from yakuba.procedures.rules.jidou_teate.payments import Payment, payments
from yakuba.procedures.rules.jidou_teate.start import Start, claim_deadline, start_month

__all__ = [
    "Child",
    "Event",
    "Facts",
    "Line",
    "Monthly",
    "Payment",
    "Spouse",
    "Start",
    "claim_deadline",
    "decide",
    "facts_from",
    "monthly",
    "payments",
    "start_month",
]
