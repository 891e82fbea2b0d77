"""By-laws of applications signed together: each is judged by itself, and only as the manifest lists it."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from tests.casework.cast import HAYAMA, NINOMIYA, Desk, Draft, Receive, World
from tests.casework.test_desk import page, signed_in
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import now
from yakuba.base.ids import receipt_number, uuid7
from yakuba.base.tenancy import under
from yakuba.card.bundle import BundleCheckCode, BundleReason, manifest
from yakuba.card.evidence_verdict import verify_evidence
from yakuba.card.outcomes import Outcome
from yakuba.card.trust import TrustStore
from yakuba.card.tsa import TestTsa
from yakuba.casework import checks_shown, evidence_kept
from yakuba.casework.bundles import bundle_of
from yakuba.casework.models import Case, CaseDocument, CaseEvidence
from yakuba.casework.tasks import keep_missing_evidence
from yakuba.gateway.envelope import Envelope
from yakuba.procedures import registry
from yakuba.procedures.known import known_items
from yakuba.registers.prefill import is_item

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Together:
    """Two applications of Kenta's that his card signed at once."""

    first: Draft
    second: Draft
    bundle_id: UUID

    @classmethod
    def of(cls, world: World) -> "Together":
        return cls(Draft(world), Draft(world), uuid4())

    def manifest(self) -> dict[str, Any]:
        return manifest(self.bundle_id, HAYAMA, [self.first.document(), self.second.document()])

    def signature(self, listed: dict[str, Any] | None = None) -> bytes:
        return self.first.signed(listed or self.manifest())

    def message(self, draft: Draft | None = None, **body: Any) -> Envelope:
        """The first application's message (or ``draft``'s); what is handed in takes the honest part's place."""
        honest = {"bundle": self.manifest(), "signature": self.signature()}
        return (draft or self.first).envelope(**{**honest, **body})

    def resigned(self, listed: dict[str, Any]) -> dict[str, Any]:
        """``listed`` in the manifest's place, truly signed by the same card."""
        return {"bundle": listed, "signature": self.signature(listed)}


@pytest.fixture
def together(world: World) -> Together:
    return Together.of(world)


def test_each_application_of_a_bundle_is_good_by_itself_and_finds_its_applicant(
    together: Together, receive: Receive
) -> None:
    for draft in (together.second, together.first):
        case = receive(together.message(draft))
        assert (case.verdict_outcome, case.verdict_reason) == ("good", "")
        assert case.identified
        assert case.document.bundle == together.manifest()


def _altered(one: Together) -> dict[str, Any]:
    document = one.first.document()
    return {"document": {**document, "answers": {**document["answers"], "claimant_phone": "0468000000"}}}


def _swapped(one: Together) -> dict[str, Any]:
    listed = one.manifest()
    first, second = listed["applications"]
    return one.resigned(
        {
            **listed,
            "applications": [{**first, "sha256": second["sha256"]}, {**second, "sha256": first["sha256"]}],
        }
    )


def _dropped(one: Together) -> dict[str, Any]:
    listed = one.manifest()
    lines = [line for line in listed["applications"] if line["application_id"] != str(one.first.identifier)]
    return one.resigned({**listed, "applications": lines})


def _twice(one: Together) -> dict[str, Any]:
    listed = one.manifest()
    lines = listed["applications"]
    return one.resigned({**listed, "applications": [lines[0], lines[0], lines[1]]})


def _same_digest_twice(one: Together) -> dict[str, Any]:
    listed = one.manifest()
    first, second = listed["applications"]
    return one.resigned({**listed, "applications": [first, {**second, "sha256": first["sha256"]}]})


def _other_procedure(one: Together) -> dict[str, Any]:
    listed = one.manifest()
    lines = [{**line, "procedure": "risai-shoumei"} for line in listed["applications"]]
    return one.resigned({**listed, "applications": lines})


_ALTERATIONS = {
    "the application was altered": (_altered, BundleReason.LISTED_OTHERWISE),
    "two digests were swapped": (_swapped, BundleReason.LISTED_OTHERWISE),
    "another procedure is named": (_other_procedure, BundleReason.LISTED_OTHERWISE),
    "it was dropped from the manifest": (_dropped, BundleReason.NOT_LISTED),
    "an application stands in it twice": (_twice, BundleReason.LISTED_TWICE),
    "a digest stands in it twice": (_same_digest_twice, BundleReason.LISTED_TWICE),
    "the manifest is another town's": (
        lambda one: one.resigned({**one.manifest(), "municipality": NINOMIYA}),
        BundleReason.MANIFEST_OTHER_TOWN,
    ),
    "the manifest says more than it may": (
        lambda one: one.resigned({**one.manifest(), "note": ""}),
        BundleReason.MANIFEST_FORM,
    ),
    "the manifest is empty": (lambda one: {"bundle": {}}, BundleReason.MANIFEST_FORM),
    "the manifest is no object": (lambda one: {"bundle": "x"}, BundleReason.MANIFEST_FORM),
}


