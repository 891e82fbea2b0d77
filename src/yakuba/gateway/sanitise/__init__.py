"""Sanitising (無害化): files from the internet are taken apart in cells and made anew, harmless, or refused.

``clean`` is the way in, ``making`` how each kind is made, ``policy`` what may come through where; docs/sanitising.md.
"""

from yakuba.gateway.sanitise.kinds import ACCEPTED, sniff

__all__ = ["ACCEPTED", "sniff"]
