"""The pages of a record: register, deals, reports, people, states, search, sources, changes, review; each with a JSON twin."""
