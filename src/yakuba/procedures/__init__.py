"""The procedures (手続): versioned data, one file each, and the pure form engine that runs on them. No I/O but reading its own data files."""
