"""Sanitising (無害化): files from the internet are taken apart in a sandbox and built anew from their pixels.

``sniff`` tells at upload time whether a file is of a kind that can come through at all.
"""

from yakuba.gateway.sanitise.kinds import ACCEPTED, sniff

__all__ = ["ACCEPTED", "sniff"]
