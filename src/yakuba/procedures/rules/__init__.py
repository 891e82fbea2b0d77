"""Decision rules: dated pure functions of values. No clock, no database, no file below them.

Each procedure's definition names the module that decides it (``rule:``); it has ``facts_from`` and ``decide`` (:mod:`registry`).
"""
