-- The rule's verdicts bear the time at which they were reached, as people's do; of older ones it is not known.

ALTER TABLE deal_member ADD COLUMN judged_at TEXT NOT NULL DEFAULT '';
ALTER TABLE deal_doubt ADD COLUMN judged_at TEXT NOT NULL DEFAULT '';
