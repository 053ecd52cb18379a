-- A reviewer names a report by its key: it is looked up without reading every text.

CREATE INDEX document_key ON document ("key");
