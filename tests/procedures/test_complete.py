"""Each of the 31 procedures is whole: nothing that a resident, a clerk or the law asks of its definition is left out."""

import re
from datetime import date

import pytest
import yaml

from yakuba.casework.procedure_desk import desks
from yakuba.procedures import registry
from yakuba.procedures.conditions import RoleIs
from yakuba.procedures.definition import Field, Procedure
from yakuba.procedures.folders import parts
from yakuba.procedures.rules.parameters import load_parameters
from yakuba.procedures.rules.registry import decided, rules

TODAY = date(2026, 11, 27)
OFFICIAL = {  # id: how the plan calls it, and the example that is not granted
    "jidou-teate-nintei": ("児童手当等の認定請求", "civil_servant"),
    "jidou-teate-kaitei": ("児童手当等の額の改定の請求及び届出", "not_a_recipient"),
    "jidou-teate-henkou": ("氏名変更・住所変更等の届出", "married"),
    "jidou-teate-shoumetsu": ("受給事由消滅の届出", ""),
    "jidou-teate-mibarai": ("未支払の児童手当等の請求", "barred"),
    "jidou-teate-kifu": ("児童手当等に係る寄附の申出", "too_much"),
    "jidou-teate-kifu-henkou": ("児童手当等に係る寄附変更等の申出", "none_stands"),
    "jidou-teate-kyushoku": ("学校給食費等の徴収等の申出", "high_school"),
    "jidou-teate-kyushoku-henkou": ("学校給食費等の徴収等の変更等の申出", "none_stands"),
    "jidou-teate-genkyou": ("児童手当等の現況届", "not_needed"),
    "kyouiku-hoiku-nintei": ("支給認定の申請", "too_young_for_education"),
    "hoiku-moushikomi": ("保育施設等の利用申込", "few_hours"),
    "hoiku-genkyou": ("保育施設等の現況届", "no_reason"),
    "jidou-fuyou-genkyou": ("児童扶養手当の現況届の事前送信", "too_early"),
    "ninshin-todokede": ("妊娠の届出", "lives_elsewhere"),
    "kaigo-nintei": ("要介護・要支援認定の申請", "not_specified_disease"),
    "kaigo-koushin": ("要介護・要支援更新認定の申請", "forgotten"),
    "kaigo-henkou": ("要介護・要支援状態区分変更認定の申請", "care_manager_unchanged"),
    "kaigo-keikaku": ("居宅(介護予防)サービス計画作成(変更)依頼の届出", "wrong_kind"),
    "kaigo-futanwariai-saikoufu": ("負担割合証の再交付申請", "by_mandate"),
    "kaigo-hihokenshashou-saikoufu": ("被保険者証の再交付申請", "by_mandate"),
    "kaigo-kougaku": ("高額介護(予防)サービス費の支給申請", "too_late"),
    "kaigo-futangendo": ("負担限度額認定申請", "too_much_saved"),
    "kaigo-yougu": ("福祉用具購入費の支給申請", "not_covered"),
    "kaigo-kaishu": ("住宅改修費の支給申請", "begun_without_approval"),
    "kaigo-tennyu": ("住所移転後の要介護・要支援認定申請", "too_late"),
    "risai-shoumei": ("罹災証明書の発行申請", "vacant_house_by_mandate"),
    "jidousha-kankyou": ("環境性能割の申告納付", "lorry"),
    "jidousha-shinkoku": ("賦課徴収に関する事項の申告又は報告", "elsewhere"),
    "jidousha-juusho": ("住所変更届", "other_prefecture"),
    "jidousha-shako": ("保管場所証明の申請", "too_small"),
}
NEVER_REFUSED = {"jidou-teate-shoumetsu"}  # a notice that the right has ended: there is nothing to refuse
ONLY_ONE_SELF = {  # 申出 of the recipient alone (児童手当法20条・21条); the interview follows in person (児童扶養手当)
    "jidou-teate-kifu",
    "jidou-teate-kifu-henkou",
    "jidou-teate-kyushoku",
    "jidou-teate-kyushoku-henkou",
    "jidou-fuyou-genkyou",
}
DECIDED_BY_LAW = {  # within 30 days: 介護保険法27条11項ほか, 子ども・子育て支援法20条6項
    *(
        "kaigo-nintei",
        "kaigo-koushin",
        "kaigo-henkou",
        "kaigo-tennyu",
        "kyouiku-hoiku-nintei",
        "hoiku-moushikomi",
    )
}
KNOWN_WELL = {  # what speaks for an applicant at most desks; a refused example is refused all the same
    "applicant": "1",
    "resident_here": True,
    "insured_here": True,
    "kept_here": True,
    "proof_shown": True,
    "still_entitled": True,
}
AGAINST = {  # what the town finds where the answers alone do not speak against it
    "kaigo-hihokenshashou-saikoufu": {"proof_shown": False},
    "kaigo-futanwariai-saikoufu": {"proof_shown": False},
    "jidousha-juusho": {"kept_here": False},
    "jidousha-shinkoku": {"kept_here": False},
    "ninshin-todokede": {"resident_here": False},
}
NO_PAPERS = ONLY_ONE_SELF - {"jidou-fuyou-genkyou"}
PROCEDURES = registry.all_procedures(TODAY)
PARAMETERS = load_parameters()
HANDOVERS = {name: yaml.safe_load(file.read_text(encoding="utf-8")) for name, file in parts("handover.yaml")}
each = pytest.mark.parametrize("procedure", PROCEDURES, ids=[one.id for one in PROCEDURES])


