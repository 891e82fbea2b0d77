"""The portal's own texts (``*.yaml`` beside this file), for code; templates use ``{% text %}``."""

from yakuba.base.catalog import text
from yakuba.base.texts import Language, Text, without_readings

_ROOM = "yakuba.portal"


def say(key: str, **facts: object) -> Text:
    """The text ``key`` with ``facts`` filled in."""
    return text(_ROOM, key).format(**facts)


def words(key: str, language: Language, **facts: object) -> str:
    """The text ``key`` in one language, without readings: for titles and for programs."""
    return without_readings(say(key, **facts).in_language(language))
