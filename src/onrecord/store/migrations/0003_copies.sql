-- Which reports carry one original. What older records hold is placed when reports are next added. The key table has no rowid, so that its
-- rows lie in the order in which they are looked up.

CREATE TABLE report_signature (
    document INTEGER NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (document),
    FOREIGN KEY(document) REFERENCES document (number)
);

CREATE TABLE report_key (
    "key" BIGINT NOT NULL,
    day INTEGER NOT NULL,
    place BIGINT NOT NULL,
    document INTEGER NOT NULL,
    PRIMARY KEY ("key", day, place),
    FOREIGN KEY(document) REFERENCES document (number)
) WITHOUT ROWID;

CREATE TABLE copy_pair (
    left_document INTEGER NOT NULL,
    right_document INTEGER NOT NULL,
    how TEXT NOT NULL,
    score FLOAT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (left_document, right_document),
    FOREIGN KEY(left_document) REFERENCES document (number),
    FOREIGN KEY(right_document) REFERENCES document (number)
);
CREATE INDEX copy_pair_right ON copy_pair (right_document);

CREATE TABLE report_origin (
    document INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    words INTEGER NOT NULL,
    round_up INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (document),
    FOREIGN KEY(document) REFERENCES document (number)
);
CREATE INDEX report_origin_origin ON report_origin (origin);
