"""負担限度額認定: up to which amount a day meals and room are charged (介護保険法51条の3, 61条の3; 施行規則83条の5–83条の8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yakuba.procedures.rules.months import Month
from yakuba.procedures.rules.parameters import Parameters

Stage = Literal["1", "2", "3_1", "3_2"]
Stay = Literal["facility", "short_stay"]
Room = Literal["unit_single", "unit_semi", "single_nursing", "single_health", "shared", "shared_health"]
_CLOSE = 50_000  # yen: as near to a bound that is not certain, the stage is left to people


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is charged at most a day, in yen; None where the figure is not in the data."""

    food: int | None
    room: int | None


def stage(
    receipts: int, welfare: bool, welfare_pension: bool, on: date, parameters: Parameters
) -> Stage | None:
    """The stage (利用者負担段階) of somebody whose whole household is untaxed.

    ``receipts``: pensions, untaxed ones too, and other income in yen a year. None where the bound between stages 2
    and 3 is marked as not certain and ``receipts`` lie close to it.
    """
    if welfare or welfare_pension:
        return "1"
    low = parameters.dated("kaigo_futan.low_income", on)
    if not low.sure and low.value < receipts <= low.value + _CLOSE:
        return None
    if receipts <= low.value:
        return "2"
    return "3_1" if receipts <= parameters.number("kaigo_futan.limit.second_stage_up_to", on) else "3_2"


def asset_bound(
    of: Stage, second_class: bool, couple: bool, welfare: bool, on: date, parameters: Parameters
) -> int | None:
    """The savings up to which the limit is granted; None for public assistance, where none are asked about."""
    if welfare:
        return None
    table: Mapping[str, Mapping[str, int]] = parameters.value("kaigo_futan.limit.assets", on)
    return table["second_class" if second_class else of]["couple" if couple else "single"]


def amounts(of: Stage, stay: Stay, room: Room | None, on: date, parameters: Parameters) -> Amounts:
    """The limits a day at stage ``of`` on ``on``; the room's only where its kind is known."""
    food: Mapping[str, Mapping[str, int | None]] = parameters.value("kaigo_futan.limit.food", on)
    rooms: Mapping[str, Mapping[str, int | None]] = parameters.value("kaigo_futan.limit.room", on)
    return Amounts(food[stay][of], rooms[room][of] if room else None)


def benefit_year(applied_on: date, parameters: Parameters) -> tuple[date, date]:
    """From the first of the month of application to the end of the benefit year (July)."""
    first = parameters.number("kaigo_futan.limit.year_starts_in", applied_on)
    month = Month.of(applied_on)
    year = month.year if month.month < first else month.year + 1
    return month.first, Month(year, first).plus(-1).last
