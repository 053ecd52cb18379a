-- A deal keeps its number when an earlier transfer turns out to have founded it, so that nothing but its own row is written then: the number
-- is no longer its founder's. Ids under which deals are known no longer wait for the history.

ALTER TABLE deal ADD COLUMN founder INTEGER NOT NULL DEFAULT 0;
UPDATE deal SET founder = number;
ALTER TABLE deal ALTER COLUMN founder DROP DEFAULT;
ALTER TABLE deal DROP CONSTRAINT deal_number_fkey;
ALTER TABLE deal ADD FOREIGN KEY (founder) REFERENCES finding (number);
CREATE INDEX deal_founder ON deal (founder);

CREATE TABLE gone_deal (
    deal TEXT NOT NULL,
    PRIMARY KEY (deal)
);

-- The few documents that a newer version replaced, so that what counts today is told without reading every report.
CREATE INDEX document_replaced ON document (until) WHERE until != '';
