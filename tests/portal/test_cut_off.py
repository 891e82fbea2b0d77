"""By-laws of a day on which the inner zones cannot be reached: nobody pulls the outbox in these tests, as on such a day."""

import uuid
from datetime import timedelta

import pytest

from tests.portal.cast import HAYAMA, JPEG, Visitor, arrives, example
from tests.portal.conftest import publish
from tests.portal.test_applying import posted, ready
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.card.testca import TestCA
from yakuba.gateway import blobs
from yakuba.gateway.models import Link, OutboxMessage
from yakuba.portal.models import Application, Draft
from yakuba.portal.services import prefilling, verdicts
from yakuba.portal.services.drafting import context_of
from yakuba.portal.services.offers import offer
from yakuba.portal.services.retention import clean_up
from yakuba.portal.services.uploading import keep_whole
from yakuba.procedures.slots import attachment_slots

pytestmark = pytest.mark.django_db
_DISASTER = "risai-shoumei"


def photographed(draft: uuid.UUID, disaster: str) -> None:
    """Every answer typed by hand, and a photo in every place that needs one."""
    hers = example(0).answers
    with under(HAYAMA):
        found = Draft.objects.get(id=draft)
        found.answers = {
            **example(0, _DISASTER).answers, "disaster": disaster, "applicant_name": hers["claimant_name"],
            "applicant_birth_date": hers["claimant_birth_date"],
        }  # fmt: skip
        found.save()
        chosen, context = offer(found.procedure, today(), found.version), context_of(found, now())
        for number, slot in enumerate(attachment_slots(chosen.procedure, found.answers, context)):
            if slot.required:
                keep_whole(found, slot, "写真.jpg", JPEG + bytes([number]), now())


def test_a_resident_applies_with_photos_while_the_town_is_cut_off(hanako: Visitor) -> None:
    flood = {"id": "flood", "name": "台風第19号", "declared_on": "2026-01-01", "until": None}
    signed = {_DISASTER: {"signature": "required"}}
    arrives("settings.published", {"procedures": signed, "disasters": [flood]})
    Link.objects.create(peer="lgwan", last_contact_at=now() - timedelta(hours=3))
    hanako.sign_in()
    draft = hanako.begin(_DISASTER)
    page = hanako.page(f"drafts/{draft}/")
    assert "ご自分で記入すれば、そのまま申請できます" in page
    assert "よびだしています" not in page
    photographed(draft, "flood")
    reply = hanako.sign(draft)
    assert reply.headers.get("Location", "").endswith(f"/applications/{draft}/received/"), (
        reply.content.decode()
    )
    with under(HAYAMA):
        sent = Application.objects.get(id=draft)
        held = [one["sha256"] for one in sent.attachments]
        assert held
        assert sent.receipt_number in hanako.page(f"applications/{draft}/received/")
        clean_up(now() + timedelta(days=40))
        assert OutboxMessage.objects.get(message=sent.message).state == "waiting"
        for sha256 in held:
            assert blobs.read(HAYAMA, sha256).startswith(JPEG)
        kept = Application.objects.get(id=draft)
        assert kept.answers
    assert len(posted()) == 1


def test_nobody_is_told_to_wait_for_a_town_that_is_cut_off() -> None:
    assert not prefilling.cut_off(now()), "before the first call nothing is known"
    Link.objects.create(peer="lgwan", last_contact_at=now() - timedelta(minutes=1))
    assert not prefilling.cut_off(now())
    Link.objects.update(last_contact_at=now() - timedelta(minutes=3))
    assert prefilling.cut_off(now())


def test_what_cannot_be_checked_does_not_pass_and_is_not_lost(hanako: Visitor, authority: TestCA) -> None:
    """The lists have ended: no signature passes, nothing was sent, and with new lists the same draft goes through."""
    draft = ready(hanako)
    authority.publish_crls(now=now() - timedelta(days=8))
    verdicts._trust.cache_clear()
    try:
        refused = hanako.sign(draft)
        assert refused.status_code == 400
        page = refused.content.decode()
        assert "いま確認できません" in page
        assert "なにも送られていません" in page
        assert posted() == []
        with under(HAYAMA):
            assert Draft.objects.get(id=draft).uploads.count() > 0
    finally:
        publish(authority)
    assert hanako.sign(draft).headers["Location"].endswith(f"/applications/{draft}/received/")
    assert len(posted()) == 1
