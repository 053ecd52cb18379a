"""Readers: a file, page or line of JSON becomes a Raw."""
