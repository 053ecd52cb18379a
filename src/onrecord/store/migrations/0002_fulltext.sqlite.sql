-- Full-text search on SQLite. The indexes hold no copy of the text (external content); the writer feeds them row by row.

CREATE VIRTUAL TABLE document_words USING fts5(
    title, text,
    content = 'document', content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE statement_words USING fts5(
    speaker, as_written, role, organization, content,
    content = 'statement', content_rowid = 'finding',
    tokenize = 'unicode61 remove_diacritics 2'
);
