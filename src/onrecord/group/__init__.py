"""The step that tells which reports carry one original: wire copies, abridgements, rewrites, translations."""
