"""Components whose answer is chosen: one, several, in order of preference, yes or no, or a declaration."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from yakuba.base.texts import Language, Text
from yakuba.procedures import normalise
from yakuba.procedures.components.base import Component, Fault, Post, Schema, message, part
from yakuba.procedures.context import Context
from yakuba.procedures.definition import Field

YES, NO = "yes", "no"


def option_label(field: Field, value: object) -> Text | None:
    """The words of the option with this value, ``None`` if there is no such option."""
    return next((option.label for option in field.options if option.value == value), None)


def option_rows(field: Field, chosen: object, language: Language) -> list[dict[str, Any]]:
    """What a template needs to show each option."""
    picked = chosen if isinstance(chosen, list) else [chosen]
    return [
        {
            "value": option.value,
            "label": option.label.in_language(language),
            "hint": option.hint.in_language(language) if option.hint else "",
            "chosen": option.value in picked,
        }
        for option in field.options
    ]


class Choice(Component):
    """One of several options: radio buttons, or a list to choose from where there are many."""

    own_words = True
    template = "choice"
    grouped = True

    def parse(self, field: Field, post: Post, name: str) -> object:
        return normalise.line(post.one(name)) or None

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        if not isinstance(value, str) or option_label(field, value) is None:
            yield Fault("", message("not_an_option", label=field.label))

    def schema(self, field: Field, context: Context) -> Schema:
        return {"enum": [option.value for option in field.options]}

    def show(self, field: Field, value: object, language: Language) -> str:
        label = option_label(field, value)
        return label.in_language(language) if label else str(value)

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        return {"options": option_rows(field, value, language)}

    def missing(self, field: Field) -> Text:
        return message("missing_choice", label=field.label)

    def first_part(self, field: Field) -> str:
        return "0"


class Select(Choice):
    """As :class:`Choice`, shown as a drop-down list: for more options than fit on a telephone's screen."""

    template = "select"
    grouped = False

    def first_part(self, field: Field) -> str:
        return ""


class MultiChoice(Choice):
    """Any number of options; kept in the order the definition lists them."""

    template = "multi_choice"

    def parse(self, field: Field, post: Post, name: str) -> object:
        chosen = list(dict.fromkeys(normalise.line(value) for value in post.many(name)))
        order = {option.value: position for position, option in enumerate(field.options)}
        return (
            sorted((value for value in chosen if value), key=lambda value: order.get(value, len(order)))
            or None
        )

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        allowed = {option.value for option in field.options}
        if not isinstance(value, list) or not value or any(not isinstance(one, str) for one in value):
            yield Fault("", message("unexpected", label=field.label))
        elif not allowed.issuperset(value) or len(set(value)) != len(value):
            yield Fault("", message("not_an_option", label=field.label))
        elif field.maximum is not None and len(value) > field.maximum:
            yield Fault("", message("too_many", label=field.label, count=field.maximum))

    def schema(self, field: Field, context: Context) -> Schema:
        limits = {} if field.maximum is None else {"maxItems": field.maximum}
        return {
            "type": "array",
            "items": {"enum": [option.value for option in field.options]},
            "uniqueItems": True,
            "minItems": 1,
            **limits,
        }

    def show(self, field: Field, value: object, language: Language) -> str:
        chosen = value if isinstance(value, list) else [value]
        return ("; " if language == "en" else "、").join(
            Choice.show(self, field, one, language) for one in chosen
        )


