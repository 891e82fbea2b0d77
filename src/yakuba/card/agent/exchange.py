"""A request and an answer as values: the agent's rules are functions of these and know no socket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from yakuba.base.texts import Language

MAX_FIELDS: Final = 20


class BadRequest(Exception):
    """The request is refused; ``status`` and the text key ``why`` (of ``texts/agent.yaml``) say how and why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(f"{status.value} {why}")


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. Header names are lower-case; each with all the values it came with."""

    method: str
    path: str
    headers: Mapping[str, Sequence[str]]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The one value of a header; None if it was not sent.

        Raises:
            BadRequest: it was sent twice, so that two readers might see two different ones.
        """
        values = self.headers.get(name, ())
        if len(values) > 1:
            raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed")
        return values[0] if values else None

    def language(self) -> Language:
        """What the browser asks for first, where no form has said: English, or else Japanese."""
        first = (self.headers.get("accept-language") or ("",))[0]
        return "en" if first.lower().startswith("en") else "ja"

    def media_type(self) -> str:
        """The body's type, without parameters."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def form(self) -> Mapping[str, str]:
        """The fields of a plain form; none twice.

        Raises:
            BadRequest: not such a form.
        """
        if self.media_type() != "application/x-www-form-urlencoded":
            raise BadRequest(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "malformed")
        try:
            pairs = parse_qsl(
                self.body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
                max_num_fields=MAX_FIELDS,
            )  # fmt: skip
        except ValueError as problem:
            raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed") from problem
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed")
        return fields


@dataclass(frozen=True, slots=True)
class Response:
    """What goes out."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
