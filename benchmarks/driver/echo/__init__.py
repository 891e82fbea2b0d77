"""A room for tests: it notes every effect a message has, without refusing the second one, so that twice would show."""
