"""Surveys of damaged dwellings: from the applications to a day's list, and from the results back into the cases."""
