"""The story: 髙橋 美咲 claims child allowance for her new daughter, from the first page to the checked notice.

Every step is what a person does on a page; nothing reaches into a database. The people are made up.
"""

import io
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import today
from yakuba.demo.cast import CastMember
from yakuba.zones.play.browser import Browser, Page, PageProblem
from yakuba.zones.play.doors import sign_in_at_desk, with_card

PROCEDURE = "jidou-teate-nintei"
_RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_AGAINST = re.compile(r"[^\n。]*児童手当は、[^\n。]*認定済みです。")
_PATIENCE = 90.0


@dataclass(slots=True)
class Played:
    """What can be checked afterwards."""

    facts: dict[str, str] = field(default_factory=dict)
    notice: Path | None = None


class Story:
    """Plays the cast member ``member`` against the town hall that ``ready`` describes.

    Args:
        ready: what ``make run`` wrote into ``ready.json``.
        tell: shown before each step.
        folder: where the notice and the signed document are put.
    """

    def __init__(
        self,
        ready: Mapping[str, Any],
        member: CastMember,
        as_of: date,
        tell: Callable[[str], None],
        folder: Path,
    ) -> None:
        self.portal = f"{ready['addresses']['portal']}/{member.municipality}/"
        self.desk = str(ready["addresses"]["casework"])
        self.staff = json.loads(Path(ready["staff"]).read_text())
        self.member, self.as_of, self.tell, self.folder = member, as_of, tell, folder
        self.resident = Browser()
        self.browsers = [self.resident]
        self.played = Played()

    def play(self) -> Played:
        """The whole way.

        Raises:
            PageProblem: a page was not what the story expects.
        """
        try:
            application = self._apply()
            case = self._review(application)
            self._approve(case)
            self._receive(application)
        finally:
            for browser in self.browsers:
                browser.close()
        return self.played

    # -- the resident ---------------------------------------------------------------------------

    def _apply(self) -> str:
        self.tell(f"{self.member.name}さんがマイナンバーカードでサインインします")
        with_card(
            self.resident, self.resident.get(self.portal + "sign-in/"), self.member, self.member.auth_pin
        )
        self.tell("児童手当等の認定請求を書きます(役場の登録内容は区域を越えて届きます)")
        page = self.resident.get(f"{self.portal}procedures/{PROCEDURE}/start/")
        page = self.resident.send(page, page.form(with_field="role"), {"role": "self"})
        page = self._until(page, lambda seen: "よびだして" not in seen.words, "役場の登録内容")
        page = self._fill(page)
        self._keep_document(page)
        self.tell("署名用パスワードで署名して送ります")
        page = with_card(self.resident, page, self.member, self.member.sign_pin)
        if "/received/" not in page.url:
            raise PageProblem(f"{page.url}: 送信できませんでした。\n{page.words[:1500]}")
        self.played.facts["受付番号"] = _found(_RECEIPT, page)
        return page.url.split("/applications/")[1].split("/")[0]

    def _fill(self, page: Page) -> Page:
        answers = _answers(self.as_of)
        for _ in range(30):
            if "/pages/" not in page.url:
                return page
            form = page.form(with_button="次へ")
            known = {name for name, _ in form.fields} | set(form.choices)
            files = {
                name: ("通帳の写し(見本).jpg", _photo(), "image/jpeg")
                for name in form.files
                if "account_proof" in name
            }
            given = {name: value for name, value in answers.items() if name in known}
            page = self.resident.send(page, form, given, files=files, button="次へ")
        raise PageProblem(f"{page.url}: 記入が終わりません。\n{page.words[:1500]}")

    def _keep_document(self, page: Page) -> None:
        document = self.resident.get(page.link("/document/")).body
        file = self.folder / "application.json"
        file.write_bytes(document)
        self.played.facts["署名したデータ"] = f"{file}({len(document)}バイト)"
        self.played.facts["署名したデータのSHA-256"] = sha256_hex(document)
        shown = set(_SHA256.findall(page.words))
        if sha256_hex(document) not in shown:
            raise PageProblem("確認の画面に出ているSHA-256が、署名するデータのものと違います")

    def _receive(self, application: str) -> None:
        self.tell("決定通知書がポータルに届くのを待ちます")
        page = self.resident.get(f"{self.portal}applications/{application}/")
        page = self._until(page, lambda seen: any("/notices/" in to for to, _ in seen.links), "通知書")
        notice = self.resident.get(page.link("/notices/"))
        file = self.folder / "notice.pdf"
        file.write_bytes(notice.body)
        self.played.notice = file
        self.played.facts["通知書"] = f"{file}({len(notice.body):,}バイト)"
        self.played.facts["通知書のSHA-256"] = sha256_hex(notice.body)

    # -- the clerks -----------------------------------------------------------------------------

    def _sign_in(self, login: str) -> Browser:
        browser = Browser()
        self.browsers.append(browser)
        sign_in_at_desk(browser, self.desk, self.staff, login)
        return browser

    def _review(self, application: str) -> str:
        receipt = self.played.facts["受付番号"]
        self.tell(f"申請 {receipt} が3つの区域を越えて職員に届くのを待ちます")
        clerk = self._sign_in("shinsa")
        case = f"{self.desk}/cases/{application}/"
        began = time.monotonic()
        while (page := clerk.get(case)).status == 404 and time.monotonic() - began < _PATIENCE:
            time.sleep(0.3)
        if page.status != 200:
            raise PageProblem(f"{case}: {_PATIENCE:.0f}秒待っても届きません")
        self.played.facts["職員に届くまで"] = f"{time.monotonic() - began:.1f} 秒"
        self.played.facts["署名の判定(個人番号利用事務系で再検証)"] = (
            "正しい" if "ログイン: 正しい" in page.words else "正しくない"
        )
        self.tell("審査担当が台帳と見くらべ、調査の結果を書き、決定案を出します")
        page = clerk.send(page, page.form("/take"))
        step = {
            "done_on": today().isoformat(),
            "main_earner": "yes",
            "spouse_receives": "no",
            "ground": "税情報で確認",
        }
        page = clerk.send(page, page.form("/steps/main_earner"), step)
        propose = page.form("/propose")
        outcome = dict(propose.fields).get("outcome", "")
        self.played.facts["決定案(規則による)"] = _outcome(outcome)
        if outcome != "granted" and (against := _AGAINST.search(page.words)):
            self.played.facts["認められない理由"] = against.group()
        page = clerk.send(page, propose)
        if "決裁待ち" not in page.words:
            raise PageProblem(f"決定案を出せませんでした。\n{page.words[:1500]}")
        return case

    def _approve(self, case: str) -> None:
        self.tell("別の職員(決裁)が決定します。台帳が変わり、通知書がつくられます")
        approver = self._sign_in("kessai")
        page = approver.get(case)
        page = approver.send(page, page.form("/decide"), button="決定する")
        if "決定しました" not in page.words:
            raise PageProblem(f"決定できませんでした。\n{page.words[:1500]}")

    def _until(self, page: Page, arrived: Callable[[Page], bool], what: str) -> Page:
        began = time.monotonic()
        while not arrived(page):
            if time.monotonic() - began > _PATIENCE:
                raise PageProblem(f"{what}が{_PATIENCE:.0f}秒待っても届きません。\n{page.words[:1500]}")
            time.sleep(0.5)
            page = self.resident.get(page.url)
        return page


