"""What is printed: every kind of notice, hostile and rare names, and the promise of PDF/A."""

import dataclasses
import json
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.notices.cast import AMOUNTS, HAYAMA, NINOMIYA, SIGNED_AT, URL, notice_data, of_kind, same
from tests.notices.conftest import Town, rendered
from yakuba.base.texts import LANGUAGES
from yakuba.casework.notices.data import Addressee, NoticeData, Reason, content_digest, from_json, to_json
from yakuba.casework.notices.glyphs import missing_glyphs
from yakuba.casework.notices.kinds import UnknownKind, kind, kinds
from yakuba.casework.notices.letterheads import NoLetterhead, letterhead, municipalities
from yakuba.casework.notices.render import CannotPrint, Renderer, renderer, view_of
from yakuba.casework.notices.segments import segments
from yakuba.casework.notices.view import IncompleteNotice, fiscal_year
from yakuba.casework.notices.words import in_words


def text_of(pdf: bytes) -> str:
    """The text of all pages as a reader copies it, white space taken out."""
    document = pdfium.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    return "".join("".join(pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_kind_of_notice_prints_in_every_language(name: str, language: str) -> None:
    pdf = rendered(name, of_kind(name, language=language, amounts=AMOUNTS))
    text = text_of(pdf)
    for needed in (
        kind(name).title.ja,
        "葉子第123号",
        "令和8年12月4日",
        "葉山町長",
        "7K3M-9QX2-4TVA",
        "410円",
    ):
        assert "".join(needed.split()) in text, needed
    assert "見本・架空のデータ" in text
    if language == "en":
        assert "Thispagesumsup" in text


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_notice_of_a_disposition_teaches_how_to_appeal(name: str) -> None:
    """行政不服審査法第82条, 行政事件訴訟法第46条."""
    text = text_of(rendered(name))
    if name in ("disaster_certificate", "correction_request", "received"):
        assert "審査請求" not in text
    else:
        assert "3か月以内" in text
        assert "6か月以内" in text
        assert "葉山町を被告として" in text


def test_child_allowance_appeals_go_to_the_governor_and_care_appeals_to_the_board() -> None:
    assert "神奈川県知事に対して審査請求" in text_of(rendered("child_allowance_approved"))
    assert "神奈川県介護保険審査会に対して" in text_of(rendered("care_need_result"))
    assert "葉山町長に対して審査請求" in text_of(rendered("childcare_certified"))


HOSTILE = ('#panic("x")', "$ x^2 $", "\\", "]", '"', "'", "`code`", "<label>", "@ref", "*bold*", "_it_", "= h", "//c", "/*c*/", "#{1}", "\\u{41}", "{{name}}", "%s", "~", "--", "...", "'quote'", "a #import \"x\"")  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_printed_letter_by_letter_and_never_read_as_markup(name: str) -> None:
    assert "".join(name.split()) in text_of(rendered(data=of_kind("child_allowance_approved", name)))


# Letters of the font that any name may hold; combining marks and spaces move when text is copied from a page.
_LETTERS = st.sampled_from("#$\\[]{}\"'`*_<>@=~/-+%&();:,.!?^|0aAzZéñØ髙﨑𠮷あアｱー々〆ヶ葛辻邉")


@settings(max_examples=40, deadline=None)
@given(st.text(_LETTERS, min_size=1, max_size=30))
def test_any_name_comes_out_as_it_went_in(name: str) -> None:
    printed_name = text_of(rendered("correction_request", of_kind("correction_request", f"〔{name}〕")))
    assert f"〔{name}〕" in printed_name.replace("\u200b", "")


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=12))
def test_any_text_at_all_is_printed_or_named_as_missing(name: str) -> None:
    """No third way: never a □, never another error."""
    data = of_kind("correction_request", name)
    if missing_glyphs(name):
        with pytest.raises(CannotPrint):
            rendered("correction_request", data)
    else:
        assert rendered("correction_request", data).startswith(b"%PDF")


def picture(name: str) -> bytes:
    """The first page of a notice to ``name``, as pixels."""
    page = pdfium.PdfDocument(rendered("disaster_certificate", of_kind("disaster_certificate", name)))[0]
    return bytes(page.render(scale=2).to_pil().crop((0, 200, 700, 330)).tobytes())


