-- The tables of a record; store/tables.py says what each column means. Portable: no type or default that only one database has.

CREATE TABLE deal (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    block TEXT NOT NULL,
    equipment TEXT NOT NULL,
    traits TEXT NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (id)
);
CREATE INDEX deal_block ON deal (block, number);

CREATE TABLE document (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    "key" TEXT NOT NULL,
    uri TEXT NOT NULL,
    outlet TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT,
    updated TEXT,
    read TEXT,
    known TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    cleaner TEXT NOT NULL,
    credits TEXT NOT NULL,
    credit_spans TEXT NOT NULL,
    analysed_by TEXT NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (id)
);
CREATE INDEX document_known ON document (known);
CREATE INDEX document_text ON document (text_sha256);

CREATE TABLE judgement (
    number INTEGER NOT NULL,
    left_id TEXT NOT NULL,
    right_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    score FLOAT NOT NULL,
    reason TEXT NOT NULL,
    judged_by TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    PRIMARY KEY (number)
);
CREATE INDEX judgement_left ON judgement (left_id);
CREATE INDEX judgement_right ON judgement (right_id);

CREATE TABLE run (
    number INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    sources TEXT NOT NULL,
    analysed_by TEXT NOT NULL,
    added INTEGER NOT NULL,
    already_known INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    PRIMARY KEY (number)
);

CREATE TABLE stale_block (
    block TEXT NOT NULL,
    PRIMARY KEY (block)
);

CREATE TABLE cell (
    finding INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    deal INTEGER NOT NULL,
    document INTEGER NOT NULL,
    known TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    inferred INTEGER NOT NULL,
    PRIMARY KEY (finding, claim),
    FOREIGN KEY(deal) REFERENCES deal (number),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX cell_deal ON cell (deal, field);

CREATE TABLE deal_party (
    role TEXT NOT NULL,
    party TEXT NOT NULL,
    deal INTEGER NOT NULL,
    PRIMARY KEY (role, party, deal),
    FOREIGN KEY(deal) REFERENCES deal (number)
);
CREATE INDEX deal_party_deal ON deal_party (deal);

CREATE TABLE finding (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    document INTEGER NOT NULL,
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    part_of INTEGER,
    made_by TEXT NOT NULL,
    score FLOAT NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (id),
    FOREIGN KEY(document) REFERENCES document (number),
    FOREIGN KEY(part_of) REFERENCES finding (number)
);
CREATE INDEX finding_document ON finding (document);
CREATE INDEX finding_part_of ON finding (part_of);

CREATE TABLE issue (
    id TEXT NOT NULL,
    step TEXT NOT NULL,
    what TEXT NOT NULL,
    place TEXT NOT NULL,
    todo TEXT NOT NULL,
    document INTEGER,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX issue_document ON issue (document);

CREATE TABLE about (
    finding INTEGER NOT NULL,
    transfer INTEGER NOT NULL,
    PRIMARY KEY (finding, transfer),
    FOREIGN KEY(finding) REFERENCES finding (number),
    FOREIGN KEY(transfer) REFERENCES finding (number)
);
CREATE INDEX about_transfer ON about (transfer);

CREATE TABLE claim (
    finding INTEGER NOT NULL,
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    quote TEXT NOT NULL,
    inferred INTEGER NOT NULL,
    score FLOAT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (finding, number),
    FOREIGN KEY(finding) REFERENCES finding (number)
);

CREATE TABLE deal_member (
    finding INTEGER NOT NULL,
    deal INTEGER,
    block TEXT NOT NULL,
    score FLOAT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (finding),
    FOREIGN KEY(finding) REFERENCES finding (number),
    FOREIGN KEY(deal) REFERENCES deal (number)
);
CREATE INDEX deal_member_block ON deal_member (block);
CREATE INDEX deal_member_deal ON deal_member (deal);

CREATE TABLE statement (
    finding INTEGER NOT NULL,
    document INTEGER NOT NULL,
    known TEXT NOT NULL,
    speaker TEXT NOT NULL,
    as_written TEXT NOT NULL,
    role TEXT NOT NULL,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    PRIMARY KEY (finding),
    FOREIGN KEY(finding) REFERENCES finding (number),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX statement_document ON statement (document);
CREATE INDEX statement_known ON statement (known);

