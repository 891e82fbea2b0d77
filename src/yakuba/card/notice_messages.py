"""What each check on a notice means in words, for residents and for anyone a notice is shown to."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources

from yakuba.base.catalog import read_catalog
from yakuba.base.texts import Text
from yakuba.card.outcomes import Outcome


class NoticeCheckCode(StrEnum):
    """What is asked of a notice's file, in this order; ALL is the answer as a whole."""

    ALL = "all"
    FILE = "file"
    ONE_SIGNATURE = "one_signature"
    WHOLE = "whole"
    FORM = "form"
    STAMP = "stamp"
    MESSAGE = "message"
    CONTENT = "content"
    ISSUER = "issuer"
    VALIDITY = "validity"
    REVOCATION = "revocation"


_CLAUSES: Mapping[NoticeCheckCode, str] = {
    NoticeCheckCode.ALL: "ETSI EN 319 102-1 5.1.3",
    NoticeCheckCode.FILE: "ISO 32000-1 7.5.2, 7.5.5",
    NoticeCheckCode.ONE_SIGNATURE: "ISO 32000-1 12.8.1",
    NoticeCheckCode.WHOLE: "ISO 32000-1 12.8.1 (ByteRange); ETSI EN 319 142-1 5.3",
    NoticeCheckCode.FORM: "ISO 32000-1 12.8.1 table 252; ETSI EN 319 142-1 6.3",
    NoticeCheckCode.STAMP: "RFC 3161 2.4; ETSI EN 319 142-1 6.3 (B-T)",
    NoticeCheckCode.MESSAGE: "RFC 5652 5; ETSI EN 319 142-1 6.3",
    NoticeCheckCode.CONTENT: "RFC 5652 5.4, 5.6, 11.2",
    NoticeCheckCode.ISSUER: "RFC 5280 4.2, 6.1; RFC 5035 3",
    NoticeCheckCode.VALIDITY: "RFC 5280 4.1.2.5, 6.1.3 (a)(2)",
    NoticeCheckCode.REVOCATION: "RFC 5280 5, 6.3",
}


@cache
def _texts() -> Mapping[str, Text]:
    return read_catalog(resources.files("yakuba.card") / "notice_texts")


LAPSED = "stamp_lapsed"


def words(code: NoticeCheckCode, outcome: Outcome, reason: str | None = None) -> Text:
    """What ``outcome`` of the check ``code`` means. A stamp that has ended is no fault, but proves no time any more."""
    return _texts()[f"checks.{code.value}.{'lapsed' if reason == LAPSED else outcome.value}"]


def clause(code: NoticeCheckCode) -> str:
    """The clause of the standard the check comes from."""
    return _CLAUSES[code]
