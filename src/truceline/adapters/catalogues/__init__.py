"""Reads each language's words from the package. Touches: ``data/languages/<lang>/interface.yaml``."""

from truceline.adapters.catalogues.load import load_catalogue, load_catalogues, load_tree

__all__ = ["load_catalogue", "load_catalogues", "load_tree"]
