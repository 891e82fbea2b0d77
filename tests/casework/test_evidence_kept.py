"""By-laws of the evidence the desk keeps of each signature."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from tests.casework.cast import HAYAMA, NINOMIYA, Draft, Receive, World
from yakuba.base.canonical import canonical_bytes, sha256_hex
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.card.evidence_verdict import EvidenceVerdict, verify_evidence
from yakuba.card.outcomes import Outcome
from yakuba.card.trust import TrustStore
from yakuba.card.tsa import KEY_LIFE, TestTsa, ensure_tsa
from yakuba.card.verifying.command import verify
from yakuba.casework import evidence_kept
from yakuba.casework.models import Case, CaseDocument, CaseEvidence, EvidencePart
from yakuba.casework.moves import lock_case
from yakuba.casework.tasks import keep_missing_evidence, renew_stamps, sweep_evidence
from yakuba.casework.verifying_again import verify_again

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tsa")
    TestTsa.create(folder, now=now())
    return folder


@pytest.fixture(autouse=True)
def _stamping(stamps: Path, settings: Settings) -> None:
    settings.TSA = str(stamps)


def judged(case: Case, stamps: Path) -> EvidenceVerdict:
    """The case's record, read again in five years."""
    with under(case.municipality):
        record = bytes(CaseEvidence.objects.get(case=case).record)
        return verify_evidence(
            record, at=now() + timedelta(days=5 * 365), authorities=TrustStore.from_folder(stamps / "roots"),
            archive=evidence_kept.part(case.municipality),
        )  # fmt: skip


def test_each_signature_gets_a_record_from_which_its_verdict_comes_out_again(
    world: World, receive: Receive, stamps: Path
) -> None:
    case = receive(Draft(world).envelope())
    assert keep_missing_evidence(HAYAMA) == 1
    assert keep_missing_evidence(HAYAMA) == 0
    found = judged(case, stamps)
    assert (found.record, found.outcome) == (Outcome.GOOD, Outcome.GOOD)
    with under(HAYAMA):
        document = CaseDocument.objects.get(case=case)
        body = json.loads(bytes(CaseEvidence.objects.get(case=case).record))["body"]
    assert body["content"] == sha256_hex(canonical_bytes(document.application))
    assert body["verdict"]["outcome"] == document.verdict["outcome"]


def test_roots_and_lists_are_kept_once_for_all_records_of_a_town(world: World, receive: Receive) -> None:
    for _ in range(3):
        receive(Draft(world).envelope())
    assert keep_missing_evidence(HAYAMA) == 3
    with under(HAYAMA):
        sizes = [len(bytes(one.record)) for one in CaseEvidence.objects.all()]
        parts = EvidencePart.objects.count()
    assert max(sizes) < 20_000
    assert parts <= len(list((world.folder / "roots").iterdir())) + 1
    with under(NINOMIYA):
        assert EvidencePart.objects.count() == 0


def test_a_record_written_out_holds_everything_and_whoever_has_the_roots_can_check_it(
    world: World, receive: Receive, stamps: Path, tmp_path: Path
) -> None:
    case, out = receive(Draft(world).envelope()), tmp_path / "record.json"
    with pytest.raises(CommandError, match="まだありません"):
        call_command("desk_evidence", HAYAMA, str(case.id), str(out))
    with pytest.raises(CommandError, match="見つかりません"):
        call_command("desk_evidence", NINOMIYA, str(case.id), str(out))
    keep_missing_evidence(HAYAMA)
    call_command("desk_evidence", HAYAMA, str(case.id), str(out))
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "stamps").symlink_to(stamps / "roots")
    (tmp_path / "trust" / "roots").symlink_to(world.folder / "roots")
    said = CliRunner().invoke(verify, [str(out), "--trust", str(tmp_path / "trust"), "--json"])
    assert (said.exit_code, json.loads(said.output)["kind"]) == (0, "evidence"), said.output


def test_what_waits_for_a_fresh_list_gets_its_record_when_it_is_settled(
    world: World, receive: Receive, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(world.folder / "roots", tmp_path / "roots")
    (tmp_path / "crls").mkdir()
    settings.YAKUBA_TRUST = str(tmp_path)
    case = receive(Draft(world).envelope())
    assert case.verdict_outcome == "unknown"
    assert keep_missing_evidence(HAYAMA) == 0
    settings.YAKUBA_TRUST = str(world.folder)
    with under(HAYAMA):
        assert verify_again(lock_case(case.id), None, now()) == "good"
    assert keep_missing_evidence(HAYAMA) == 1


def test_what_arrived_by_a_clock_two_years_ahead_is_judged_by_the_clock_that_was_set_right(
    world: World, receive: Receive, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(world.folder / "roots", tmp_path / "roots")
    (tmp_path / "crls").mkdir()
    settings.YAKUBA_TRUST = str(tmp_path)
    case = receive(Draft(world).envelope())
    assert case.verdict_outcome == "unknown"
    settings.YAKUBA_TRUST = str(world.folder)
    with under(HAYAMA):
        Case.objects.filter(pk=case.pk).update(arrived_at=now() + timedelta(days=730))
        assert verify_again(lock_case(case.id), None, now()) == "good"


def test_stamps_that_end_within_a_year_are_renewed_with_a_younger_key_and_bad_records_are_not(
    world: World, receive: Receive, settings: Settings, tmp_path: Path
) -> None:
    old = now() - KEY_LIFE + timedelta(days=30)
    (tmp_path / "tsa").mkdir()
    TestTsa.create(tmp_path / "tsa", now=old)
    settings.TSA = str(tmp_path / "tsa")
    good, bad = (receive(Draft(world).envelope()) for _ in range(2))
    assert keep_missing_evidence(HAYAMA) == 2
    with under(HAYAMA):
        spoilt = CaseEvidence.objects.get(case=bad)
        spoilt.record = bytes(spoilt.record).replace(b'"good"', b'"gooo"', 1)
        spoilt.save()
    assert renew_stamps(HAYAMA) == 0, "the authority has no younger key"
    ensure_tsa(tmp_path / "tsa", now=now())
    assert renew_stamps(HAYAMA) == 1
    assert renew_stamps(HAYAMA) == 0
    found = judged(good, tmp_path / "tsa")
    assert (found.outcome, len(found.stamps)) == (Outcome.GOOD, 2)


def test_without_a_time_stamping_authority_nothing_is_kept_and_nothing_breaks(
    world: World, receive: Receive, settings: Settings
) -> None:
    settings.TSA = ""
    receive(Draft(world).envelope())
    assert sweep_evidence(0) == 0
