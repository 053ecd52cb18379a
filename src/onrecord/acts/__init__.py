"""What people decide about a record, and how it holds through every re-run: nouns → selectors → matching → applying."""
