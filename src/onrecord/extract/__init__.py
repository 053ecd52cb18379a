"""Extraction: transfers with their stages, and events between states."""
