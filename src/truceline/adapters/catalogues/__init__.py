"""Reads each language's words from the package. Touches: ``data/languages/<lang>/interface.yaml``."""

from truceline.adapters.catalogues.load import catalogue_languages, load_catalogue, load_catalogues, load_tree

__all__ = ["catalogue_languages", "load_catalogue", "load_catalogues", "load_tree"]
