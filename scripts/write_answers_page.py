"""Write docs/answers.md from the procedures' definitions: ``python scripts/write_answers_page.py``."""

from pathlib import Path

from yakuba.procedures.paths import answers_page

PAGE = Path(__file__).parent.parent / "docs" / "answers.md"

if __name__ == "__main__":
    PAGE.write_text(answers_page(), encoding="utf-8")
    print(f"wrote {PAGE}")
