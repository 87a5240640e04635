"""Output folders: write files whole, serve them on the loopback."""

from truceline.adapters.folder.serving import serve_folder
from truceline.adapters.folder.writing import write_files

__all__ = ["serve_folder", "write_files"]
