"""One shape for every kind of verdict: the outcome in a sentence, and a line for each check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yakuba.base.catalog import text
from yakuba.base.clock import utc_text
from yakuba.base.texts import LANGUAGES, Text
from yakuba.card import messages
from yakuba.card.bundle import CLAUSE as BUNDLE_CLAUSE
from yakuba.card.bundle import AnyVerdict, BundleVerdict
from yakuba.card.evidence_verdict import EvidenceVerdict
from yakuba.card.outcomes import CLAUSES, CheckCode, Outcome, Verdict
from yakuba.card.paths import SignedVerdict
from yakuba.card.pdf import NoticeVerdict
from yakuba.card.xml import XmlVerdict

_EVIDENCE_CLAUSE = "RFC 3161 2.4; RFC 4998 5"


@dataclass(frozen=True, slots=True)
class Line:
    """One check: what was asked, what came out, and the clause that asks for it."""

    code: str
    outcome: Outcome
    words: Text
    reason: str | None
    clause: str

    def as_dict(self) -> dict[str, object]:
        """As JSON values."""
        return {
            "code": self.code,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "clause": self.clause,
            "words": {language: self.words.in_language(language) for language in LANGUAGES},
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What is told about a file. ``facts`` hold no personal data beyond the notice's signer."""

    kind: str
    outcome: Outcome
    words: Text
    lines: tuple[Line, ...]
    advice: Text | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def say(key: str) -> Text:
    """A text of ``texts/verify.yaml``."""
    return text("yakuba.card", f"verify.{key}")


def cannot_tell(kind: str, advice: str) -> Report:
    """A file nothing can be said about before something else is given."""
    return Report(kind, Outcome.UNKNOWN, say("all.unknown"), (), say(advice))


def notice_report(verdict: NoticeVerdict) -> Report:
    """A notice of the town."""
    lines = tuple(
        Line(check.code.value, check.outcome, check.words, check.reason, check.clause)
        for check in verdict.checks
    )
    facts = {
        "signer": verdict.signer,
        "signed_at": utc_text(verdict.signed_at) if verdict.signed_at else None,
        "stamped_at": utc_text(verdict.stamped_at) if verdict.stamped_at else None,
        "covers_whole_document": verdict.covers_whole_document,
    }
    return Report("notice", verdict.outcome, verdict.words, lines, None, facts)


def signature_report(verdict: Verdict) -> Report:
    """A resident's CMS signature over its content."""
    return Report(
        "signature",
        verdict.outcome,
        say(f"all.{verdict.outcome.value}"),
        tuple(_core(verdict)),
        _advice(verdict),
        _certificate(verdict),
    )


def other_signature_report(found: SignedVerdict) -> Report:
    """A CMS signature by somebody of another PKI: the message's checks, then the path as one."""
    lines = [_message_line(code, Outcome.GOOD, None) for code in found.made]
    if found.code is not None:
        lines.append(_message_line(found.code, Outcome.BAD, found.reason))
    facts: dict[str, object] = {"pki": "other"}
    if path := found.path:
        lines.append(Line("path", path.outcome, say("path.asked"), found.reason, path.clause))
        facts |= {"path": list(path.chain), "policies": list(path.policies)}
    advice = say(f"path.{found.outcome.value}") if found.path and found.reason else None
    words = say(f"all.{found.outcome.value}")
    return Report("signature", found.outcome, words, tuple(lines), advice, facts)


def _message_line(code: CheckCode, outcome: Outcome, reason: str | None) -> Line:
    return Line(code.value, outcome, say(f"codes.{code.value}"), reason, CLAUSES[code])


def xml_report(found: XmlVerdict) -> Report:
    """A signed XML document."""
    lines = [
        Line(check.code.value, check.outcome, say(f"xml.{check.code.value}"), check.reason, check.clause)
        for check in found.checks
    ]
    core = found.core
    lines += _core(core) if core else ()
    facts = _certificate(core) if core else {}
    words = say(f"all.{found.outcome.value}")
    return Report("xml", found.outcome, words, tuple(lines), _advice(core) if core else None, facts)


def evidence_report(found: EvidenceVerdict) -> Report:
    """A record, and the verdict it shows again."""
    lines = [
        Line(
            check.code.value,
            check.outcome,
            say(f"evidence.{check.code.value}"),
            check.reason,
            _EVIDENCE_CLAUSE,
        )
        for check in found.checks
    ]
    core = found.verdict
    lines += _core(core) if core else ()
    facts = {
        "record": found.record.value,
        "verdict_at": utc_text(found.at) if found.at else None,
        "stamps": [utc_text(stamp.at) for stamp in found.stamps],
        **(_certificate(core) if core else {}),
    }
    words = say(f"all.{found.outcome.value}")
    return Report("evidence", found.outcome, words, tuple(lines), _advice(core) if core else None, facts)


def _core(verdict: AnyVerdict) -> Iterator[Line]:
    if isinstance(verdict, BundleVerdict):
        for one in verdict.manifest:
            words = say(f"bundle.{one.code.value}")
            yield Line(
                one.code.value, one.outcome, words, one.reason.value if one.reason else None, BUNDLE_CLAUSE
            )
        verdict = verdict.core
    for check in verdict.checks:
        reason = check.reason.value if check.reason else None
        yield Line(check.code.value, check.outcome, say(f"codes.{check.code.value}"), reason, check.clause)


def _advice(verdict: AnyVerdict) -> Text | None:
    return messages.for_verdict(verdict) if verdict.reason else None


def _certificate(verdict: AnyVerdict) -> dict[str, object]:
    """Issuer's key and serial: enough for an office to find the holder, and for nobody else to know them."""
    signer = verdict.signer
    return {"certificate": f"{signer.issuer_key_id}/{signer.serial}" if signer else None}
