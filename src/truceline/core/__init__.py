"""What things are: pure values, no clock, no disk, no network.

Every stage hands over the types of this package. Nothing here imports anything else of the project.
"""
