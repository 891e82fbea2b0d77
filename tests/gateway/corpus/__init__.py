"""Hostile and ordinary files, each made by a few lines, with what must become of it. One table drives the tests and the
page ``docs/sanitising.md``. Nothing here is kept as a file: a corpus that lies about is what scanners find."""

import os
from dataclasses import replace

from tests.gateway.corpus.archives import ARCHIVES
from tests.gateway.corpus.documents import DOCUMENTS
from tests.gateway.corpus.office import OFFICE
from tests.gateway.corpus.ordinary import ORDINARY
from tests.gateway.corpus.others import OTHERS
from tests.gateway.corpus.specimen import Specimen

_ALL = (*ORDINARY, *DOCUMENTS, *OFFICE, *ARCHIVES, *OTHERS)
_OFFICE_SAMPLE = (
    "Excel sheet (xlsx)",
    "macro (docm)",
    "a Word document that costs more than its time",
)
CORPUS: tuple[Specimen, ...] = tuple(
    replace(one, sample=not one.office or one.name in _OFFICE_SAMPLE) for one in _ALL
)
"""Every specimen, in the order of the page."""
TRIED = tuple(one for one in CORPUS if one.sample or os.environ.get("YAKUBA_CORPUS") == "all")
"""Those the tests try now."""