@pytest.mark.parametrize("name", _ALTERATIONS)
def test_what_is_not_as_it_was_listed_is_not_good_and_the_reason_says_so(
    together: Together, receive: Receive, name: str
) -> None:
    alter, reason = _ALTERATIONS[name]
    case = receive(together.message(**alter(together)))
    assert (case.verdict_outcome, case.verdict_reason) == ("bad", reason.value)
    assert not case.identified
    shown = checks_shown.of_signature(case.document)
    assert shown[0].outcome == "bad"
    assert "一覧" in shown[0].label
    assert shown[0].words


def test_every_reason_of_a_bundle_has_its_alteration() -> None:
    assert {reason for _, reason in _ALTERATIONS.values()} == set(BundleReason)
    assert set(BundleCheckCode) <= set(checks_shown.CHECKS)


def test_a_manifest_changed_after_the_signature_is_refused_by_the_core(
    together: Together, receive: Receive
) -> None:
    listed = {**together.manifest(), "bundle_id": str(uuid4())}
    case = receive(together.message(bundle=listed))
    assert (case.verdict_outcome, case.verdict_reason) == ("bad", "content_changed")


def test_the_bundles_signature_is_none_over_an_application_alone_nor_the_other_way_round(
    together: Together, receive: Receive
) -> None:
    alone = receive(together.message(bundle=None))
    assert (alone.verdict_outcome, alone.verdict_reason) == ("bad", "content_changed")
    own = together.second.signed()
    bundled = receive(together.message(together.second, signature=own))
    assert (bundled.verdict_outcome, bundled.verdict_reason) == ("bad", "content_changed")


def test_the_evidence_of_a_bundled_application_shows_its_verdict_again_in_years(
    together: Together, receive: Receive, settings: Settings, tmp_path: Path
) -> None:
    TestTsa.create(tmp_path, now=now())
    settings.TSA = str(tmp_path)
    case = receive(together.message())
    altered = receive(together.message(together.second, **_other_procedure(together)))
    assert keep_missing_evidence(HAYAMA) == 2
    for one, outcome in ((case, Outcome.GOOD), (altered, Outcome.BAD)):
        found = _again(one, tmp_path)
        assert (found.record, found.outcome) == (Outcome.GOOD, outcome)
    with under(HAYAMA):
        body = json.loads(bytes(CaseEvidence.objects.get(case=case).record))["body"]
    both = {"application": together.first.document(), "bundle": together.manifest()}
    assert (body["container"], body["content"]) == ("bundle", sha256_hex(canonical_bytes(both)))
    with pytest.raises(Exception, match="見つかりません"):
        call_command("desk_evidence", NINOMIYA, str(case.id), str(tmp_path / "out.json"))


def _again(case: Case, stamps: Path) -> Any:
    with under(HAYAMA):
        return verify_evidence(
            bytes(CaseEvidence.objects.get(case=case).record), at=now() + timedelta(days=5 * 365),
            authorities=TrustStore.from_folder(stamps / "roots"), archive=evidence_kept.part(HAYAMA),
        )  # fmt: skip


def test_the_clerk_sees_which_applications_came_together_whether_they_have_arrived_or_not(
    together: Together, receive: Receive, desk: Desk
) -> None:
    case = receive(together.message())
    with under(HAYAMA):
        found = bundle_of(case, CaseDocument.objects.get(case=case))
    assert found is not None
    assert [(one.id, one.case) for one in found.others] == [(together.second.identifier, None)]
    client = signed_in(desk.reviewer)
    shown = page(client, "case", case.pk)
    assert "まとめて署名された2件の申請の1つ" in shown
    assert receipt_number(together.second.identifier) in shown
    assert "まだ届いていません" in shown
    receive(together.message(together.second))
    shown = page(client, "case", case.pk)
    assert f"/cases/{together.second.identifier}/" in shown
    assert "まだ届いていません" not in shown


def test_an_application_by_itself_says_nothing_of_a_bundle(world: World, receive: Receive) -> None:
    case = receive(replace(Draft(world), identifier=uuid7()).envelope())
    with under(HAYAMA):
        assert bundle_of(case, CaseDocument.objects.get(case=case)) is None


def test_what_tells_whether_a_procedure_applies_may_be_asked_of_the_registers() -> None:
    for one in registry.all_procedures(now().date()):
        assert [item for item in known_items(one) if not is_item(item)] == [], one.id
