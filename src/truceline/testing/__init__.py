"""Suites that anyone runs against a part of their own: a store, a source, a decoder, a language."""
