"""Shapes on the Earth: WGS 84, longitude before latitude, metres and kilometres in names."""
