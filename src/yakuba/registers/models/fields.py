"""How registers keep dates of which a part is not known (不詳): as text that sorts, with honest comparisons."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from yakuba.base.dates import UncertainDate

if TYPE_CHECKING:
    _Text = models.CharField[UncertainDate | str, UncertainDate]
else:
    _Text = models.CharField  # not subscriptable at run time


class UncertainDateField(_Text):
    """``YYYY-MM-DD`` with zeros for unknown parts, in the C collation: 1945-00-00 sorts before 1945-01-01."""

    description = "年月日(不詳を含む)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=10, db_collation="C")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["db_collation"]
        return name, path, args, kwargs

    def from_db_value(
        self, value: str | None, _expression: object, _connection: object
    ) -> UncertainDate | None:
        return UncertainDate.parse(value) if value else None

    def to_python(self, value: object) -> UncertainDate | None:
        if value is None or isinstance(value, UncertainDate):
            return value
        return UncertainDate.parse(str(value))

    def get_prep_value(self, value: object) -> str | None:
        return None if value is None else str(self.to_python(value))


def certain(day: date) -> UncertainDate:
    """A date of which every part is known."""
    return UncertainDate(day.year, day.month, day.day)


def possibly_before(field: str, day: date) -> Q:
    """Rows whose date may lie before ``day``: what is unknown is read as early as it can be."""
    # a month or year whose day is unknown sorts before its first day, and is not before it
    bound = UncertainDate(day.year, day.month if day.month > 1 else 0, 0) if day.day == 1 else certain(day)
    return Q(**{f"{field}__lt": bound})


def possibly_from(field: str, day: date) -> Q:
    """Rows whose date may be ``day`` or later: what is unknown is read as late as it can be."""
    condition = Q(**{f"{field}__gte": certain(day)}) | Q(**{field: UncertainDate(0, 0, 0)})
    for unknown in (UncertainDate(day.year, day.month, 0), UncertainDate(day.year, 0, 0)):
        condition |= Q(**{field: unknown})
    return condition


def certainly_before(field: str, day: date) -> Q:
    """Rows whose date lies before ``day`` however it is read."""
    return ~possibly_from(field, day)


def born_so_as_to_be(field: str, age: int, on: date) -> Q:
    """Rows certainly ``age`` or older at the end of ``on``: an age is attained the day before the birthday
    (年齢計算ニ関スル法律)."""
    tomorrow = on + timedelta(days=1)
    try:
        limit = tomorrow.replace(year=tomorrow.year - age)
    except ValueError:  # 29 February has no counterpart that year: the next day decides
        limit = date(tomorrow.year - age, 3, 1)
    return certainly_before(field, limit + timedelta(days=1))
