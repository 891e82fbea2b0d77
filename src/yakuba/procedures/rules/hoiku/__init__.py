"""保育施設等の利用申込 with 支給認定: certification of childcare need (子ども・子育て支援法19条, 20条)."""

from yakuba.procedures.rules.hoiku.decide import decide
from yakuba.procedures.rules.hoiku.facts import Child, Facts, Guardian
from yakuba.procedures.rules.hoiku.from_answers import facts_from
from yakuba.procedures.rules.hoiku.need import NeedReason, need_reasons
from yakuba.procedures.rules.hoiku.points import points

__all__ = ["Child", "Facts", "Guardian", "NeedReason", "decide", "facts_from", "need_reasons", "points"]
