"""Every file of the corpus, and what is demanded of it: one table, one test."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageStat
from scripts.write_sanitising_page import PAGE, with_corpus

from tests.gateway import files
from tests.gateway.corpus import CORPUS, TRIED, Specimen
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise.clean import Cleaned, clean
from yakuba.gateway.sanitise.office_cell import installation
from yakuba.gateway.sanitise.refusals import codes, refusal_text
from yakuba.gateway.sanitise.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def sanitised(specimen: Specimen, sandbox: Sandbox) -> tuple[bytes, Cleaned]:
    data = specimen.make()
    ref = AttachmentRef("slot", specimen.filename, "application/octet-stream", len(data), "")
    return data, clean(ref, data, sandbox, specimen.limits, specimen.policy)


@pytest.mark.parametrize("specimen", TRIED, ids=lambda one: one.title)
def test_what_is_demanded_of_each_file_is_what_becomes_of_it(specimen: Specimen, sandbox: Sandbox) -> None:
    if specimen.office and installation().missing:
        pytest.skip(f"not installed: {installation().missing}")
    data, after = sanitised(specimen, sandbox)
    evidence = after.ref.evidence or {}
    assert evidence["before"] == hashlib.sha256(data).hexdigest()
    assert json.loads(json.dumps(evidence)) == evidence
    assert specimen.seen <= set(evidence["removed"])
    if specimen.demand == "refuse":
        assert (after.ref.refused, after.data, evidence["outcome"]) == (specimen.reason, b"", "refused")
        assert all(refusal_text(specimen.reason).in_language(language) for language in ("ja", "en", "easy"))
    elif specimen.demand == "bounded":
        assert after.ref.refused is None or after.ref.refused in codes()
        assert evidence["cpu_ms"] <= 1000 * (specimen.limits.cpu_seconds + 1)
        assert clean(after.ref, files.one_page_pdf(), sandbox).ref.refused is None  # the next file is served
    else:
        assert after.ref.refused is None, evidence
        assert evidence["after"] == hashlib.sha256(after.data).hexdigest() == after.ref.sha256
        assert evidence["method"] == specimen.method
        assert shows_something(after)
    assert not [mark for mark in specimen.gone if mark in after.data]
    assert not [words for words in specimen.text if words not in after.data.decode("utf-8-sig")]


def test_the_page_shows_the_table_as_it_is() -> None:
    page = PAGE.read_text("utf-8")
    assert page == with_corpus(page), "run: python -m scripts.write_sanitising_page"
    assert len({one.title for one in CORPUS}) == len(CORPUS)


def shows_something(after: Cleaned) -> bool:
    """Whether a person sees more than an empty page."""
    kind = after.ref.media_type
    if kind == "application/zip":
        with zipfile.ZipFile(BytesIO(after.data)) as archive:
            return bool(archive.namelist()) and archive.testzip() is None
    if kind.startswith("text/"):
        return bool(after.data.decode("utf-8-sig").strip())
    if kind == "application/pdf":
        with pypdfium2.PdfDocument(after.data) as document:
            picture = document[0].render(scale=1).to_pil().convert("L")
    else:
        picture = Image.open(BytesIO(after.data)).convert("L")
    return ImageStat.Stat(picture).stddev[0] > 2
