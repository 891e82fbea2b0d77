"""Every page of the portal that names somebody's papers, asked for under another town (by the very same person) and by
somebody else in the same town: what exists and what does not must be answered alike."""

# ruff: noqa: F811 - fixtures are imported by their names

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import get_resolver

from tests.house.test_house import routes
from tests.portal.cast import NINOMIYA, Visitor, fill
from tests.portal.conftest import (  # noqa: F401 - fixtures
    authority,
    hanako,
    hanako_card,
    internet_zone,
    issue,
    keys,
    taro,
    taro_card,
)
from tests.portal.test_following import issue_notice, sent
from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.portal.models import Bundle, CardTicket, CoSigning, Draft, Upload
from yakuba.portal.services import mandates

pytestmark = pytest.mark.django_db
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_COMMON = {"page_id": "account"}
_NAMING = {
    "draft_id",
    "upload_id",
    "application_id",
    "notice_id",
    "ticket_id",
    "mandate_id",
    "bundle_id",
    "cosigning_id",
}


def paths() -> list[str]:
    """Every route of the internet zone that names papers, without the town it begins with."""
    found = [path for path, _ in routes(get_resolver("yakuba.zones.urls.internet").url_patterns)]
    return [path.removeprefix("<town:town>/") for path in found if set(_PART.findall(path)) & _NAMING]


def papers(visitor: Visitor) -> dict[str, str]:
    """One of everything: an application with its notice, and a draft with a file and a ticket for the card."""
    application = sent(visitor)
    notice = issue_notice(application)
    draft = visitor.begin()
    fill(draft)
    visitor.page(f"drafts/{draft}/review/")
    with under(visitor.town):
        upload = Upload.objects.get(draft=draft)
        ticket = CardTicket.objects.latest("id")
        owner = Draft.objects.get(id=draft).owner
        mandate = mandates.write(visitor.town, owner, "somebody/1", (), today(), "", now())
        bundle = Bundle.objects.create(
            municipality=visitor.town, owner=owner, event="birth", created_at=now(), updated_at=now(),
            expires_at=now() + timedelta(days=1),
        )  # fmt: skip
        asked = CoSigning.objects.create(
            municipality=visitor.town, draft_id=draft, sha256="0" * 64, code_sha256="0" * 64, cosigner=owner,
            asked_at=now(), state_at=now(), expires_at=now() + timedelta(days=1),
        )  # fmt: skip
    made = {
        "draft_id": draft,
        "upload_id": upload.pk,
        "application_id": application,
        "notice_id": notice,
        "ticket_id": ticket.pk,
        "mandate_id": mandate.pk,
        "bundle_id": bundle.pk,
        "cosigning_id": asked.pk,
    }
    return {name: str(value) for name, value in made.items()}


def ask(visitor: Visitor, method: str, path: str, names: dict[str, str]) -> tuple[int, str]:
    """Status and page, without what is different in every answer."""
    answer = getattr(visitor, method)(_PART.sub(lambda part: {**_COMMON, **names}[part[1]], path))
    body = (
        answer.getvalue().decode(errors="replace")
        if answer.streaming
        else answer.content.decode(errors="replace")
    )
    where = answer.headers.get("Location", "")
    for value in names.values():
        body, where = body.replace(value, "<named>"), where.replace(value, "<named>")
    return answer.status_code, where + re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]+', r"\1", body)


def test_every_kind_of_paper_is_named_by_a_route() -> None:
    assert {part for path in paths() for part in _PART.findall(path)} == _NAMING | set(_COMMON)
    assert len(paths()) > 12


@pytest.mark.parametrize("who", ["the same person under another town", "somebody else in the town"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_exists_and_what_does_not_are_answered_alike(
    hanako: Visitor,
    taro: Visitor,
    who: str,
    method: str,
) -> None:
    existing = papers(hanako)
    made_up = {name: str(uuid.uuid4()) for name in existing}
    stranger = Visitor(hanako.card, NINOMIYA) if who.startswith("the same person") else taro
    stranger.sign_in()
    for path in paths():
        real, invented = (ask(stranger, method, path, names) for names in (existing, made_up))
        assert real == invented, (method, path)
        assert real[0] in (302, 403, 404, 405), (method, path, real[0])


def test_she_herself_is_answered_so_that_the_refusals_mean_something(hanako: Visitor) -> None:
    existing = papers(hanako)
    answered = [path for path in paths() if ask(hanako, "get", path, existing)[0] == 200]
    assert {path.split("/")[0] for path in answered} >= {
        "drafts",
        "applications",
        "notices",
        "mandates",
        "bundles",
        "cosign",
    }
