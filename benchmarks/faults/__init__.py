"""Faults on a real town hall: what is killed, cut, filled or spoiled, and whether every receipt number is still kept."""
