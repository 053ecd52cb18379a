-- What people decide, kept by its words; what the register said, from when on and through whom; and versions of one report.

ALTER TABLE document ADD COLUMN until TEXT NOT NULL DEFAULT '';
CREATE INDEX document_uri ON document (uri);
ALTER TABLE claim ADD COLUMN act INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cell ADD COLUMN act INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statement ADD COLUMN act INTEGER NOT NULL DEFAULT 0;

CREATE TABLE act (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    verb TEXT NOT NULL,
    person TEXT NOT NULL,
    why TEXT NOT NULL,
    acted_at TEXT NOT NULL,
    value TEXT NOT NULL,
    words TEXT NOT NULL,
    undoes TEXT NOT NULL,
    last_document INTEGER NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (id)
);
CREATE INDEX act_verb ON act (verb);

CREATE TABLE act_target (
    act INTEGER NOT NULL,
    place INTEGER NOT NULL,
    document_id TEXT NOT NULL,
    uri TEXT NOT NULL,
    document_key TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    root TEXT NOT NULL,
    field TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (act, place),
    FOREIGN KEY(act) REFERENCES act (number)
);
CREATE INDEX act_target_document ON act_target (document_id);
CREATE INDEX act_target_uri ON act_target (uri);
CREATE INDEX act_target_text ON act_target (text_sha256);
CREATE INDEX act_target_root ON act_target (root);

CREATE TABLE act_state (
    act INTEGER NOT NULL,
    place INTEGER NOT NULL,
    document INTEGER NOT NULL,
    state TEXT NOT NULL,
    finding_id TEXT NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (act, place, document),
    FOREIGN KEY(act) REFERENCES act (number),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX act_state_state ON act_state (state);
CREATE INDEX act_state_document ON act_state (document);
CREATE INDEX act_state_finding ON act_state (finding_id);

CREATE TABLE as_analysed (
    document INTEGER NOT NULL,
    findings TEXT NOT NULL,
    PRIMARY KEY (document),
    FOREIGN KEY(document) REFERENCES document (number)
);

CREATE TABLE history (
    number INTEGER NOT NULL,
    noted_at TEXT NOT NULL,
    run INTEGER,
    act INTEGER,
    deal TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (number)
);
CREATE INDEX history_deal ON history (deal, number);

CREATE TABLE unnoted (
    deal INTEGER NOT NULL,
    PRIMARY KEY (deal)
);

INSERT INTO unnoted (deal) SELECT number FROM deal;
