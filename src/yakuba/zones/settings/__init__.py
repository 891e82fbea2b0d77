"""Settings per zone. Each lists the rooms that exist in it: what a zone must not have is not loaded there."""
