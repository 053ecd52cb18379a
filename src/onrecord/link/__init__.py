"""Linking: which known person or body a name stands for."""
