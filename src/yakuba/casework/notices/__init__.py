"""Notices (通知書): numbered, laid out as PDF/A, signed with the town's key, sent to the resident."""
