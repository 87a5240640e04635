"""collect: raw items -> reports."""
