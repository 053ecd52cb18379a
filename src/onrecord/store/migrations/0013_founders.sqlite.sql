-- A deal keeps its number when an earlier transfer turns out to have founded it, so that nothing but its own row is written then: the number
-- is no longer its founder's. Ids under which deals are known no longer wait for the history.

CREATE TABLE deal_anew (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    equipment TEXT NOT NULL,
    joined_to INTEGER NOT NULL,
    founder INTEGER NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (id),
    FOREIGN KEY(founder) REFERENCES finding (number)
);
INSERT INTO deal_anew (number, id, equipment, joined_to, founder) SELECT number, id, equipment, joined_to, number FROM deal;
DROP TABLE deal;
ALTER TABLE deal_anew RENAME TO deal;
CREATE INDEX deal_joined ON deal (number) WHERE joined_to != number;
CREATE INDEX deal_founder ON deal (founder);

CREATE TABLE gone_deal (
    deal TEXT NOT NULL,
    PRIMARY KEY (deal)
);

-- The few documents that a newer version replaced, so that what counts today is told without reading every report.
CREATE INDEX document_replaced ON document (until) WHERE until != '';
