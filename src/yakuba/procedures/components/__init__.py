"""The components a page is made of: each reads a form post, checks a value, says its JSON Schema, and shows itself."""
