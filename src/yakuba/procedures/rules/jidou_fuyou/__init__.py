"""児童扶養手当 (child rearing allowance, 昭和36年法律238号): what a lone parent gets, by income, and the yearly report."""

from yakuba.procedures.rules.jidou_fuyou.amounts import Band, Household, Monthly, counted_income, monthly

__all__ = ["Band", "Household", "Monthly", "counted_income", "monthly"]
