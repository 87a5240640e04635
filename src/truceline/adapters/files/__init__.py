"""Read what people drop into folders: every file kind of an inbox, and the language data beside the code."""
