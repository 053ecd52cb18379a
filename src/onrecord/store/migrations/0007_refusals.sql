-- How many pages the gate refused, by run and reason.

CREATE TABLE refusal (
    run INTEGER NOT NULL REFERENCES run (number),
    reason TEXT NOT NULL,
    pages INTEGER NOT NULL,
    PRIMARY KEY (run, reason)
);
