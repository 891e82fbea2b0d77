"""Which files a place takes, told by their contents, and what the person who chose another is told."""

import pytest

from tests.gateway.corpus.office_files import docx, ole, packed, xlsx
from yakuba.base.texts import Text
from yakuba.gateway.sanitise.kinds import ARCHIVE, EXCEL
from yakuba.portal.services import uploading
from yakuba.procedures.file_kinds import expanded
from yakuba.procedures.slots import Slot


def kinds_of(
    data: bytes, filename: str, *, whole: bool, accepts: tuple[str, ...] = ("image/jpeg", "excel")
) -> str:
    slot = Slot("s", "p", Text("x", "x", "x"), True, False, False, expanded(accepts), 1)
    return uploading.kind_of(slot, filename, data, whole=whole)


def test_a_place_that_takes_excel_takes_it_by_its_contents() -> None:
    sheet = xlsx()
    assert kinds_of(sheet, "就労証明書.xlsx", whole=True) == EXCEL[0]
    assert kinds_of(sheet[:300], "就労証明書.xlsx", whole=False) == ARCHIVE  # not known yet: goes on arriving
    for data, name, words in (
        (docx(), "就労証明書.xlsx", "ワードやエクセル"),
        (packed({"a.txt": "x"}), "就労証明書.xlsx", "エクセル"),
        (ole("EncryptedPackage"), "就労証明書.xlsx", "パスワード"),
    ):
        with pytest.raises(uploading.Refused) as refused:
            kinds_of(data, name, whole=True)
        assert words in refused.value.message.ja
    with pytest.raises(uploading.Refused):
        kinds_of(sheet[:300], "就労証明書.xlsx", whole=False, accepts=("image/jpeg",))
