"""How much of a cost is paid back: what the limit leaves, and the insured person's own share (介護保険法44条3項, 45条3項)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payment:
    """In yen: the ``cost``, what of it ``counts`` under the limit, what is ``paid`` back, and what ``remains`` after."""

    cost: int
    counts: int
    paid: int
    remains: int


def payment(cost: int, remaining: int, own_percent: int) -> Payment:
    """What is paid of ``cost`` when ``remaining`` of the limit is left; a fraction of a yen is dropped.

    Raises ValueError for an amount below 0 or a share that is none of 10, 20, 30 and 40 percent (40 where premiums
    are in arrears: 69条).
    """
    if cost < 0 or remaining < 0:
        raise ValueError("amounts are yen, for example 45000, never below 0")
    if own_percent not in (10, 20, 30, 40):
        raise ValueError(f"the insured pay 10, 20, 30 or (in arrears) 40 percent, not {own_percent}")
    counts = min(cost, remaining)
    return Payment(cost, counts, counts * (100 - own_percent) // 100, remaining - counts)
