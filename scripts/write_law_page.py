"""Write docs/law.md from the dated parameters of law: ``python scripts/write_law_page.py``."""

from pathlib import Path

from yakuba.procedures.rules.law_page import law_page
from yakuba.procedures.rules.parameters import load_parameters

PAGE = Path(__file__).parent.parent / "docs" / "law.md"

if __name__ == "__main__":
    PAGE.write_text(law_page(load_parameters()), encoding="utf-8")
    print(f"wrote {PAGE}")
