"""Cells: a zone's municipalities spread over several PostgreSQL clusters, and moved between them while in use."""
