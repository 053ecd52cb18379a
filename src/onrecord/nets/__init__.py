"""The networks of the English model that read a text without a parser: who says what, and what one party does to another."""
