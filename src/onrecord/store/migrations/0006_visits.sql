-- What is remembered of addresses of the web between runs: so that no page is asked for twice, and a feed only for what is new.

CREATE TABLE visit (
    address TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    failures INTEGER NOT NULL,
    retry_at TEXT NOT NULL,
    moved_to TEXT NOT NULL,
    PRIMARY KEY (address)
);
