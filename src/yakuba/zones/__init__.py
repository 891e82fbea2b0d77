"""The three zones: settings per zone, the embedded PostgreSQL, the launcher."""
