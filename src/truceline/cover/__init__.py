"""The stage that says what could have been seen.

Takes: posts and sensors of the pack, the watch book of their owner, a model of the ground, rules of what is observed how far.
Gives: exposure: for each zone, hour and kind of happening the share that could have been observed, and by how many hours of observers.
May never: say where somebody will look. It looks back; everything it gives is its owner's.
"""

from truceline.cover.stage import cover

__all__ = ["cover"]
