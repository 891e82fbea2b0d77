"""A prefecture as a body of its own: its procedures, its desk, its people taken in, and the door to a service outside."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.casework.cast import HAYAMA, KENTA, Desk, Draft, Receive, World, member
from tests.casework.test_desk import fresh, page, press, signed_in
from tests.casework.test_procedures import version
from yakuba.base.clock import today
from yakuba.base.municipality import body_of, prefecture_of
from yakuba.base.tenancy import under
from yakuba.casework import outside
from yakuba.casework.handover.models import Item
from yakuba.casework.models import Case
from yakuba.casework.notices.models import Notice
from yakuba.casework.outside_demo import DemoOneStop
from yakuba.casework.roles import Role
from yakuba.casework.tasks import sweep_outside
from yakuba.gateway.envelope import read_envelope
from yakuba.gateway.models import OutboxMessage
from yakuba.procedures import registry
from yakuba.registers import entries
from yakuba.registers.models import Resident

pytestmark = pytest.mark.django_db
KANAGAWA = "140007"
PROCEDURE = "jidousha-juusho"


def draft(world: World, frame: str = "ABC10-1234567", **changed: Any) -> Draft:
    example = next(one for one in registry.procedure(PROCEDURE).examples if one.id == "moved_within")
    said = {**example.answers, "frame": frame}
    return Draft(
        world, answers=said, files=(), procedure=PROCEDURE, version=version(PROCEDURE), municipality=KANAGAWA,
        **changed,
    )  # fmt: skip


@pytest.fixture
def prefecture(db: None) -> Desk:
    staff = {
        "intake": member("ken.uketsuke", Role.INTAKE, municipality=KANAGAWA),
        "reviewer": member("ken.shinsa", Role.REVIEWER, Role.INTAKE, municipality=KANAGAWA),
        "approver": member("ken.kessai", Role.APPROVER, municipality=KANAGAWA),
        "elsewhere": member("machi.shinsa", Role.REVIEWER, Role.INTAKE),
    }
    return Desk(**{name: staff.get(name, staff["intake"]) for name in Desk.__dataclass_fields__})


Decided = Callable[[str], Case]


@pytest.fixture
def decided(world: World, receive: Receive, prefecture: Desk) -> Decided:
    """A notification about the car with this frame number, decided by the prefecture's desk."""

    def go(frame: str) -> Case:
        case = receive(draft(world, frame).envelope())
        reviewer = signed_in(prefecture.reviewer)
        press(reviewer, case, "take")
        posted = {"done_on": today().isoformat(), "kept_here": "yes"}
        assert press(reviewer, case, "step", "base", **posted).status_code == 302
        answer = press(reviewer, case, "propose", outcome="granted", reasons=["0", "1"])
        assert answer.status_code == 302, answer.content.decode()
        assert press(signed_in(prefecture.approver), case, "decide").status_code == 302
        return case

    return go


def item_of(case: Case) -> Item:
    with under(KANAGAWA):
        return Item.objects.get(case_id=case.pk)


def told(case: Case) -> list[str]:
    """What the resident was told of the case, in order."""
    with under(KANAGAWA):
        sent = OutboxMessage.objects.filter(kind="status.changed").order_by("posted_at", "id")
        bodies = [read_envelope(bytes(one.document)).body for one in sent]
    return [body["message"]["ja"] for body in bodies if body["application_id"] == str(case.pk)]


def test_a_code_says_which_kind_of_body_it_is() -> None:
    assert (body_of(KANAGAWA), body_of(HAYAMA), prefecture_of(HAYAMA)) == (
        "prefecture",
        "municipality",
        KANAGAWA,
    )


def test_who_files_is_taken_in_from_the_certificate_and_found_again(world: World, receive: Receive) -> None:
    case = receive(draft(world).envelope())
    assert (case.identified, case.status, case.flags) == (True, "received", [])
    with under(KANAGAWA):
        assert "宛名に新しく登録" in case.identifications.get().reason
        holder = Resident.objects.get(atena_number=case.atena_number)
    assert (holder.name, holder.reason) == ("葉山 健太", "outside")
    again = receive(draft(world).envelope())
    assert again.atena_number == case.atena_number
    with under(KANAGAWA):
        assert "一致" in again.identifications.get().reason


def test_a_certificate_of_somebody_else_takes_nobody_in(world: World, receive: Receive) -> None:
    other = replace(draft(world), answers={**draft(world).answers, "applicant_name": {"name": "別人　太郎"}})
    case = receive(other.envelope())
    assert (case.identified, case.manual_reason) == (False, "signer_is_not_claimant")
    with under(KANAGAWA):
        assert not Resident.objects.exists()


def test_a_town_takes_nobody_in(world: World, receive: Receive) -> None:
    stranger = replace(draft(world, signer="stranger"), municipality=HAYAMA)
    case = receive(stranger.envelope())
    assert (case.identified, case.manual_reason) == (False, "no_match")


def test_the_prefectures_rows_are_not_the_towns(world: World, receive: Receive, prefecture: Desk) -> None:
    case = receive(draft(world).envelope())
    with under(HAYAMA):
        assert not Case.objects.filter(pk=case.pk).exists()
    assert signed_in(prefecture.elsewhere).get(f"/desk/cases/{case.pk}/").status_code == 404
    assert "住所変更届" in page(signed_in(prefecture.reviewer), "queue")


def test_a_decided_notification_goes_out_through_the_door_and_the_resident_is_told(
    decided: Decided, settings: Settings
) -> None:
    settings.OUTSIDE_ADAPTERS = ["yakuba.casework.outside_demo.DemoOneStop"]
    case = decided("ABC10-1234567")
    assert item_of(case).state == "ready"
    assert sweep_outside(0) == 1
    item = item_of(case)
    assert item.state == "returned"
    assert item.outside_number.startswith("見本-")
    assert "実際のワンストップサービスではありません" in told(case)[-1]
    with under(KANAGAWA):
        entry = entries.current("jidousha", case.atena_number, today())
        assert Notice.objects.get(case_id=case.pk).kind == "received"
    assert entry is not None
    assert entry.items["address"].startswith("神奈川県三浦郡葉山町")
    assert sweep_outside(0) == 0  # answered once, asked no more


def test_a_refusal_outside_is_kept_and_told(decided: Decided) -> None:
    case = decided("FAIL-1")
    assert outside.push(KANAGAWA, DemoOneStop()) == 1
    assert item_of(case).state == "rejected"
    assert "受け付けられませんでした" in told(case)[-1]


def test_a_door_that_crashes_loses_nothing_and_is_asked_again(decided: Decided) -> None:
    case = decided("CRASH-1")
    before = len(told(case))
    assert outside.push(KANAGAWA, DemoOneStop()) == 0
    assert (item_of(case).state, len(told(case))) == ("sent", before)

    class Mended(DemoOneStop):
        def submit(self, package: outside.Package) -> outside.Result:
            return super().submit(replace(package, document={"answers": {"frame": "ABC"}}))

    assert outside.push(KANAGAWA, Mended()) == 1
    assert item_of(case).state == "returned"
    assert fresh(case).status == "decided"


def test_kenta_is_known_in_his_town_all_the_same(world: World, receive: Receive) -> None:
    receive(draft(world).envelope())
    assert receive(Draft(world).envelope()).atena_number == KENTA
