"""Submissions in rows: found, filtered, reviewed one after the other or several at once."""