@pytest.mark.parametrize(
    ("one", "other"),
    [("葛󠄀", "葛"), ("邉󠄂", "邉"), ("辻󠄀", "辻"), ("髙", "高"), ("﨑", "崎"), ("𠮷", "吉")],
)
def test_variant_kanji_are_drawn_as_themselves(one: str, other: str) -> None:
    assert picture(one) != picture(other)


def test_a_variant_stays_in_the_text_that_is_copied_or_read_aloud() -> None:
    assert "葛󠄀" in text_of(rendered())
    assert "𠮷邉󠄂子" in text_of(rendered())


def test_a_variant_the_font_does_not_know_is_missing_even_though_its_base_is_there() -> None:
    assert [one.code_points for one in missing_glyphs("邉\U000e01ef")] == ["U+9089 U+E01EF"]
    assert missing_glyphs("邉󠄂") == ()


@pytest.mark.parametrize("character", ["𰀀", "\ue000", "\x00", "\x07", "🙂", "ก", "\u202e"])
def test_a_character_the_font_lacks_is_named_before_printing(character: str) -> None:
    with pytest.raises(CannotPrint) as refused:
        rendered(data=of_kind("child_allowance_approved", f"見本{character}"))
    assert [one.character for one in refused.value.missing] == [character]
    assert f"U+{ord(character):04X}" in str(refused.value)


def test_a_long_latin_name_stays_within_the_page() -> None:
    name = "MUHAMMAD-ABDURRAHMAN BARTHOLOMEWCHRISTOPHERSONVILLAVICENCIOESPINOSAGUADALUPEDELOSANGELES " * 2
    page = pdfium.PdfDocument(rendered("child_allowance_refused", of_kind("child_allowance_refused", name)))[
        0
    ]
    text = page.get_textpage()
    right = max(text.get_charbox(at)[2] for at in range(text.count_chars()))
    assert right < page.get_width() - 40
    # A reader that copies text leaves out a hyphen at a line's end.
    letters = "".join(filter(str.isalpha, name))
    copied = text_of(rendered("child_allowance_refused", of_kind("child_allowance_refused", name)))
    assert letters in "".join(filter(str.isalpha, copied))


def test_the_same_notice_at_the_same_moment_is_the_same_file() -> None:
    again = Renderer().pdf(view_of(HAYAMA, "decision", of_kind("decision"), "葉子第123号", URL), SIGNED_AT)
    assert again == rendered("decision")


def metadata(pdf: bytes) -> str:
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    return str(root["/Metadata"].get_data().decode("utf-8"))


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_signed_notice_keeps_the_marks_of_pdf_a(name: str, town: Town) -> None:
    """What can be checked without veraPDF: identification, output intent, embedded fonts, tags, nothing forbidden."""
    signed = town.signed(rendered(name))
    reader = PdfReader(BytesIO(signed))
    root: Any = reader.trailer["/Root"]
    xmp = metadata(signed)
    assert "pdfaid:part>2<" in xmp or 'pdfaid:part="2"' in xmp
    assert "pdfaid:conformance>A<" in xmp or 'pdfaid:conformance="A"' in xmp
    assert "pdfuaid:part" in xmp
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/OutputIntents"][0]["/DestOutputProfile"].get_data()[36:40] == b"acsp"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja-JP"
    assert "/StructTreeRoot" in root
    assert "/Encrypt" not in reader.trailer
    assert not {"/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles"} & set(root)
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            assert "/ToUnicode" in font


def test_the_signature_field_is_one_pdf_a_allows(signed: bytes) -> None:
    """ISO 19005-2 6.3.2: printed, not hidden; 6.3.3: without appearance only if it has no area; 6.1.12: DocMDP alone."""
    root: Any = PdfReader(BytesIO(signed)).trailer["/Root"]
    field = root["/AcroForm"]["/Fields"][0]
    assert field["/F"] & 4
    assert not field["/F"] & (1 | 2 | 32)
    left, bottom, right, top = field["/Rect"]
    assert (left, bottom) == (right, top)
    assert set(root["/Perms"]) == {"/DocMDP"}
    reference = root["/Perms"]["/DocMDP"]["/Reference"][0]
    assert not {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference)
    assert reference["/TransformParams"]["/P"] == 1
    assert "/NeedAppearances" not in root["/AcroForm"]


def test_signing_adds_to_the_file_and_changes_nothing_before(town: Town) -> None:
    plain = rendered()
    signed = town.signed(plain)
    assert signed.startswith(plain)
    assert metadata(signed) == metadata(plain)


