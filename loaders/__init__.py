"""Documents and foreign formats in: a round-table article, and the folder of YAML files that says what it states."""
