-- What the pages read of a large record without reading all of it: findings of a kind, reports of an outlet, what somebody says.

CREATE INDEX finding_kind ON finding (kind, score);
CREATE INDEX document_newest ON document (until, known, number);
CREATE INDEX document_outlet ON document (until, outlet, known, number);
CREATE INDEX statement_organization ON statement (organization, known);
CREATE INDEX statement_speaker ON statement (speaker, known);
