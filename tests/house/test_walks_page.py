"""The page of walks lists every procedure with every example, and has a picture of each."""

from scripts.write_walks_page import PAGES, index, newest


def test_the_page_of_walks_is_what_the_definitions_say() -> None:
    assert (PAGES / "README.md").read_text(encoding="utf-8") == index(newest()), (
        "run: make walks (or, without new pictures, python -m scripts.write_walks_page --index)"
    )


def test_every_procedure_has_its_picture_and_no_other_lies_there() -> None:
    assert {file.stem for file in PAGES.glob("*.webp")} == {one.id for one in newest()}
