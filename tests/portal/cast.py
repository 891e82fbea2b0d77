"""The known cast of the portal's tests: Hanako applies, Taro has no business with her papers, the card agent in between."""

import base64
import json
import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

from django.test import Client

from yakuba.base.clock import now, today
from yakuba.base.tenancy import under
from yakuba.card.attributes import Attributes, birth_text
from yakuba.card.emulated import EmulatedCard
from yakuba.gateway.envelope import Envelope
from yakuba.gateway.handlers import handler_of
from yakuba.portal.models import Application, Draft
from yakuba.portal.services.drafting import context_of
from yakuba.portal.services.offers import offer
from yakuba.portal.services.uploading import keep_whole
from yakuba.procedures.definition import Example
from yakuba.procedures.registry import procedure
from yakuba.procedures.slots import attachment_slots

HAYAMA, NINOMIYA = "143014", "143421"
SIGN_PIN, AUTH_PIN = "HAYAMA2026", "1234"
CHILD_ALLOWANCE = "jidou-teate-nintei"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 20
PDF = b"%PDF-1.7\n" + b"0" * 4000 + b"\n%%EOF"
_ADDRESS = "神奈川県三浦郡葉山町堀内2135番地"


def person(name: str, birth: date, sex: str = "2") -> Attributes:
    """A synthetic holder of a card."""
    return Attributes(name, "0" * len(name), sex, birth_text(birth), _ADDRESS, "0" * len(_ADDRESS))


def example(number: int = 0, procedure_id: str = CHILD_ALLOWANCE) -> Example:
    """A full set of answers from the definition itself."""
    return procedure(procedure_id).examples[number]


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the form for the card agent on a page."""
    form = html.split('class="agent-form"', 1)[1].split("</form>", 1)[0]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


@dataclass
class Visitor:
    """A browser with its cookies, and perhaps a card beside it."""

    card: EmulatedCard | None = None
    town: str = HAYAMA
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=False))

    def url(self, path: str = "") -> str:
        return f"/{self.town}/{path}"

    def get(self, path: str = "", **data: Any) -> Any:
        return self.client.get(self.url(path), data)

    def post(self, path: str, data: Any = None) -> Any:
        return self.client.post(self.url(path), data or {})

    def page(self, path: str = "") -> str:
        """The page's text; it must be there."""
        reply = self.get(path)
        assert reply.status_code == 200, (reply.status_code, path, reply.headers.get("Location"))
        return reply.content.decode()

    def sign_in(self, card: EmulatedCard | None = None) -> Any:
        """The whole way of a sign-in, as browser and agent go it. Returns the last answer."""
        return self.come_back(self.authenticated(card))

    def authenticated(self, card: EmulatedCard | None = None) -> str:
        """The card has answered the challenge, the agent has brought it back; where the browser is sent now."""
        fields = hidden(self.page("sign-in/"))
        held = card or self.card
        assert held is not None
        answer = held.authenticate(base64.b64decode(fields["content"]), AUTH_PIN)
        result = {
            "certificate": base64.b64encode(answer.certificate).decode(),
            "signature": base64.b64encode(answer.signature).decode(),
        }
        return self.agent_returns(fields["ticket"], json.dumps(result).encode())

    def agent_returns(self, ticket: str, result: bytes = b"", error: str = "") -> str:
        """The agent's form posts from its own page: without the portal's cookies."""
        sent = {"ticket": ticket, "error": error, "result": base64.b64encode(result).decode()}
        reply = Client(enforce_csrf_checks=True).post(self.url("card/return/"), sent)
        assert reply.status_code == 302, reply.content.decode()
        return str(reply.headers["Location"])

    def come_back(self, location: str) -> Any:
        return self.client.get(location)

    def begin(self, procedure_id: str = CHILD_ALLOWANCE, **about: str) -> uuid.UUID:
        """Start a draft; its id."""
        reply = self.post(f"procedures/{procedure_id}/start/", {"role": "self", **about})
        assert reply.status_code == 302, reply.content.decode()
        found = re.search(r"/drafts/([0-9a-f-]{36})/", reply.headers["Location"])
        assert found, reply.headers["Location"]
        return uuid.UUID(found[1])

    def sign(self, draft: uuid.UUID, card: EmulatedCard | None = None, content: bytes | None = None) -> Any:
        """Sign what the review page shows (or other ``content``) and come back."""
        fields = hidden(self.page(f"drafts/{draft}/review/"))
        held = card or self.card
        assert held is not None
        shown = base64.b64decode(fields["content"])
        cms = held.sign_cms(content or shown, SIGN_PIN, at=now())
        return self.come_back(self.agent_returns(fields["ticket"], cms))

    def document(self, draft: uuid.UUID) -> dict[str, Any]:
        """The document on the review page."""
        fields = hidden(self.page(f"drafts/{draft}/review/"))
        found: dict[str, Any] = json.loads(base64.b64decode(fields["content"]))
        return found


def arrives(
    kind: str,
    body: dict[str, Any],
    attachments: Any = (),
    municipality: str = HAYAMA,
    sent_at: datetime | None = None,
) -> None:
    """A message from the My Number zone is handled as the inbox does."""
    at = sent_at or now()
    envelope = Envelope(uuid.uuid4(), municipality, kind, "mynumber", "internet", at, body, attachments)
    with under(municipality):
        handler_of(kind)(envelope)


def application_of(number: uuid.UUID, municipality: str = HAYAMA) -> Application:
    with under(municipality):
        return Application.objects.get(id=number)


def fill(draft: uuid.UUID, given: Example | None = None, **changes: Any) -> None:
    """Put a full set of answers into a draft, as if typed page by page, and a file into every slot that needs one."""
    chosen = given or birth_example()
    with under(HAYAMA):
        found = Draft.objects.get(id=draft)
        found.answers = {**dict(chosen.answers), **changes}
        found.save()
        offered = offer(found.procedure, now().date(), found.version)
        context = context_of(found, now())
        for slot in attachment_slots(offered.procedure, found.answers, context):
            if slot.required:
                keep_whole(found, slot, "書類.pdf", PDF, now())


def birth_example() -> Example:
    """The child allowance for a child born five days ago: every answer, in the applicant's own role."""
    given = example(0)
    born = (today() - timedelta(days=5)).isoformat()
    children = [{**one, "birth_date": born} for one in given.answers["children"]]  # type: ignore[attr-defined]
    return replace(given, answers={**given.answers, "event_date": born, "children": children})
