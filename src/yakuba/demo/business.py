"""What the business registers hold about synthetic households: tax, child allowance, care, nursery. Pure.

The arithmetic is as simple as it can be while looking right. It assesses nobody: the rules are elsewhere.
"""

from datetime import date
from random import Random

from yakuba.demo.persons import Entry, Person, age_on, fiscal_end_age, iso

_PER_CAPITA = 3000  # 均等割 of the municipality since the fiscal year 2024 (地方税法310条)
_BASIC_DEDUCTION = 430_000  # 地方税法314条の2第2項
_PENSION_DEDUCTION = 1_100_000  # 所得税法35条4項, for receipts below 3,300,000 yen
_BASIC_PENSION = 780_000
_RATE_PERCENT = 6  # 地方税法314条の3
_PENSION_AGE = 65
_CARE_LEVELS = (
    "support_1",
    "support_2",
    "care_1",
    "care_1",
    "care_2",
    "care_2",
    "care_3",
    "care_4",
    "care_5",
)
_ALLOWANCE_UNDER_THREE, _ALLOWANCE, _ALLOWANCE_THIRD = 15_000, 10_000, 30_000  # 児童手当法6条1項 (2024-10-01)
_REFORM = date(2024, 10, 1).toordinal()


def fiscal(as_of: date) -> tuple[int, int]:
    """The tax year whose notices are out (June), and its first day."""
    year = as_of.year if as_of.month >= 6 else as_of.year - 1
    return year, date(year, 6, 1).toordinal()


def add_entries(rng: Random, members: list[Person], as_of: int, fiscal_year: int, tax_from: int) -> None:
    """Give every member the entries such a person would have."""
    incomes: dict[int, int] = {}
    dependants = sum(member.child for member in members)
    for member in members:
        age = (as_of - member.birth) // 365
        if age >= 18 and member.moved_in_on is not None and member.moved_in_on < tax_from - 150:
            incomes[member.number] = _income(rng, age, member)
            kept = dependants if member.relationship == "世帯主" else 0
            entry = tax(incomes[member.number], kept, fiscal_year, tax_from, pensioner=age >= _PENSION_AGE)
            member.entries.append(entry)
        if age >= 64 and age_on(member.birth - 1, as_of) >= 65:
            member.entries.append(care(rng, member, age, as_of))
        elif age < 6:
            _nursery(rng, member, members, as_of, fiscal_year)
    allowance(members, incomes, as_of, fiscal_year)


def _income(rng: Random, age: int, member: Person) -> int:
    """合計所得金額 in yen."""
    if age >= 67:
        return int(rng.random() ** 2.2 * 320) * 10_000
    if age < 22 or rng.random() < (0.30 if member.relationship == "妻" else 0.07):
        return int(rng.random() * 48) * 10_000
    middle = 1.0 - abs(age - 52) / 60
    return int((60 + 900 * rng.random() ** 1.9) * middle) * 10_000