def test_the_code_on_the_page_leads_to_the_page_that_checks_the_file() -> None:
    assert URL in text_of(rendered())
    view = view_of(HAYAMA, "decision", of_kind("decision"), "葉子第123号", URL)
    assert view["qr"].startswith("<svg")


def test_the_number_compared_by_hand_is_over_all_the_notice_says() -> None:
    data = of_kind("decision")
    digest = content_digest("葉総第1号", "decision", data)
    other = dataclasses.replace(data, receipt_number="7K3M-9QX2-4TVB")
    assert digest != content_digest("葉総第2号", "decision", data)
    assert digest != content_digest("葉総第1号", "decision", other)


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_stored_notice_says_what_it_said(name: str) -> None:
    data = of_kind(name, amounts=AMOUNTS, language="easy", office="care")
    assert from_json(json.loads(json.dumps(to_json(data)))) == data


def test_a_refusal_without_reasons_is_not_made() -> None:
    """行政手続法第8条."""
    with pytest.raises(IncompleteNotice, match="理由"):
        rendered("child_allowance_refused", notice_data())


def test_a_notice_without_what_its_kind_must_say_is_not_made() -> None:
    with pytest.raises(IncompleteNotice) as refused:
        rendered("disaster_certificate", notice_data())
    assert "住家の被害の程度" in refused.value.missing
    with pytest.raises(IncompleteNotice, match="補正の期限"):
        rendered("correction_request", of_kind("correction_request", due=None))


def test_an_unknown_kind_and_a_town_without_letterhead_are_said_so() -> None:
    with pytest.raises(UnknownKind, match="child_allowance_approved"):
        kind("nonsense")
    with pytest.raises(NoLetterhead, match="131016"):
        letterhead("131016")


def test_a_town_puts_its_own_letterhead_beside(tmp_path: Any, settings: Any) -> None:
    (tmp_path / "131016.yaml").write_text(
        """
town: {ja: 千代田区, en: Chiyoda City, easy: "{千代田区|ちよだく}"}
head: {title: 千代田区長, name: 見本 三郎}
prefecture: 東京都
postal_code: 102-8688
address: 東京都千代田区九段南1丁目2番1号
mark: 千
offices: {child: {mark: 子, name: 子ども総務課, english: Children, phone: "000"}}
""",
        encoding="utf-8",
    )
    settings.NOTICE_LETTERHEADS = str(tmp_path)
    own = letterhead("131016")
    assert (own.series("child"), own.demo) == ("千子", False)
    assert {"131016", HAYAMA, NINOMIYA} <= set(municipalities())


def test_readings_stand_above_their_words() -> None:
    assert segments("{漢字|かんじ}です") == [["漢字", "かんじ"], ["です", ""]]
    assert segments("") == []
    text = text_of(rendered("care_need_result", of_kind("care_need_result", language="easy")))
    assert "{" not in text
    assert "ようかいご" in text


def test_values_are_said_in_the_calendar_of_the_language() -> None:
    assert in_words("2026-12", "month").ja == "令和8年12月"
    assert in_words("2019-05-01", "date").ja == "令和元年5月1日"
    assert in_words("2026-12-04", "date").en == "4 December 2026"
    assert in_words(1234567, "yen").ja == "1,234,567円"
    with pytest.raises(ValueError, match="no yen"):
        in_words("many", "yen")


@pytest.mark.parametrize(("day", "year"), [("2027-03-31", 2026), ("2027-04-01", 2027), ("2026-12-31", 2026)])
def test_the_fiscal_year_begins_on_the_first_of_april(day: str, year: int) -> None:
    """地方自治法第208条."""
    assert fiscal_year(notice_data().decided_on.fromisoformat(day)) == year


def test_a_reason_carries_its_clause_on_the_notice() -> None:
    data = of_kind("refusal", reasons=(Reason(same("要件を満たさないため。"), "児童手当法第4条"),))
    assert "(児童手当法第4条)" in text_of(rendered("refusal", data))


def test_an_address_of_many_lines_is_printed_whole() -> None:
    data = of_kind(
        "decision", addressee=Addressee("見本", ("一行目", "二行目", "三行目" * 20), honorific="御中")
    )
    text = text_of(rendered("decision", data))
    assert "三行目" * 20 in text
    assert "見本御中" in text


def test_one_compiler_serves_the_whole_process() -> None:
    assert renderer() is renderer()
    assert isinstance(of_kind("decision"), NoticeData)
