"""A procedure's definition as the engine sees it: frozen values, read from one YAML file and checked before use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from yakuba.base.texts import Text
from yakuba.procedures.conditions import ALWAYS, Condition
from yakuba.procedures.context import Answers, Role

Receiver = Literal["municipality", "prefecture"]
SignatureRule = Literal["required", "municipality_decides"]
SignatureMode = Literal["required", "login"]
SecondSignature = Literal["off", "optional", "required"]
Availability = Literal["always", "period", "declared_disaster"]


@dataclass(frozen=True, slots=True)
class Law:
    """A provision the procedure stands on: law, article, where its text is, and what is not sure about it."""

    law: str
    article: str
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline or a standard processing time. ``days`` is ``None`` where the law or the town states none."""

    text: Text
    days: int | None = None
    law: str | None = None
    sure: bool = True
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value kept in the answers and the words shown."""

    value: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One component of a page. Which of the optional parts mean something depends on ``type`` (see the meta schema)."""

    id: str
    type: str
    label: Text
    hint: Text | None = None
    example: str | None = None
    required: bool = True
    when: Condition = ALWAYS
    register: Mapping[str, str] = field(
        default_factory=dict
    )  # part of the answer ("" for the whole) → register item path
    register_of: Literal["subject", "signer"] = (
        "subject"  # whose record fills it: the claim's subject or who signs
    )
    prefill: bool = True  # whether what the register holds is offered as the answer
    means: str = ""  # what is asked, shared with fields of other forms (see shared.py); empty: only its register item says
    known_from: Mapping[str, object] = field(
        default_factory=dict
    )  # what the town knows that answers it (questions before typing only; see known.py)
    review_only: bool = False
    autocomplete: str | None = None
    law: str | None = None
    default: str | None = None
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    unit: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    digits: int | None = None
    earliest: str | None = None
    latest: str | None = None
    uncertain: bool = False
    kana: Literal["required", "optional"] = "required"
    fields: tuple["Field", ...] = ()
    item_name: Text | None = None
    first_is_subject: bool = False  # whether a group's first item is pre-filled with the person applying
    household: Mapping[str, int] = field(default_factory=dict)  # which household members may pre-fill a group
    accepts: tuple[str, ...] = ()  # kinds of files and names of groups of them: see file_kinds
    sanitise: Literal["raster", "disarm"] = "raster"  # how the gateway makes a PDF harmless
    original_needed: bool = False
    can_follow_later: bool = False

    @property
    def is_group(self) -> bool:
        return self.type == "group"


@dataclass(frozen=True, slots=True)
class Check:
    """A rule across a page's fields: where ``wrong_when`` holds, ``message`` is shown at ``field``."""

    field: str
    wrong_when: Condition
    message: Text


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    title: Text
    fields: tuple[Field, ...]
    intro: Text | None = None
    when: Condition = ALWAYS
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """A value the form works out and shows (``<id>`` in its texts): see :mod:`~yakuba.procedures.computed`."""

    id: str
    kind: str
    inputs: Mapping[str, str | int]
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """A role that may apply, and what a person in it must know or add."""

    role: Role
    label: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Cosigning:
    """A second person signs the same application: who that may be stands in the group ``group`` of the form, and whether it is
    asked for is the municipality's to say (``mode`` until it does)."""

    group: str
    mode: SecondSignature = "optional"


@dataclass(frozen=True, slots=True)
class Hint:
    """A word on eligibility before typing. It informs; it never decides."""

    when: Condition
    verdict: Literal["likely", "unlikely", "elsewhere", "ask"]
    text: Text
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A full set of answers that validates: for tests, demonstrations, and as documentation of the answer paths."""

    id: str
    title: Text
    role: Role
    today: date
    answers: Answers
    attachments: tuple[str, ...] = ()
    applicant_for: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """One version of one procedure, valid from ``valid_from`` until ``valid_until`` (both included)."""

    id: str
    version: str
    valid_from: date
    valid_until: date | None
    title: Text
    summary: Text
    category: str
    laws: tuple[Law, ...]
    life_events: tuple[str, ...]
    keywords: tuple[str, ...]
    deadline: Term
    processing: Term
    applicants: tuple[Applicant, ...]
    signature_rule: SignatureRule
    signature: SignatureMode
    availability: Availability
    notices: Mapping[str, Text]
    eligibility: Page
    hints: tuple[Hint, ...]
    pages: tuple[Page, ...]
    computed: tuple[Computed, ...] = ()
    examples: tuple[Example, ...] = ()
    example_settings: Mapping[str, object] = field(default_factory=dict)
    offline: tuple[Text, ...] = ()
    follows: str = ""  # the procedure one must have done before; found after it
    receiver: Receiver = "municipality"  # the kind of body (地方公共団体) that receives it
    rule: str = ""  # the module of yakuba.procedures.rules that decides it; empty: people alone do
    cosigning: Cosigning | None = None  # where a second person may sign as well

    @property
    def second_signature(self) -> SecondSignature:
        """Whether a second person's signature is asked for."""
        return self.cosigning.mode if self.cosigning else "off"

    def page(self, page_id: str) -> Page:
        """The page with this id (the eligibility questions are the page ``eligibility``).

        Raises:
            KeyError: no such page.
        """
        for page in (*self.pages, self.eligibility):
            if page.id == page_id:
                return page
        raise KeyError(f"procedure {self.id} has no page {page_id!r}")

    def fields(self) -> Iterator[tuple[Page, Field]]:
        """Every top-level field with its page, in order."""
        for page in self.pages:
            for found in page.fields:
                yield page, found

    def field(self, field_id: str) -> Field:
        """The top-level field with this id.

        Raises:
            KeyError: no such field.
        """
        for _, found in self.fields():
            if found.id == field_id:
                return found
        raise KeyError(f"procedure {self.id} has no field {field_id!r}")

    def allows(self, role: Role) -> bool:
        return any(applicant.role == role for applicant in self.applicants)
