"""Writing findings and registers in other forms."""
