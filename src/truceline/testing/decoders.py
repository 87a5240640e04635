"""What every decoder of sensors' messages must hold; an outside one runs it too."""

# ruff: noqa: S101 - a suite asserts

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from truceline.core.frames import Frame, Refused
from truceline.detect.ports import Decoder


class DecoderSuite(ABC):
    """Subclass it in a test module, name the decoder and samples of its feed; every ``test_`` method is a promise."""

    @abstractmethod
    def decoder(self) -> Decoder:
        """Return a decoder that has heard nothing yet."""

    @abstractmethod
    def samples(self) -> Sequence[bytes]:
        """Return feeds that are good from the first byte to the last."""

    def test_good_feeds_are_read_whole(self) -> None:
        """No message of a good feed is refused."""
        for sample in self.samples():
            found = list(self.decoder().decode(sample))
            assert found
            assert [one for one in found if isinstance(one, Refused)] == []

    def test_the_same_bytes_give_the_same_frames(self) -> None:
        """Nothing but the bytes decides."""
        for sample in self.samples():
            assert list(self.decoder().decode(sample)) == list(self.decoder().decode(sample))

    def test_messages_come_in_their_order(self) -> None:
        """Offsets grow."""
        for sample in self.samples():
            offsets = [one.offset for one in self.decoder().decode(sample)]
            assert offsets == sorted(set(offsets))

    def test_what_is_somewhere_is_on_earth(self) -> None:
        """A sighting has a place on Earth, and an error above nothing where it has one."""
        decoder = self.decoder()
        for sample in self.samples():
            for frame in decoder.decode(sample):
                found = decoder.sighting(frame) if isinstance(frame, Frame) else None
                if found is not None:
                    assert abs(found.lon) <= 180
                    assert abs(found.lat) <= 90
                    assert found.sigma_m is None or 0 < found.sigma_m < 1e7

    def test_nothing_is_no_message(self) -> None:
        """An empty feed gives nothing, and no error."""
        assert [one for one in self.decoder().decode(b"") if isinstance(one, Frame)] == []

    def test_whatever_comes_is_read_or_refused(self) -> None:
        """Cut, turned and made-up bytes raise nothing, and each refusal says why."""
        chance = np.random.default_rng(20201110)
        for sample in self.samples():
            for _ in range(150):
                data = bytearray(sample)
                for _ in range(chance.integers(1, 6)):
                    kind, at = chance.integers(4), int(chance.integers(max(len(data), 1)))
                    if kind == 0:
                        del data[at:]
                    elif kind == 1 and data:
                        data[at] ^= 1 << int(chance.integers(8))
                    elif kind == 2:
                        data[at:at] = chance.bytes(int(chance.integers(1, 9)))
                    else:
                        del data[at : at + int(chance.integers(1, 9))]
                    data = data or bytearray(b"\0")
                for one in self.decoder().decode(bytes(data)):
                    assert isinstance(one, Frame) or (one.why and one.code)
        for size in (1, 3, 4, 5, 16, 300):
            list(self.decoder().decode(chance.bytes(size)))
