"""Decoders of sensors' formats, a folder each; each is found by its entry point."""
