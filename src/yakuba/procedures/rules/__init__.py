"""Decision rules: dated pure functions of values. No clock, no database, no file below them.

Each procedure is a package with ``decide(application, facts, as_of, parameters) -> Decision`` and ``Facts``.
"""
