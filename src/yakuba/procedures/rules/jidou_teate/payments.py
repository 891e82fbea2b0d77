"""When the allowance is paid out: in the payment months, for the months before (児童手当法8条4項)."""

from dataclasses import dataclass

from yakuba.procedures.rules.jidou_teate.amounts import Monthly, monthly
from yakuba.procedures.rules.jidou_teate.facts import Facts
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: its month and the months it covers."""

    month: Month
    covers: tuple[Monthly, ...]

    @property
    def yen(self) -> int:
        """The sum paid."""
        return sum(each.yen for each in self.covers)


def payments(
    facts: Facts, start: Month, not_before: Month, count: int, parameters: Parameters
) -> tuple[Payment, ...]:
    """The next ``count`` payments of an allowance that starts with ``start``, none before ``not_before``.

    What an earlier payment month would have paid comes with the first one. (The law lets a town pay such
    arrears in a month that is no payment month; the schedule shows the latest.) Raises NotInForceError
    outside the data.
    """
    paid: list[Payment] = []
    open_from, month = start, max(start.plus(1), not_before)
    while len(paid) < count:
        if month.month in parameters.value("jidou_teate.payment_months", month.first):
            paid.append(_payment(facts, open_from, month, parameters))
            open_from = month
        month = month.plus(1)
    return tuple(paid)


def _payment(facts: Facts, open_from: Month, month: Month, parameters: Parameters) -> Payment:
    covered = []
    while open_from < month:
        covered.append(monthly(facts, open_from, parameters))
        open_from = open_from.plus(1)
    return Payment(month, tuple(covered))
