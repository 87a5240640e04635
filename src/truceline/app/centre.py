"""What the service asks of a store: lists past the release gate, and pictures of any moment for any recipient."""

from __future__ import annotations

from asyncio import wrap_future
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from truceline.app import shapes
from truceline.app.acts import Desk as ActDesk
from truceline.app.acts import recipient_of
from truceline.app.casefile import entries_about, texts_around
from truceline.app.conclusions import MOST_CLAIMS, asker, own_lists
from truceline.app.determining import Taken, take_signed
from truceline.app.editions import last_moment, spread, view
from truceline.app.outputs import Asked, Run
from truceline.app.projecting import CONCLUDED
from truceline.app.recording import Head
from truceline.app.rounds import rounds_of_store
from truceline.app.shaping import asked_outside, is_outside, shaped
from truceline.app.wiring import Store, World, load_forms
from truceline.app.working import Work
from truceline.app.writing import Writer
from truceline.assess import assess
from truceline.core.access import ForbiddenError, Rights, Viewer
from truceline.core.claims import Claim
from truceline.core.determinations import Determination
from truceline.core.errors import InputError, UnavailableError
from truceline.core.feeds import Counts
from truceline.core.filters import Filter
from truceline.core.imagery import BLURRED, FRAME
from truceline.core.lives import Forms
from truceline.core.release import DELEGATIONS, Realm
from truceline.core.reports import Report
from truceline.core.rows import Page, ReadModels, Recipient
from truceline.core.sensed import Replay, Sensed
from truceline.core.times import last_second
from truceline.determine.events import round_id, side_id
from truceline.ledger.checkpoint import parse_checkpoint
from truceline.ledger.keys import encode_base64
from truceline.ledger.note import parse_note
from truceline.ledger.signing import SignedStatement
from truceline.link import link
from truceline.picture import picture
from truceline.publish import publish
from truceline.publish.case import Around, Entered
from truceline.publish.catalogue import Catalogue
from truceline.publish.desk import Desk
from truceline.publish.edition import Edition
from truceline.publish.gate import released
from truceline.publish.stage import desk_of

_KEPT = 24
"""Pictures that are kept at hand; each is made again from the store where it is not."""

_T = TypeVar("_T")


