"""The record: tables, migrations, one writer, every query."""
