"""Parsing: words, names, amounts and dates of one document."""
