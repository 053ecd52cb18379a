-- What the pages read of a large record without reading all of it: findings of a kind, reports of an outlet, what somebody says.
-- `until` stands last: nearly all reports share one value of it, and an index that begins with it would be taken for a short way to few.

CREATE INDEX finding_kind ON finding (kind, score);
CREATE INDEX document_newest ON document (known, number, until);
CREATE INDEX document_outlet ON document (outlet, known, number, until);
CREATE INDEX statement_organization ON statement (organization, known);
CREATE INDEX statement_speaker ON statement (speaker, known);
