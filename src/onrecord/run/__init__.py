"""Runners: map a function over shards."""
