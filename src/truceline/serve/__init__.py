"""The service: parses requests, asks the centre, prints pages and JSON. It decides nothing and stores nothing.

Takes: requests of browsers and programs. Gives: pages (``console/``) and the API (``api/``), each past the release gate.
May never: read a table or open a file by itself; that is what ``app`` is for.
"""
