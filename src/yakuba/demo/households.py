"""Who lives together: households of a Japanese town as ages, sexes and relationships. Pure, from a random source.

Ages are in days before the town's day, so that births this month come out as births do. The shares are rough
proportions of the census kind (世帯の家族類型), chosen so that the town's age pyramid is a believable one.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

YEAR = 365.2425
MALE, FEMALE = "1", "2"
_HEAD = "世帯主"


class Member(NamedTuple):
    """One member: age in days, sex, 続柄; ``parent`` for children who count for child allowance."""

    age: int
    sex: str
    relationship: str
    child: bool = False


def household(rng: Random) -> list[Member]:
    """The members of one household, the head first."""
    return _KINDS[int(rng.random() * len(_KINDS))](rng)


def single(rng: Random) -> list[Member]:
    """Somebody between 19 and 64 who lives alone."""
    return [Member(_days(19 + 46 * rng.random() ** 1.15), _sex(rng, 0.42), _HEAD)]


def single_old(rng: Random) -> list[Member]:
    """Somebody of 65 to 99 who lives alone, mostly women."""
    return [Member(_days(65 + 34 * _towards_low(rng)), _sex(rng, 0.70), _HEAD)]


def couple(rng: Random) -> list[Member]:
    """Two of working age without children at home."""
    return _couple(rng, 27 + 37 * rng.random())


def couple_old(rng: Random) -> list[Member]:
    """Two elderly people."""
    return _couple(rng, 64 + 27 * _towards_low(rng))


def family(rng: Random) -> list[Member]:
    """Parents with children at home; grown-up ones have mostly left."""
    age = 28 + 42 * rng.random() ** 0.85
    return _couple(rng, age) + _children(rng, age)


def lone_parent(rng: Random) -> list[Member]:
    """A mother, seldom a father, with children."""
    age = 27 + 33 * rng.random() ** 0.8
    return [Member(_days(age), _sex(rng, 0.88), _HEAD), *_children(rng, age)]


def three_generations(rng: Random) -> list[Member]:
    """Parents, children, and one or two of the grandparents."""
    age = 28 + 28 * rng.random()
    elder = age + 24 + 9 * rng.random()
    elders = [Member(_days(elder), FEMALE, "母")]
    if rng.random() < 0.45 and elder < 88:
        elders.append(Member(_days(elder + 3 * rng.random()), MALE, "父"))
    return _couple(rng, age) + _children(rng, age) + elders


def grown_up_with_parent(rng: Random) -> list[Member]:
    """A son or daughter of 40 to 65 who lives with an old mother or father."""
    age = 40 + 25 * rng.random()
    elder = min(age + 22 + 12 * rng.random(), 99.0)
    female = rng.random() < 0.8
    return [
        Member(_days(age), _sex(rng, 0.45), _HEAD),
        Member(_days(elder), FEMALE if female else MALE, "母" if female else "父"),
    ]


_SHARES: tuple[tuple[Callable[[Random], list[Member]], int], ...] = (
    (single, 16),
    (single_old, 14),
    (couple, 8),
    (couple_old, 19),
    (family, 27),
    (lone_parent, 6),
    (three_generations, 4),
    (grown_up_with_parent, 6),
)
_KINDS = tuple(kind for kind, share in _SHARES for _ in range(share))


def _couple(rng: Random, wife_age: float) -> list[Member]:
    husband = wife_age + 5.5 * rng.random() - 1.5
    head_is_wife = rng.random() < 0.06
    pair = [Member(_days(husband), MALE, _HEAD), Member(_days(wife_age), FEMALE, "妻")]
    if head_is_wife:
        return [Member(pair[1].age, FEMALE, _HEAD), Member(pair[0].age, MALE, "夫")]
    return pair


def _children(rng: Random, mother_age: float) -> list[Member]:
    """Children at home: the first when the mother was 23 to 38, the others two to four years later each."""
    age = mother_age - (23 + 15 * (rng.random() + rng.random()) / 2)
    found: list[Member] = []
    for _ in range(_NUMBERS[int(rng.random() * len(_NUMBERS))]):
        if age >= 0 and rng.random() < _at_home(age):
            found.append(_child(rng, age))
        age -= 1.7 + 2.2 * rng.random()
    if not found:  # all have left or none is born yet: then this is a family with one who stayed
        found.append(_child(rng, max(0.0, min(mother_age - 24, 23.0)) * rng.random() ** 0.55))
    return found


def _child(rng: Random, age: float) -> Member:
    """住民票 has said 子 for every child since 1995, whatever their order."""
    return Member(_days(age), _sex(rng, 0.487), "子", child=True)


_NUMBERS = (1,) * 32 + (2,) * 49 + (3,) * 16 + (4,) * 3


def _at_home(age: float) -> float:
    if age < 18:
        return 1.0
    return 0.88 if age < 23 else 0.45 if age < 32 else 0.18


def _sex(rng: Random, share_of_women: float) -> str:
    return FEMALE if rng.random() < share_of_women else MALE


def _towards_low(rng: Random) -> float:
    """0 to 1, more often low: fewer people the older they are."""
    return min(rng.random() + rng.random() * 0.45, rng.random() + 0.12, 1.0)


def _days(years: float) -> int:
    return int(years * YEAR)
