-- All that the register counts of a cell lies in the index by deal, in the order in which it is counted: the cells of a deal lie where
-- their reports put them, each on a page of its own. PostgreSQL bounds how long a row of an index may be, and reads the rows.

DROP INDEX cell_deal;
CREATE INDEX cell_deal ON cell (deal, field, value, document, known, inferred, concluded, act, finding, claim);
