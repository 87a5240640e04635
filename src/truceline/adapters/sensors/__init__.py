"""Sensors: connections that are waited at or called, and the spool that keeps what they say until it is sealed."""
