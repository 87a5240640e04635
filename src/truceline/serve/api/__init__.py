"""The API: ``/api/v1``. Every list takes the one filter; what it gives has passed the release gate."""
