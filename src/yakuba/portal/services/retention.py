"""What the internet zone keeps, and for how long. What is not listed here is not kept.

======================  =====================================================================================
draft and its files     30 days from the last change (told to the resident on every list of drafts)
request to co-sign      as its draft; the second signature goes with the application
bundle                  as its drafts; gone when they are sent or the last one leaves it
answers of a sent one   until the end-to-end receipt has come back from the My Number zone; a correction request
                        brings them along again, and they go when the correction is sent, withdrawn or decided
files of a sent one     held by the outbox until the end-to-end receipt (see ``yakuba.gateway``)
application             number, procedure, times, status history, digest, names and digests of the files:
                        3 years, so that "my applications" can answer
notice (PDF)            180 days from issue; the resident is told; the original is with the municipality
certificate history     that the town was asked for a certificate's predecessors: 3 years from asking
mandate                 unsigned: 1 day; declined, revoked or run out: 1 year, and as long as a draft or application rests
                        on it; a code to be given one: until it has run out
people acted for by law 1 day from asking
sign-in with its proof  1 day; the proof goes with the application that needs it
card ticket             1 day
======================  =====================================================================================
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from yakuba.base.clock import japan_day
from yakuba.gateway import blobs
from yakuba.gateway.models import OutboxMessage
from yakuba.portal.models import (
    Application,
    Bundle,
    CardTicket,
    CertificateHistory,
    Draft,
    MandataryCode,
    Mandate,
    Notice,
    SignIn,
    WardsAsked,
)
from yakuba.portal.services import wards
from yakuba.portal.services.drafting import remove

APPLICATIONS = timedelta(days=3 * 365)
NOTICES = timedelta(days=180)
SIGN_INS = timedelta(days=1)
UNSIGNED = timedelta(days=1)
MANDATES = timedelta(days=365)


def clean_up(at: datetime) -> dict[str, int]:
    """Remove what is past its time in the municipality the transaction is under; how many of each."""
    return {
        "answers": drop_delivered_answers(at),
        "drafts": _drafts(at),
        "bundles": Bundle.objects.filter(expires_at__lt=at).delete()[0],
        "notices": _notices(at),
        "applications": Application.objects.filter(submitted_at__lt=at - APPLICATIONS).delete()[0],
        "certificates": CertificateHistory.objects.filter(asked_at__lt=at - APPLICATIONS).delete()[0],
        "sign_ins": SignIn.objects.filter(at__lt=at - SIGN_INS).delete()[0],
        "mandates": _mandates(at),
        "codes": MandataryCode.objects.filter(expires_at__lt=at).delete()[0],
        "wards": WardsAsked.objects.filter(asked_at__lt=at - wards.KEPT).delete()[0],
        "tickets": CardTicket.objects.filter(expires_at__lt=at - SIGN_INS).delete()[0],
    }


def drop_delivered_answers(at: datetime) -> int:
    """Erase the answers of applications whose message has its end-to-end receipt."""
    waiting = Application.objects.filter(delivered_at__isnull=True, message__isnull=False)
    delivered = OutboxMessage.objects.filter(state="delivered", message__in=waiting.values("message"))
    return waiting.filter(message__in=delivered.values("message")).update(delivered_at=at, answers=None)


def _drafts(at: datetime) -> int:
    old = list(Draft.objects.filter(expires_at__lt=at))
    for draft in old:
        remove(draft)
    return len(old)


def _mandates(at: datetime) -> int:
    """Those that came to nothing, and those that are over; one that a draft or an application rests on stays."""
    unsigned = Q(state="written", created_at__lt=at - UNSIGNED)
    over = Q(state__in=("declined", "revoked"), state_at__lt=at - MANDATES) | Q(
        until__lt=japan_day(at - MANDATES)
    )
    resting = [rows.filter(mandate=OuterRef("id")) for rows in (Draft.objects, Application.objects)]
    found = Mandate.objects.filter(unsigned | over, *(~Exists(rows) for rows in resting))
    return found.delete()[0]


def _notices(at: datetime) -> int:
    old = list(Notice.objects.filter(issued_at__lt=at - NOTICES))
    for notice in old:
        blobs.release(notice.municipality, f"notice:{notice.id}")
        notice.delete()
    return len(old)
