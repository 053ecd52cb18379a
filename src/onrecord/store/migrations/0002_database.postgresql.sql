-- What PostgreSQL needs beside the tables that all databases share: full-text search, and a count of the transactions that wrote.

CREATE TABLE document_words (
    number BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    length BIGINT NOT NULL,
    cut BIGINT NOT NULL,
    PRIMARY KEY (number),
    FOREIGN KEY(number) REFERENCES document (number)
);
CREATE INDEX document_words_words ON document_words USING gin (words) WITH (gin_pending_list_limit = 512);

CREATE TABLE statement_words (
    number BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    length BIGINT NOT NULL,
    PRIMARY KEY (number)
);
CREATE INDEX statement_words_words ON statement_words USING gin (words) WITH (gin_pending_list_limit = 512);

CREATE TABLE word_count (
    name TEXT NOT NULL,
    held BIGINT NOT NULL,
    words BIGINT NOT NULL,
    PRIMARY KEY (name)
);
INSERT INTO word_count VALUES ('document', 0, 0), ('statement', 0, 0);

CREATE TABLE written (
    times BIGINT NOT NULL
);
INSERT INTO written VALUES (0);

CREATE TABLE waiting_act (
    act BIGINT NOT NULL,
    PRIMARY KEY (act)
);
