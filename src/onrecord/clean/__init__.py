"""Cleaning: a Raw becomes a Document whose text never changes again."""
