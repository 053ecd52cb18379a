"""Lining a register of the user's own up with the record: lines → matching → comparing → written (see docs/reconcile.md)."""
