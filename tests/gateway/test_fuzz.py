"""A short, seeded sample of :mod:`tests.gateway.fuzz`; ``make fuzz`` goes on for ten minutes."""

from itertools import islice

from tests.gateway import files
from tests.gateway.fuzz import judged, originals, rounds
from yakuba.gateway.sanitise.sandbox import Sandbox


def test_damaged_files_are_made_harmless_or_refused_and_nothing_else() -> None:
    sandbox = Sandbox()
    try:
        outcomes = {
            judged(name, data, policy, sandbox).ref.refused
            for (name, _good, policy), data in islice(rounds(20261127, office=False), 40)
        }
        assert None in outcomes
        assert len(outcomes) > 2
        assert (
            judged("a.pdf", files.one_page_pdf(), originals(office=False)[0][2], sandbox).ref.refused is None
        )
    finally:
        sandbox.close()
