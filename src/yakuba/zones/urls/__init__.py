"""One URL table per zone."""
