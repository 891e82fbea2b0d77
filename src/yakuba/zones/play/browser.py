"""A very small browser without JavaScript: follows links, fills forms, sends them. What it can do, a resident with any
browser can do too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx


class PageProblem(RuntimeError):
    """A page was not what the story expected; carries what the page said."""


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes and what it would send as it stands."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, words
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects forms, links and words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._text: list[str] | None = None
        self._link = ""
        self._button: dict[str, str | None] | None = None
        self._select = self._area = ""
        self._chosen: str | None = None
        self._ignored = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in ("script", "style", "rt", "rp"):
            self._ignored += 1
        elif tag == "form":
            self._form = Form(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self._link, self._text = given.get("href") or "", []
        elif tag == "button":
            self._button, self._text = given, []
        elif tag == "select":
            self._select, self._chosen = given.get("name") or "", None
        elif tag == "option":
            self._option(given)
        elif tag == "textarea":
            self._area, self._text = given.get("name") or "", []
        elif tag == "input":
            self._input(given)

    def _option(self, given: Mapping[str, str | None]) -> None:
        if self._form is not None and self._select:
            value = given.get("value") or ""
            self._form.choices.setdefault(self._select, []).append(value)
            if "selected" in given or self._chosen is None:
                self._chosen = value

    def _input(self, given: Mapping[str, str | None]) -> None:
        name, kind, value = given.get("name"), given.get("type") or "text", given.get("value") or ""
        if self._form is None or not name or "disabled" in given:
            return
        if kind == "file":
            self._form.files.append(name)
        elif kind in ("radio", "checkbox"):
            self._form.choices.setdefault(name, []).append(value or "on")
            if "checked" in given:
                self._form.fields.append((name, value or "on"))
        elif kind == "submit":
            self._form.buttons.append((name, value, value))
        else:
            self._form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "rt", "rp"):
            self._ignored -= 1
        elif tag == "form":
            self._form = None
        elif tag == "a" and self._link:
            self.links.append((self._link, "".join(self._text or []).strip()))
            self._link, self._text = "", None
        elif tag == "button" and self._button is not None:
            self._end_button()
        elif tag == "select" and self._select:
            if self._form is not None and self._chosen is not None:
                self._form.fields.append((self._select, self._chosen))
            self._select = ""
        elif tag == "textarea" and self._area:
            if self._form is not None:
                self._form.fields.append((self._area, "".join(self._text or []).removeprefix("\n")))
            self._area, self._text = "", None

    def _end_button(self) -> None:
        given, words = self._button or {}, "".join(self._text or []).strip()
        if self._form is not None:
            self._form.buttons.append((given.get("name") or "", given.get("value") or "", words))
        self._button, self._text = None, None

    def handle_data(self, data: str) -> None:
        if self._ignored:
            return
        if self._text is not None:
            self._text.append(data)
        if data.strip():
            self.words.append(data.strip())


@dataclass(frozen=True, slots=True)
class Page:
    """What came back."""

    url: str
    status: int
    body: bytes
    forms: list[Form]
    links: list[tuple[str, str]]
    words: str

    def form(self, part_of_action: str = "", *, with_field: str = "", with_button: str = "") -> Form:
        """The first form whose action, fields and button words contain what is asked.

        Raises:
            PageProblem: there is none; the message carries the page's words.
        """
        for form in self.forms:
            names = [name for name, _ in form.fields] + list(form.choices) + form.files
            if (
                part_of_action in form.action
                and (not with_field or with_field in names)
                and (not with_button or any(with_button in words for _, _, words in form.buttons))
            ):
                return form
        asked = part_of_action or with_field or with_button
        raise PageProblem(f"{self.url}: 「{asked}」の用紙がありません。\n{self.words[:1500]}")

    def link(self, part: str) -> str:
        """The address of the first link whose address or words contain ``part``."""
        for address, words in self.links:
            if part in address or part in words:
                return urljoin(self.url, address)
        raise PageProblem(f"{self.url}: 「{part}」へのリンクがありません。\n{self.words[:1500]}")


class Browser:
    """One person's browser: cookies, redirects, an Origin header on what it posts."""

    def __init__(self, timeout: float = 60.0) -> None:
        self._client = httpx.Client(follow_redirects=True, timeout=timeout, headers={"Accept-Language": "ja"})

    def get(self, url: str) -> Page:
        """Open a page."""
        return self._page(self._client.get(url))

    def send(
        self,
        page: Page,
        form: Form,
        values: Mapping[str, str | list[str]] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        button: str = "",
    ) -> Page:
        """Fill ``form`` of ``page`` with ``values`` over what it holds, and send it with the button whose words or
        value contain ``button`` (default: the first that has a name, as a browser would on Enter)."""
        data = _filled(form, values or {}, button)
        target = urljoin(page.url, form.action) if form.action else page.url
        if form.method == "get":
            return self._page(self._client.get(target, params=_pairs(data)))
        parts = urlsplit(page.url)
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Referer": page.url}
        return self._page(
            self._client.post(target, data=data, files=dict(files or {}) or None, headers=headers)
        )

    @property
    def cookies(self) -> httpx.Cookies:
        """What this browser would send."""
        return self._client.cookies

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _page(self, answer: httpx.Response) -> Page:
        if answer.status_code >= 500:
            raise PageProblem(f"{answer.url}: {answer.status_code}")
        reader = _Reader()
        if "html" in answer.headers.get("Content-Type", ""):
            reader.feed(answer.text)
        words = " ".join(reader.words)
        return Page(str(answer.url), answer.status_code, answer.content, reader.forms, reader.links, words)


def _filled(form: Form, values: Mapping[str, str | list[str]], button: str) -> dict[str, str | list[str]]:
    data: dict[str, str | list[str]] = {}
    for name, value in form.fields:
        held = data.setdefault(name, [])
        if isinstance(held, list):
            held.append(value)
    data.update(values)
    pressed = [b for b in form.buttons if button in b[1] or button in b[2]] if button else form.buttons[:1]
    if button and not pressed:
        raise PageProblem(f"「{button}」のボタンがありません: {form.buttons}")
    data.update({name: value for name, value, _ in pressed[:1] if name})
    return data


def _pairs(data: Mapping[str, str | list[str]]) -> list[tuple[str, str | int | float | bool | None]]:
    return [
        (name, one) for name, value in data.items() for one in (value if isinstance(value, list) else [value])
    ]
