"""Whether a town's people are made up. Pages that show residents ask, and say so to everybody who works on them."""

from yakuba.registers.models import BulkLoad


def is_synthetic() -> bool:
    """Whether the town of the enclosing ``under(municipality)`` was filled from a plan that states ``synthetic``."""
    return BulkLoad.objects.filter(plan__synthetic=True).exists()
