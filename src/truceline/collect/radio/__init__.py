"""Radio lines: what an observer says in one line, read into the fields of the watch log.

**Takes** a line in the habits of several languages, and what the mission knows: its area, places, posts, time zone, day.

**Gives** each measure as said and as meant, with its error and what was assumed, and the questions that are open; or one refusal.

**May never** guess: a number that nothing names, two values of one field, or words that take each other back refuse the line.
"""

from truceline.collect.radio.ports import NamedPlace, Theatre
from truceline.collect.radio.stage import read_line
from truceline.collect.radio.words import Lexicon, make_lexicon

__all__ = ["Lexicon", "NamedPlace", "Theatre", "make_lexicon", "read_line"]
