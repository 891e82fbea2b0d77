"""Full path validation (RFC 5280 section 6) for the town's outgoing documents and for other PKIs.

Residents' certificates never come here: they hang one hop under a pinned root (:mod:`yakuba.card.verdict`).
Here a path may be long, with policies, name constraints, indirect and delta lists and OCSP. The engine is a
library's; it runs in a process of its own that lives for one question, under limits on CPU, memory and time.

    with PathJudge() as judge:
        verdict = judge.verdict(PathQuestion(target=..., at=..., anchors=..., others=..., lists=...))
        signed = verify_cms(content, message, at=..., authorities=Authorities(anchors=...), judge=judge)
"""

from yakuba.card.paths.judge import PathJudge
from yakuba.card.paths.outcomes import PathReason, PathVerdict
from yakuba.card.paths.question import PathLimits, PathQuestion, PathSettings
from yakuba.card.paths.signed import Authorities, SignedVerdict, verify_cms

__all__ = [
    "Authorities",
    "PathJudge",
    "PathLimits",
    "PathQuestion",
    "PathReason",
    "PathSettings",
    "PathVerdict",
    "SignedVerdict",
    "verify_cms",
]
