-- Deals are told anew from what reports say: each transfer is linked to one earlier transfer. The derived tables of the older rule go; what
-- they held is settled again as soon as the record is opened.

DROP TABLE cell;
DROP TABLE deal_member;
DROP TABLE deal_party;
DROP TABLE deal;
DROP TABLE stale_block;

CREATE TABLE deal (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    equipment TEXT NOT NULL,
    joined_to INTEGER NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (id),
    FOREIGN KEY(number) REFERENCES finding (number)
);
CREATE INDEX deal_joined ON deal (number) WHERE joined_to != number;

CREATE TABLE deal_member (
    finding INTEGER NOT NULL,
    document INTEGER NOT NULL,
    deal INTEGER NOT NULL,
    root INTEGER NOT NULL,
    parent INTEGER,
    verdict TEXT NOT NULL,
    score FLOAT NOT NULL,
    reason TEXT NOT NULL,
    judged_by TEXT NOT NULL,
    own TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (finding),
    FOREIGN KEY(finding) REFERENCES finding (number),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX deal_member_deal ON deal_member (deal);
CREATE INDEX deal_member_document ON deal_member (document);
CREATE INDEX deal_member_parent ON deal_member (parent);
CREATE INDEX deal_member_root ON deal_member (root);

CREATE TABLE deal_party (
    role TEXT NOT NULL,
    party TEXT NOT NULL,
    finding INTEGER NOT NULL,
    deal INTEGER NOT NULL,
    known TEXT NOT NULL,
    PRIMARY KEY (role, party, finding),
    FOREIGN KEY(finding) REFERENCES finding (number)
);
CREATE INDEX deal_party_deal ON deal_party (deal);
CREATE INDEX deal_party_finding ON deal_party (finding);

CREATE TABLE transfer_key (
    "key" BIGINT NOT NULL,
    day INTEGER NOT NULL,
    place BIGINT NOT NULL,
    part INTEGER NOT NULL,
    finding INTEGER NOT NULL,
    PRIMARY KEY ("key", day, place, part),
    FOREIGN KEY(finding) REFERENCES finding (number)
) WITHOUT ROWID;
CREATE INDEX transfer_key_finding ON transfer_key (finding);

CREATE TABLE deal_doubt (
    finding INTEGER NOT NULL,
    other INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    score FLOAT NOT NULL,
    reason TEXT NOT NULL,
    judged_by TEXT NOT NULL,
    PRIMARY KEY (finding, other),
    FOREIGN KEY(finding) REFERENCES finding (number),
    FOREIGN KEY(other) REFERENCES finding (number)
);
CREATE INDEX deal_doubt_other ON deal_doubt (other);

CREATE TABLE cell (
    finding INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    deal INTEGER NOT NULL,
    document INTEGER NOT NULL,
    known TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    inferred INTEGER NOT NULL,
    concluded INTEGER NOT NULL,
    PRIMARY KEY (finding, claim),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX cell_deal ON cell (deal, field);
CREATE INDEX cell_document ON cell (document);
CREATE INDEX cell_known ON cell (known);

CREATE TABLE unsettled (
    document INTEGER NOT NULL,
    day INTEGER NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (document),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX unsettled_order ON unsettled (day, place);

ALTER TABLE judgement ADD COLUMN last_document INTEGER NOT NULL DEFAULT 0;

INSERT INTO unsettled (document, day, place) SELECT DISTINCT document, 0, 0 FROM finding WHERE kind = 'transfer';
