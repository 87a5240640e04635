"""The console: pages made on the server. Each list page has a twin that ends in ``.json`` with the same filter."""
