"""Imported once in the process the loading workers are forked from: Django set up and everything they need in memory."""

import django

django.setup()

import yakuba.demo.load  # noqa: E402, F401 - only now may a model be imported
