"""Explosions: arrivals put together across posts, and located by the differences of their times."""
