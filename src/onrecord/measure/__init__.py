"""Judges what the extractor finds: gold, scores, and the floors below which no score may fall."""
