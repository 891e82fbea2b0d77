"""A municipality's own procedures (独自手続き): published in the office, kept in every zone, found by the registry."""
