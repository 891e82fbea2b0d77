"""The directory of bodies this portal serves, municipalities and prefectures: dated data, not tables."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from django.conf import settings

from yakuba.base.municipality import body_of, municipality_code, prefecture_of
from yakuba.base.texts import Text


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality as the portal names it. ``code`` is the six-digit 全国地方公共団体コード."""

    code: str
    name: Text
    prefecture: Text
    contact: Text

    def __str__(self) -> str:
        return self.code

    @property
    def is_prefecture(self) -> bool:
        """Whether this is a prefecture, which receives what concerns cars."""
        return body_of(self.code) == "prefecture"


def prefecture(town: Town) -> Town | None:
    """The prefecture a town lies in, where this portal serves it; None for a prefecture itself."""
    return None if town.is_prefecture else towns().get(prefecture_of(town.code))


@cache
def towns() -> dict[str, Town]:
    """Every town served, by code. ``settings.PORTAL_TOWNS`` (codes) narrows the list; empty means all in the file."""
    text = (resources.files("yakuba.portal") / "data" / "towns.yaml").read_text(encoding="utf-8")
    wanted = set(getattr(settings, "PORTAL_TOWNS", ()))
    return {
        code: Town(
            municipality_code(code), *(Text(**entry[key]) for key in ("name", "prefecture", "contact"))
        )
        for code, entry in yaml.safe_load(text).items()
        if not wanted or code in wanted
    }


class TownConverter:
    """URL part: the code of a town this portal serves; any other six digits are no page."""

    regex = "[0-9]{6}"

    def to_python(self, value: str) -> Town:
        """Raises ``ValueError`` (Django: try the next URL) for a town that is not served."""
        try:
            return towns()[value]
        except KeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: Town | str) -> str:
        return str(value)
