"""Put what a mission knows into words: the board, the map and the paper of one edition, one language at a time.

Takes: the pack, what was known at each moment (statuses, counters, incidents, picture), claims, reports, the record's
head, and each language's catalogue. Gives: an `Edition` whose strings are ready to be laid out. May never: read a file
or a clock, print a count without its rule and exposure, merge what two speakers say, or let anything past the gate.
"""

from truceline.publish.stage import PublishInput, RecordHead, Step, publish

__all__ = ["PublishInput", "RecordHead", "Step", "publish"]
