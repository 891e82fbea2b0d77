"""施設等受給者: what an institution or foster parent receives for the children placed with it (児童手当法4条1項4号).

By each child's own age: no order among siblings counts, and no income ever limited it. Claims are made on paper or by the
institution's own system, so no form of the portal asks for it; the amount is here for payments and for re-assessing.
"""

from collections.abc import Iterable
from datetime import date

from yakuba.procedures.rules.ages import school_year_end
from yakuba.procedures.rules.jidou_teate.amounts import stage
from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters


def facility_yen(births: Iterable[date], month: Month, parameters: Parameters) -> int:
    """Yen for ``month`` for placed children born on ``births``. Raises NotInForceError outside the data."""
    return sum(_child_yen(birth, month, parameters) for birth in births)


def _child_yen(birth: date, month: Month, parameters: Parameters) -> int:
    until = parameters.number("jidou_teate.payable_until_school_year_of", month.first)
    if Month.of(birth) >= month or Month.of(school_year_end(birth, until)) < month:
        return 0
    name = "under_three" if stage(birth, month) == "under_three" else "from_three"
    return parameters.number(f"jidou_teate.facility.{name}", month.first)