def fields_of(procedure: Procedure) -> list[Field]:
    """All questions, those inside groups too."""
    return [found for _, top in procedure.fields() for found in (top, *top.fields)]


def test_all_31_are_there_with_their_official_names() -> None:
    assert {one.id for one in PROCEDURES} == set(OFFICIAL)
    for one in PROCEDURES:
        plain = one.title.ja.replace("（", "(").replace("）", ")")
        assert OFFICIAL[one.id][0] in plain
    by_category = [
        sum(one.category == kind for one in PROCEDURES) for kind in ("child", "care", "disaster", "vehicle")
    ]
    assert by_category == [15, 11, 1, 4]


@each
def test_it_stands_on_law_with_dates(procedure: Procedure) -> None:
    assert all(law.law and law.article for law in procedure.laws)
    assert procedure.valid_from <= TODAY
    assert procedure.rule
    assert procedure.id in rules()


@each
def test_it_says_who_may_apply(procedure: Procedure) -> None:
    roles = {one.role for one in procedure.applicants}
    assert "self" in roles
    assert (roles == {"self"}) == (procedure.id in ONLY_ONE_SELF)
    if procedure.category == "care":
        assert {"household", "care_manager", "proxy_by_law", "proxy_by_mandate"} <= roles


@each
def test_registers_fill_what_they_know(procedure: Procedure) -> None:
    assert sum(bool(found.register) for found in fields_of(procedure)) >= 3


@each
def test_papers_are_asked_for_under_conditions_and_a_mandate_in_the_original(procedure: Procedure) -> None:
    papers = [found for found in fields_of(procedure) if found.type == "file"]
    assert bool(papers) == (procedure.id not in NO_PAPERS)
    for mandate in (paper for paper in papers if paper.id == "mandate"):
        assert mandate.original_needed
        assert isinstance(mandate.when, RoleIs)


@each
def test_it_names_its_deadline_and_its_processing_time(procedure: Procedure) -> None:
    for term in (procedure.deadline, procedure.processing):
        assert term.text.ja
        assert term.sure or term.note
    clock = PARAMETERS.by_name[f"clock.{procedure.id}"]
    assert clock.municipal or procedure.id in DECIDED_BY_LAW
    assert f"clock.{procedure.id}.extendable" in PARAMETERS.by_name


@each
def test_what_cannot_be_done_online_is_said(procedure: Procedure) -> None:
    assert procedure.offline
    assert all(text.ja and text.en and text.easy for text in procedure.offline)


@each
def test_it_ends_with_a_notice_from_an_office_and_in_the_business_system(procedure: Procedure) -> None:
    desk = desks()[procedure.id]
    assert desk.notices.granted
    assert procedure.notices
    assert desk.steps or desk.knows
    assert HANDOVERS[procedure.id]["records"]


@each
def test_it_has_examples_plain_complicated_and_refused(procedure: Procedure) -> None:
    shown = {example.id: example for example in procedure.examples}
    assert len(shown) >= 3
    refused = OFFICIAL[procedure.id][1]
    assert bool(refused) == (procedure.id not in NEVER_REFUSED)
    if refused:
        example = shown[refused]
        application = {
            "procedure": procedure.id,
            "answers": dict(example.answers),
            "attachments": [{"slot": slot} for slot in example.attachments],
            "applicant": {"role": example.role, "for": example.applicant_for},
        }
        decision = decided(
            application, KNOWN_WELL | AGAINST.get(procedure.id, {}), example.today, example.today, PARAMETERS
        )
        assert decision.outcome != "eligible"
        assert all(reason.text.ja and reason.clause for reason in decision.reasons)


def test_whatever_is_done_in_two_stages_or_in_person_says_so() -> None:
    """面談 of 児童扶養手当; approval before the works; 現況届 that most no longer hand in."""
    words = {one.id: "".join(text.ja for text in (*one.offline, one.summary)) for one in PROCEDURES}
    assert re.search("面談|面接", words["jidou-fuyou-genkyou"])
    assert re.search("確認を受ける前|工事の前", words["kaigo-kaishu"])
    assert re.search("必要|不要|省", words["jidou-teate-genkyou"])
    assert re.search("調査", words["kaigo-nintei"])
