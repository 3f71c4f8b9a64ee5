"""Reviewers' work: claims, decisions, settlement, agreement, the audit log."""