@dataclass
class Centre:
    """One open store with its mission, asked by one thread.

    Args:
        world: The mission and what reads for it.
        store: The open store.
        rights: The policy of roles.
        words: Language -> its words, English first.
        clock: Tells the time.
        work: Writes what people do; None where the store is only read.
    """

    world: World
    store: Store
    rights: Rights
    words: Mapping[str, Catalogue]
    clock: Callable[[], datetime]
    work: Work | None = None
    _pictures: OrderedDict[object, Any] = field(default_factory=OrderedDict)
    _read: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Model -> its rows as they are written, each with what it says."""

    @property
    def realm(self) -> Realm:
        """The world that the store belongs to."""
        return self.world.mission.settings.realm

    def head(self) -> Head:
        """Return the record's head; without entries where nothing was recorded."""
        note = self.store.ledger.checkpoint()
        if note is None:
            return Head("", 0, "")
        checkpoint = parse_checkpoint(parse_note(note).text)
        return Head(checkpoint.origin, checkpoint.size, checkpoint.root.hex())

    def recipient(self, viewer: Viewer) -> Recipient:
        """Say what the release gate is told of a viewer.

        Args:
            viewer: Who asks.

        Returns:
            The recipient; whoever stands outside is told late (MISSION rule 20).

        Raises:
            ForbiddenError: The role is given nothing.
        """
        return recipient_of(viewer, self.world.mission.settings, self.clock())

    def find(self, entity: str, asked: Filter, viewer: Viewer, *, after: str | None, limit: int) -> Page:
        """Give a page of an entity to a viewer; see `core.rows.ReadModels.find`."""
        self.check(viewer, entity)
        recipient = self.recipient(viewer)
        models, who, wanted = self._lists(entity, asked, recipient)
        page = models.find(entity, wanted, who, after=after, limit=limit)
        if not is_outside(recipient.word):
            return page  # given as it is
        settings = self.world.mission.settings
        return Page(tuple(shaped(value, recipient.word, settings) for value in page.values), page.after)

    def tally(self, entity: str, asked: Filter, viewer: Viewer, by: str) -> dict[str, int]:
        """Count an entity by a column for a viewer."""
        self.check(viewer, entity)
        models, who, wanted = self._lists(entity, asked, self.recipient(viewer))
        return models.tally(entity, wanted, who, by)

    def _lists(
        self, entity: str, asked: Filter, recipient: Recipient
    ) -> tuple[ReadModels, Recipient, Filter]:
        """Choose where a list comes from: conclusions are each recipient's own, all else is the store's past the gate."""
        if is_outside(recipient.word):
            asked = asked_outside(asked, self.world.mission.settings)
        if entity not in CONCLUDED or self.store.models.count("claims") > MOST_CLAIMS:
            return self.store.models, recipient, asked
        known_at = asked.known_at
        key = ("lists", *self.stand(recipient), known_at)
        lists = self._kept(key, lambda: own_lists(self.run(recipient, known_at), recipient))
        return lists, asker(recipient), replace(asked, known_at=None)

    def one(self, entity: str, id_: str, viewer: Viewer) -> Mapping[str, Any]:
        """Return one thing to a viewer.

        Args:
            entity: A read model's name.
            id_: Its id.
            viewer: Who asks.

        Returns:
            The thing.

        Raises:
            InputError: There is none, or none for this viewer: which of both is nobody's to know.
        """
        self.check(viewer, entity)
        recipient = self.recipient(viewer)
        models, who, _ = self._lists(entity, Filter(), recipient)
        found = models.get(entity, id_, who)
        if found is None:
            raise InputError("api.none", f"there is no such thing among {entity}", where=id_)
        return shaped(found, recipient.word, self.world.mission.settings)

    def picture(self, id_: str, viewer: Viewer) -> tuple[Mapping[str, Any], bytes]:
        """Return a frame or a copy of one as `one` gives it, and its bytes."""
        value = self.one("reports", id_, viewer)
        data = self.store.evidence.get(str(value["sha256"])) if value["kind"] in {FRAME, BLURRED} else None
        if data is None:
            raise InputError("api.none", "there is no such picture", where=id_[:80])
        return value, data

    def sensors(self, viewer: Viewer) -> Sensed:
        """Give what sensors say now.

        Args:
            viewer: Who asks.

        Returns:
            Feeds, tracks and alerts that the viewer may know of; nothing where no sensor is heard here.

        Raises:
            ForbiddenError: The role reads none of it.
        """
        self.check(viewer, "feeds")
        feeds = None if self.work is None else self.work.feeds
        if feeds is None:
            return Sensed()
        recipient = self.recipient(viewer)
        return Sensed(feeds.board(recipient), feeds.ways(recipient), tuple(feeds.shown_alerts(recipient)))

    def replay(self, viewer: Viewer, until: datetime, minutes: int) -> Callable[[], Replay]:
        """Return what follows anew what sensors said before a moment; it takes a while, and may be called in any thread.

        Args:
            viewer: Who asks.
            until: The moment.
            minutes: How long before it.

        Returns:
            What follows it.

        Raises:
            ForbiddenError: The role reads none of it.
        """
        self.check(viewer, "feeds")
        feeds = None if self.work is None else self.work.feeds
        if feeds is None:
            return Replay
        recipient, since = self.recipient(viewer), until - timedelta(minutes=minutes)
        return lambda: feeds.replayed(recipient, since, until)

    def handed_in(self, viewer: Viewer, feed: str, data: bytes) -> Callable[[], tuple[Counts, list[str]]]:
        """Return what hands messages to a feed; it takes a while, and may be called in any thread.

        Args:
            viewer: Who hands them in.
            feed: The feed's slug, with or without its kind.
            data: The messages, as they would come from the sensor.

        Returns:
            What hands them in; it gives what became of them, and why some were refused.

        Raises:
            InputError: No sensor is heard here.
        """
        feeds = None if self.work is None else self.work.feeds
        if feeds is None:
            raise InputError("feed.none", "no sensor is heard here", where=feed[:80])
        recipient, slug = self.recipient(viewer), f"feed:{feed.removeprefix('feed:')}"
        return lambda: feeds.hand_in(recipient, slug, data, viewer.number)

    def act_desk(self, viewer: Viewer) -> ActDesk:
        """Return what acts are planned with, to look at what one would find; nothing is written from here.

        Args:
            viewer: Who looks.

        Returns:
            The desk.

        Raises:
            UnavailableError: Nobody enters anything here.
        """
        return ActDesk(self.store, self.world, self._at_work().forms, viewer, self.clock())

    def acts(self) -> Writer:
        """Return the writer.

        Returns:
            What acts are handed to.

        Raises:
            UnavailableError: The store is only read here.
        """
        return self._at_work().writer

    def _at_work(self) -> Work:
        if self.work is None:
            raise UnavailableError("act.nobody", "nothing can be entered here", todo="start the service")
        return self.work

    def _facts(self) -> int:
        """Return up to which entry reports, claims and what follows from them are as they are."""
        return self.store.models.upto() if self.work is None else self.work.writer.facts

    def stand(self, recipient: Recipient) -> tuple[object, ...]:
        """Return what pictures for a recipient rest on; where it is the same they are the same.

        Those outside are told late, so what they are told changes with the time too: to the minute.
        """
        late = None if recipient.known_by is None else recipient.known_by.replace(second=0, microsecond=0)
        return self._facts(), recipient.word, late

    def check(self, viewer: Viewer, entity: str) -> None:
        """Refuse a viewer whose role does not read an entity."""
        if not viewer.may_read(entity):
            raise ForbiddenError("access.reads", f"the role '{viewer.role.name}' does not read {entity}")

    def edition(self, viewer: Viewer, language: str, known_at: datetime | None = None) -> Edition:
        """Return the picture of a moment in words, from what the viewer may have and from nothing else.

        Args:
            viewer: Who asks.
            language: The language of the words.
            known_at: As known then; None is now.

        Returns:
            The edition, with one step.
        """
        recipient = self.recipient(viewer)
        head = self.head()
        return self._kept(
            ("edition", head.size, *self.stand(recipient), language, known_at),
            lambda: self._edition(recipient, language, known_at, head),
        )

    def desk(
        self, viewer: Viewer, language: str, known_at: datetime | None, profile: str | None = None
    ) -> Desk:
        """Lay out words, names and the picture of a moment, from what the viewer may have and from nothing else.

        Args:
            viewer: Who asks.
            language: The language of the words.
            known_at: As known then; None is now.
            profile: Id of a naming profile; None takes the mission's first.

        Returns:
            The desk, with one step.
        """
        recipient = self.recipient(viewer)
        head = self.head()

        def make() -> Desk:
            run = self.run(recipient, known_at)
            given = view(self.world, run, head, recipient.word, languages=(language,), moments=(run.moment,))
            return desk_of(replace(given, profile=profile), language)

        return self._kept(("desk", head.size, *self.stand(recipient), language, known_at, profile), make)

    @property
    def forms(self) -> Forms:
        """What people may enter."""
        return load_forms() if self.work is None else self.work.forms

    def around(self, viewer: Viewer, desk: Desk, claims: Sequence[Claim]) -> Around:
        """Return the texts round the words of claims; see `casefile.texts_around`."""
        return texts_around(self.store, desk.report_of, claims, self.recipient(viewer))

    def entered(
        self,
        viewer: Viewer,
        claims: Sequence[Claim],
        rounds: Sequence[Determination],
        known_at: datetime | None,
    ) -> tuple[Entered, ...]:
        """Return the entries of the record about a case; see `casefile.entries_about`. Nothing for who reads no record."""
        if not viewer.may_read("record"):
            return ()
        letter = viewer.side if viewer.side in DELEGATIONS else ""
        return entries_about(self.store, claims, rounds, letter, self.recipient(viewer), known_at)

    def moments(self, viewer: Viewer) -> tuple[datetime, ...]:
        """List the days at whose end something new was known, as far as the viewer may know it.

        Args:
            viewer: Who asks.

        Returns:
            The last second of each day, at most `editions.MOST_STEPS` of them, the last always; empty for whoever is given
            nothing.
        """
        if viewer.recipient is None:
            return ()
        reports = self.run(self.recipient(viewer), None).reports
        return tuple(spread(sorted({last_second(one.known_at.date()) for one in reports if one.known_at})))

    def rounds(self, known_at: datetime | None) -> Mapping[str, Sequence[Determination]]:
        """Return the rounds of determination by their incident, in the order of their numbers.

        Args:
            known_at: As known then; None is now.

        Returns:
            Incident's id -> its rounds; empty where the record states no procedure.
        """
        now = known_at or self.clock()
        size = self.store.ledger.size()
        if not size:
            return {}
        found: dict[str, list[Determination]] = {}
        kept = self._kept(("rounds", size), lambda: rounds_of_store(self.store))
        steps = (
            kept
            if known_at is None
            else replace(kept, steps=tuple(one for one in kept.steps if one.at <= known_at))
        )
        for one in steps.at(now):
            found.setdefault(one.incident, []).append(one)
        return found

    async def take(self, signed: SignedStatement) -> Taken:
        """Take in what a side signed, and write what follows from it; where others write too, by the one that writes.

        Args:
            signed: The statement.

        Returns:
            The entry that it is now, or why it was refused.
        """
        statements, now, mission = [("position", signed)], self.clock(), self.world.mission

        def work(store: Store) -> Taken:
            return take_signed(store, mission, statements, now).taken[0]

        return work(self.store) if self.work is None else await wrap_future(self.work.writer.alone(work))

    def desk_of_side(self, letter: str, rank: str, subject: str) -> dict[str, Any]:
        """Give what a side's page signs a step with: where the record stands, and what comes next.

        Args:
            letter: The side.
            rank: What the officer's key is worth: ``duty``, ``deputy`` or ``head``.
            subject: Id of a round, or of an incident that a round is proposed about.

        Returns:
            Mission, realm, origin, size and root (base64) of the last checkpoint, the escrow's key, the side's letter and
            role, the id of the round, and the numbers of its next statements by type.
        """
        held = self._kept(("rounds", self.store.ledger.size()), lambda: rounds_of_store(self.store))
        mission = self.world.mission
        if subject.startswith("incident_"):
            number = len(self.rounds(None).get(subject, ()))
            round_, incident = round_id(subject, number), subject
        else:
            round_, number, incident = subject, 0, ""
        side = side_id(round_, letter)
        return {
            "mission": mission.settings.id,
            "realm": self.realm.value,
            "origin": held.head.origin,
            "size": held.head.size,
            "root": encode_base64(held.head.root),
            "escrow": held.rules.escrow,
            "letter": letter,
            "role": rank,
            "round": round_,
            "incident": incident,
            "number": number,
            "next": {
                "commitment": held.next_round("commitment", side),
                "position": held.next_round("position", side),
                "determination": held.next_round("determination", round_),
            },
        }

    def _edition(self, recipient: Recipient, language: str, known_at: datetime | None, head: Head) -> Edition:
        run = self.run(recipient, known_at)
        given = view(self.world, run, head, recipient.word, languages=(language,), moments=(run.moment,))
        return publish(given, language)

    def run(self, recipient: Recipient, known_at: datetime | None) -> Run:
        """Work out links, statuses and picture of a moment from what a recipient may have.

        Args:
            recipient: Who it is for.
            known_at: As known then; None is now.

        Returns:
            What the stages give.
        """
        return self._kept(("run", *self.stand(recipient), known_at), lambda: self._run(recipient, known_at))

    def _run(self, recipient: Recipient, known_at: datetime | None) -> Run:
        mission = self.world.mission
        until = min((at for at in (known_at, recipient.known_by) if at is not None), default=None)
        reports = tuple(
            report
            for report in released(self._all("reports", Report), recipient.word, recipient.realm)
            if until is None or (report.known_at is not None and report.known_at <= until)
        )
        there = {report.id for report in reports}
        claims = tuple(
            claim
            for claim in released(self._all("claims", Claim), recipient.word, recipient.realm)
            if claim.report in there
        )
        copies = frozenset(report.id for report in reports if report.copy_of)
        moment = known_at or last_moment(mission, reports)
        asked: Asked = {"known_at": known_at, "accepted_only": False, "copies": copies}
        incidents = link(claims, mission, **asked)
        statuses = assess(mission, claims, incidents, valid_at=moment, **asked)
        drawn = picture(mission, claims, incidents, statuses, valid_at=moment, **asked)
        return Run(moment, reports, claims, incidents, statuses, drawn, (), asked)

    def _all(self, model: str, kind: type[_T]) -> tuple[_T, ...]:
        def make() -> tuple[_T, ...]:
            # an act changes a row or two: what is written as before is not read again
            before = self._read.get(model, {})
            rows = {
                text: before.get(text) or shapes.decode(text.encode(), kind)
                for text in self.store.models.texts(model)
            }
            self._read[model] = rows
            return tuple(rows.values())

        return self._kept(("all", model, self._facts()), make)

    def _kept(self, key: object, make: Callable[[], _T]) -> _T:
        if key not in self._pictures:
            self._pictures[key] = make()
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(key)
        found: _T = self._pictures[key]
        return found
