"""Ages and school years as the law counts them.

年齢計算ニ関スル法律 (明治35年法律50号) with 民法143条: the day of birth counts, so a person reaches an age
at the end of the day before the birthday. Who is born on 1 April reaches an age on 31 March and is the
youngest of the older school year (早生まれ); who is born on 29 February reaches it on 28 February in every
year.
"""

from datetime import date, timedelta


def anniversary(birth: date, years: int) -> date:
    """The birthday ``years`` later; 1 March where that year has no 29 February (民法143条2項但書)."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def attains(birth: date, age: int) -> date:
    """The day on which somebody born on ``birth`` reaches ``age`` (…歳に達する日)."""
    return anniversary(birth, age) - timedelta(days=1)


def age_on(birth: date, day: date) -> int:
    """The age in law on ``day`` (at its end). Negative before birth never occurs: raises ValueError."""
    if day < birth:
        raise ValueError(f"{day} lies before the birth on {birth}; give a day on or after the birth")
    age = day.year - birth.year
    if attains(birth, age + 1) <= day:
        return age + 1
    return age if attains(birth, age) <= day else age - 1


def first_march_31_from(day: date) -> date:
    """The first 31 March on or after ``day`` (…日以後の最初の3月31日)."""
    this_year = date(day.year, 3, 31)
    return this_year if day <= this_year else date(day.year + 1, 3, 31)


def school_year_end(birth: date, age: int) -> date:
    """The first 31 March on or after the day of reaching ``age``.

    15 ends junior high school, 18 high school.
    """
    return first_march_31_from(attains(birth, age))


def starts_school(birth: date) -> date:
    """The 1 April on which elementary school begins (小学校就学の始期; 学校教育法17条1項)."""
    return school_year_end(birth, 6) + timedelta(days=1)