class Ranked(Choice):
    """An order of preference without duplicates: ``maximum`` lists, first choice first."""

    template = "ranked"

    def parse(self, field: Field, post: Post, name: str) -> object:
        chosen = [normalise.line(post.one(f"{name}-{rank}")) for rank in range(_ranks(field))]
        return [value for value in chosen if value] or None

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        if not isinstance(value, list) or any(not isinstance(one, str) for one in value):
            yield Fault("", message("unexpected", label=field.label))
            return
        wrong = [one for one in value if option_label(field, one) is None]
        twice = [one for one, times in Counter(value).items() if times > 1]
        if wrong:
            yield Fault(str(value.index(wrong[0])), message("not_an_option", label=field.label))
        elif twice:
            label = option_label(field, twice[0]) or field.label
            again = value.index(twice[0], value.index(twice[0]) + 1)
            yield Fault(str(again), message("chosen_twice", label=field.label, option=label))
        elif len(value) > _ranks(field):
            yield Fault("", message("too_many", label=field.label, count=_ranks(field)))
        elif len(value) < max(1, field.minimum or 0):
            yield Fault("", message("too_few_choices", label=field.label, count=max(1, field.minimum or 0)))

    def schema(self, field: Field, context: Context) -> Schema:
        return {
            "type": "array",
            "items": {"enum": [option.value for option in field.options]},
            "uniqueItems": True,
            "minItems": max(1, field.minimum or 0),
            "maxItems": _ranks(field),
        }

    def show(self, field: Field, value: object, language: Language) -> str:
        if not isinstance(value, list):
            return str(value)
        named = (Choice.show(self, field, one, language) for one in value)
        ranked = (
            f"{part('rank', rank=rank).in_language(language)}: {name}" for rank, name in enumerate(named, 1)
        )
        return "\n".join(ranked)

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        chosen = value if isinstance(value, list) else []
        rows = [
            {
                "rank": str(rank),
                "label": part("rank", rank=rank + 1).in_language(language),
                "options": option_rows(field, chosen[rank] if rank < len(chosen) else None, language),
            }
            for rank in range(max(min(_ranks(field), len(field.options)), len(chosen)))
        ]
        return {"ranks": rows, "choose": part("choose").in_language(language)}


def _ranks(field: Field) -> int:
    return field.maximum or len(field.options)


class YesNo(Component):
    """Yes or no; neither is chosen beforehand."""

    own_words = True
    template = "choice"
    grouped = True

    def parse(self, field: Field, post: Post, name: str) -> object:
        typed = normalise.line(post.one(name))
        return {YES: True, NO: False}.get(typed, typed or None)

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault("", message("unexpected", label=field.label))

    def schema(self, field: Field, context: Context) -> Schema:
        return {"type": "boolean"}

    def show(self, field: Field, value: object, language: Language) -> str:
        return (
            part(YES if value is True else NO).in_language(language)
            if isinstance(value, bool)
            else str(value)
        )

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        return {
            "options": [
                {
                    "value": key,
                    "label": part(key).in_language(language),
                    "hint": "",
                    "chosen": value is chosen,
                }
                for key, chosen in ((YES, True), (NO, False))
            ]
        }

    def missing(self, field: Field) -> Text:
        return message("missing_choice", label=field.label)

    def first_part(self, field: Field) -> str:
        return "0"


class Declaration(Component):
    """A statement the resident confirms by ticking; a required one that is not ticked stops the form."""

    own_words = True
    template = "declaration"

    def parse(self, field: Field, post: Post, name: str) -> object:
        return True if normalise.line(post.one(name)) else None

    def faults(self, field: Field, value: object, context: Context) -> Iterator[Fault]:
        if value is not True:
            yield Fault("", message("missing_declaration", label=field.label))

    def schema(self, field: Field, context: Context) -> Schema:
        return {"const": True}

    def show(self, field: Field, value: object, language: Language) -> str:
        return part("confirmed").in_language(language) if value is True else str(value)

    def controls(self, field: Field, value: object, language: Language) -> dict[str, Any]:
        return {"checked": value is True}

    def missing(self, field: Field) -> Text:
        return message("missing_declaration", label=field.label)


CHOICE = Choice()
SELECT = Select()
MULTI_CHOICE = MultiChoice()
RANKED = Ranked()
YES_NO = YesNo()
DECLARATION = Declaration()
