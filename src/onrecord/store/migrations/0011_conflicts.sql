-- Where reports contradict each other, so that a queue of doubts is read from its index instead of counted from every cell. It is written
-- with the history; all deals of an older version are noted as changed, so that the next run or act writes theirs.

CREATE TABLE conflict (
    deal INTEGER NOT NULL,
    field TEXT NOT NULL,
    known TEXT NOT NULL,
    cell TEXT NOT NULL,
    equipment TEXT NOT NULL,
    left_value TEXT NOT NULL,
    left_report TEXT NOT NULL,
    left_quote TEXT NOT NULL,
    right_value TEXT NOT NULL,
    right_report TEXT NOT NULL,
    right_quote TEXT NOT NULL,
    more INTEGER NOT NULL,
    PRIMARY KEY (deal, field)
);
CREATE INDEX conflict_newest ON conflict (known, deal, field);

-- Pairs of deals by how sure the rule is that they are one: the most doubtful lie on both sides of the middle.
CREATE INDEX deal_doubt_score ON deal_doubt (verdict, score, finding, other);

INSERT INTO unnoted (deal) SELECT number FROM deal WHERE number = joined_to ON CONFLICT DO NOTHING;