def _found(pattern: re.Pattern[str], page: Page) -> str:
    match = pattern.search(page.words)
    if match is None:
        raise PageProblem(f"{page.url}: 受付番号がありません。\n{page.words[:800]}")
    return match.group()


def _outcome(code: str) -> str:
    return {"granted": "認定", "refused": "却下(要件を満たさない)", "rejected": "却下(形式)"}.get(code, code)


def _answers(as_of: date) -> dict[str, str | list[str]]:
    born = as_of - timedelta(days=9)  # as the cast's story says
    day = {"era": "western", "year": str(born.year), "month": str(born.month), "day": str(born.day)}
    husband = {"era": "western", "year": str(as_of.year - 35), "month": "9", "day": "14"}
    return {
        "claim_reason": "birth",
        **{f"event_date-{part}": value for part, value in day.items()},
        "was_hindered": "no",
        "claimant_phone": "090-0000-1234",
        "claimant_capacity": "parent",
        "claimant_occupation": "employee",
        "claimant_here_on_january_1": "yes",
        "has_spouse": "yes",
        "spouse_name-name": "髙橋　健太",
        "spouse_name-kana": "タカハシ　ケンタ",
        **{f"spouse_birth_date-{part}": value for part, value in husband.items()},
        "lives_with_spouse": "yes",
        "spouse_occupation": "employee",
        "main_earner": "claimant",
        "spouse_receives_allowance": "no",
        "children-0-relationship": "child",
        "children-0-lives_with_claimant": "yes",
        "children-0-cared_for": "yes",
        "children-0-shares_livelihood": "yes",
        "children-0-in_facility": "no",
        "children-0-residence": "japan",
        "has_older_children": "no",
        "claimant_pension": "employees",
        "account_choice": "other",
        "account-bank_name": "みなと信用金庫",
        "account-bank_code": "9999",
        "account-branch_name": "葉山支店",
        "account-branch_code": "001",
        "account-account_type": "ordinary",
        "account-account_number": "0012345",
        "account-account_holder": "タカハシ ミサキ",
        "consent_records": "yes",
        "declaration_true": "yes",
    }


def _photo() -> bytes:
    """A made-up photograph of a bank book, with a location in it that the sanitiser must take out."""
    image = Image.new("RGB", (1600, 1100), "#f6f1e4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((80, 80, 1520, 1020), outline="#334", width=6)
    for row, line in enumerate(
        ("SAMPLE  (fictitious)", "Minato Shinkin  9999-001", "0012345", "TAKAHASHI MISAKI")
    ):
        draw.text((160, 200 + row * 160), line, fill="#222", font_size=64)
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (35.0, 16.0, 20.0), 3: "E", 4: (139.0, 35.0, 10.0)}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()
