"""The launcher: prepares a folder, starts every part of the town hall in order, keeps them up, stops them cleanly."""