def tax(income: int, dependants: int, fiscal_year: int, tax_from: int, *, pensioner: bool = False) -> Entry:
    """The entry of one tax year, for an income in yen; a ``pensioner``'s comes from public pensions alone."""
    exempt = income <= 450_000 + 350_000 * dependants
    taxable = max(0, income - _BASIC_DEDUCTION - income * 15 // 100 - 330_000 * dependants) // 1000 * 1000
    levy = 0 if exempt else taxable * _RATE_PERCENT // 100 // 100 * 100
    kind = "exempt" if exempt else "taxed" if levy else "per_capita_only"
    items = (
        f'{{"fiscal_year":"{fiscal_year}","total_income":{income},"dependants":{dependants},"income_levy":{levy},'
        f'"per_capita_levy":{0 if exempt else _PER_CAPITA},"taxation":"{kind}","filed":true,'
        f'"taxable_income":{0 if exempt else taxable}{_pensions(income) if pensioner else ""}}}'
    )
    return Entry("juminzei", str(fiscal_year), tax_from, items)


def _pensions(income: int) -> str:
    """Receipts of public pensions that leave ``income`` after the deduction for 65 and older (公的年金等控除)."""
    receipts = income + _PENSION_DEDUCTION if income else _BASIC_PENSION
    return f',"pension_income":{receipts},"pension_gain":{income}'


def care(rng: Random, member: Person, age: int, as_of: int) -> Entry:
    """第1号被保険者; certified the more often the older, and always in a care home."""
    bracket = 1 + int(rng.random() * 13)
    in_home = bool(member.address.facility)
    if not in_home and rng.random() > (
        0.04 if age < 75 else 0.13 if age < 80 else 0.28 if age < 85 else 0.62
    ):
        return insured(member, bracket)
    level = _CARE_LEVELS[6 + int(rng.random() * 3)] if in_home else _CARE_LEVELS[int(rng.random() * 9)]
    applied = as_of - 60 - int(rng.random() * 300)
    return certified(member, bracket, level, applied, applied + 24 + int(rng.random() * 12))


def insured(member: Person, bracket: int) -> Entry:
    """The entry of somebody insured who is not certified as in need of care."""
    attained, base = _insured(member, bracket)
    return Entry("kaigo_hoken", "", attained, f"{{{base}}}")


def certified(member: Person, bracket: int, level: str, applied: int, decided: int) -> Entry:
    """The entry of somebody certified (要介護認定), for two years from the application."""
    attained, base = _insured(member, bracket)
    in_home = bool(member.address.facility)
    facility = f',"facility":"{member.address.building}"' if in_home else ""
    return Entry(
        "kaigo_hoken", "", max(attained, applied),
        f'{{{base},"application_kind":"new","applied_on":"{iso(applied)}","status":"certified","care_level":"{level}",'
        f'"certified_on":"{iso(decided)}","certified_from":"{iso(applied)}","certified_until":"{iso(applied + 730)}"{facility}}}',
    )  # fmt: skip


def _insured(member: Person, bracket: int) -> tuple[int, str]:
    attained = max(member.valid_from, member.birth - 1 + int(65 * 365.2425))
    return attained, (
        f'"insured_number":"{member.number % 10**10:010d}","insured_class":"1","qualified_on":"{iso(attained)}",'
        f'"premium_bracket":{bracket}'
    )


def _nursery(rng: Random, member: Person, members: list[Person], as_of: int, fiscal_year: int) -> None:
    age = fiscal_end_age(member.birth, fiscal_year) - 1  # the class: age attained by the 31 March before
    begins = date(fiscal_year, 4, 1).toordinal()
    if age < 0 or rng.random() > (0.2 if age < 1 else 0.5) or member.valid_from > begins:
        return
    kind = "3" if age < 3 else "2"
    ends = date(fiscal_year + (6 - age if age >= 3 else 3 - age), 3, 31).toordinal()
    items = (
        f'{{"guardian":"{members[0].atena_number}","applied_on":"{iso(begins - 130)}","classification":"{kind}",'
        f'"need_reason":"work","hours":"standard","certified_from":"{iso(begins)}","certified_until":"{iso(ends)}",'
        f'"status":"placed","placed_facility":"葉桜保育園（架空）"}}'
    )
    member.entries.append(Entry("kodomo_kosodate", "", begins, items))


def allowance(members: list[Person], incomes: dict[int, int], as_of: int, fiscal_year: int) -> None:
    """The parent with the higher income receives; a birth of the last month is not claimed yet, nor after a move
    of the last month."""
    if not any(m.child for m in members):
        return
    counted = [
        m for m in members if m.child and fiscal_end_age(m.birth, fiscal_year) <= 22 and m.birth < as_of - 31
    ]
    counted.sort(key=lambda member: member.birth)
    lines, total, first = [], 0, as_of
    for rank, child in enumerate(counted, start=1):
        age = fiscal_end_age(child.birth, fiscal_year)
        if age > 18:
            continue
        amount, stage = _amount(rank, (as_of - child.birth) / 365.2425, age)
        total += amount
        first = min(first, child.birth)
        lines.append(f'{{"key":"{child.atena_number}","rank":{rank},"stage":"{stage}","amount":{amount}}}')
    parents = [m for m in members if m.relationship in ("世帯主", "妻", "夫")]
    if not lines or not parents or min(parent.valid_from for parent in parents) > as_of - 31:
        return
    recipient = max(parents, key=lambda parent: (incomes.get(parent.number, 0), -parent.number))
    claimed = max(first + 10, recipient.valid_from + 5, _REFORM)
    month = date.fromordinal(claimed).replace(day=1).toordinal() + 31
    start = iso(month)[:7]
    items = (
        f'{{"claimed_on":"{iso(claimed)}","start_month":"{start}","monthly_amount":{total},"category":"jidou_teate",'
        f'"recipient_kind":"parent","children":[{",".join(lines)}]}}'
    )
    recipient.entries.append(Entry("jidou_teate", "", date.fromisoformat(f"{start}-01").toordinal(), items))


def _amount(rank: int, years: float, fiscal_age: int) -> tuple[int, str]:
    if years < 3:
        return (_ALLOWANCE_THIRD if rank >= 3 else _ALLOWANCE_UNDER_THREE), "under_three"
    stage = "primary" if fiscal_age <= 12 else "junior_high" if fiscal_age <= 15 else "high_school"
    return (_ALLOWANCE_THIRD if rank >= 3 else _ALLOWANCE), stage
