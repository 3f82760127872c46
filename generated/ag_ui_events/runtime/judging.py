"""Holds the events of one stream to the order in which they may come, and hands on what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .carrying import Carrying
from .ending import Ending, EndKind, reach
from .faults import Fault, Faults, StreamFaults
from .kinds import class_of
from .lifecycle import STREAM, Event, Lifecycle, Place
from .model import Model, UnknownEvent
from .moments import Moment
from .repeating import Comparing
from .shape import SHAPES
from .spots import Inner, Number, Spot, path_text
from .statements import broken
from .wording import all_of, one_of, shown


class _Demand(NamedTuple):
    """What is missing of an element that was cut short; it is only a fault if nothing else was."""

    spot: Spot
    at: int
    message: str
    expected: str


class Stream:
    """One stream, from its first event to its end.

    Args:
        lifecycle: What a valid stream is.
        comparing: Compares what the stream repeats.
        faults: Where what is wrong is taken down.

    Attributes:
        ended: How it has ended, None while it goes on.
        seen: How many events of it were known.
        number: Where the counter of the stream is.
    """

    def __init__(self, lifecycle: Lifecycle, comparing: Comparing, faults: Faults) -> None:
        self._lifecycle = lifecycle
        self._faults = StreamFaults(faults)
        self._carrying = Carrying(lifecycle, comparing, self._faults)
        self.ended: EndKind | None = None
        self.seen = 0
        self.number = Number()
        self._ender = ""
        self._last = ""
        self._begin()

    def _begin(self) -> None:
        self._root = Spot(None, "", None)
        self._root.sequence = self._lifecycle.sequence
        # Of a union, only the first value tells.
        self._root.model = class_of(self._lifecycle.state, None)
        self._demands: list[_Demand] = []

    def see_unknown(self, event: UnknownEvent) -> None:
        """Take an event that the spec does not know: it only counts."""
        name = self._lifecycle.counter
        if name not in event.data:
            return
        if self.number.last is None:
            # Before the first number nobody can tell whether it is counted.
            self.number.absent += 1
        else:
            self._count(self.number, name, event.data[name], event.type or "an event without a tag", self._root)

    def see(self, event: Model, law: Event, index: int) -> Moment | None:
        """Take the next event; give what it was about, None where that could not be told, or matters no more.

        Raises:
            DecodeError: The event is nested too deep for the interpreter.
        """
        moment = Moment(event, law, index, self._end_of(event, law), self._root)
        if not self.seen and law.opens != STREAM:
            self._resume(event)
        self.seen += 1
        for counter in law.counters:
            if not (counter.here or self._is_alone(moment)):
                self._count(self.number, counter.name, reach(event, (counter.name,)), law.tag, self._root)
        if self.ended is not None and not self._may_follow(moment):
            self._say_after_end(moment)
            return None
        self._last = law.tag
        if not law.anytime:
            self._enter(moment)
        self._hold(moment)
        if not law.anytime and not self._happens(moment):
            return None
        if not law.anytime:
            self._carry_out(moment)
        if moment.end is not None:
            self._end(moment)
        return moment

    def is_left_by(self, event: Model, law: Event) -> bool:
        """Whether an event comes after the end, and is of the next stream.

        That is what begins one. It is also an error that may come at any time, unless it goes on counting: then it is
        all that there is of a stream that was refused before it began.
        """
        if self.ended is None or law.opens == STREAM:
            return self.ended is not None
        if not law.anytime or self._end_of(event, law) != "error":
            return False
        return self._number_of(event) in (None, 0) if self._lifecycle.counter else self.ended != "error"

    def see_line(self, event: Model, line: str) -> None:
        """See whether the `event:` line of a frame says what its event is."""
        name = self._lifecycle.tag
        tag = reach(event, (name,)) if name else None
        if isinstance(tag, str) and tag != line:
            message = f"the line says event: {line}, the event has {name} {shown(tag)}"
            self._faults.add("event-name-differs", self._root, name, message, expected=shown(tag), got=shown(line))

    def appends_to(self, moment: Moment) -> Callable[[str], None] | None:
        """Give what takes the next piece of a text if an event like the last one may come again; else None."""
        spot = moment.spot
        if spot.sequence is not None and spot.sequence.step(spot.position, moment.tag) != spot.position:
            return None
        return self._carrying.appends_to(moment)

    def end_with(self, end: EndKind, tag: str) -> None:
        """End with an event that ends all streams of the recording, if it has not ended."""
        if self.ended is None:
            self.ended, self._ender = end, tag

    def close(self) -> None:
        """Say that no more events come."""
        ends = self._lifecycle.ends
        if self.ended is None and self.seen and ends:
            message = f"the stream stops behind {self._last}, without an end"
            self._faults.add("stream-truncated", self._root, "", message, expected=one_of(ends), got=self._last)

    # --- The stream as a whole ---

    def _end_of(self, event: Model, law: Event) -> EndKind | None:
        ending = self._lifecycle.endings.get(type(event)) if law.ends else None
        return ending.kind_of(event) if isinstance(ending, Ending) else None

    def _number_of(self, event: Model) -> Any:
        """Give the number of an event in the stream, whatever there is in its place; None where there is none."""
        name = self._lifecycle.counter
        return reach(event, (name,)) if name else None

    def _is_alone(self, moment: Moment) -> bool:
        """Whether an event is the error of a stream that was refused: nothing is counted there, so it may not be."""
        is_first = self.seen == 1 and moment.law.anytime
        return is_first and moment.end == "error" and self._number_of(moment.event) is None

    def _resume(self, event: Model) -> None:
        """See whether the stream was resumed: then it begins in the middle."""
        number = self._number_of(event)
        if type(number) is int and number > self.number.absent:
            self._root.is_partial = True
            self._root.sequence = None

    def _may_follow(self, moment: Moment) -> bool:
        """Whether an event may come after the end."""
        if moment.end is None:
            return moment.law.anytime
        return self.ended == "error" and moment.end == "failed"

    def _say_after_end(self, moment: Moment) -> None:
        message = f"{moment.tag} comes after {self._ender}, which ends the stream"
        self._faults.add("event-after-end", self._root, "", message, expected="no more events", got=moment.tag)

    def _enter(self, moment: Moment) -> None:
        """See whether the stream is open, and open it."""
        root, tag, openers = self._root, moment.tag, self._lifecycle.openers[STREAM]
        if moment.law.opens == STREAM:
            if root.is_partial and not root.is_open:
                # What came before was bound to nothing, so nothing was resumed.
                self._begin()
                root = self._root
            if root.is_open and not (root.is_announced or root.is_partial):
                message = f"{tag} comes behind other events"
                self._faults.add("stream-opened-twice", root, "", message, got=tag, under=root.slip)
            elif root.is_open:
                message = f"{tag} comes again before the stream has ended"
                self._faults.add(
                    "stream-opened-twice", root, "", message, expected=one_of(self._lifecycle.ends), got=tag
                )
                self._begin()
            self._root.is_announced = True
        elif not (root.is_open or root.is_partial) and openers and moment.end != "error":
            message = f"the stream begins with {tag}, {one_of(openers)} has not come"
            root.slip = self._faults.add("stream-not-opened", root, "", message, expected=one_of(openers), got=tag)
            root.sequence = None
        self._root.is_open = True
        moment.spots[""] = moment.spot = self._root

    def _end(self, moment: Moment) -> None:
        """Take down how the stream has ended."""
        if moment.end == "completed":
            for demand in self._demands:
                self._say_order(demand.spot, demand.message, demand.expected, moment.tag, index=demand.at)
        self.ended, self._ender = moment.end, moment.tag
        if moment.end != "error":
            self._begin()

    # --- What an event says of itself ---

    def _hold(self, moment: Moment) -> None:
        """See whether what is said of such events is true."""
        for hold in moment.law.holds:
            found = broken(hold, moment.event)
            if found is None:
                continue
            where, value, expected = found
            path, got = path_text(where), shown(value)
            under = moment.held if moment.held is not None and self._faults.is_as_bad(moment.held, hold.rule) else None
            fault = self._faults.add(
                hold.rule,
                self._root,
                path,
                f"{moment.tag} has {path} {got}, expected {expected}",
                expected=expected,
                got=got,
                under=under,
            )
            moment.untrue[where] = fault
            moment.held = fault if under is None else moment.held

    def _count(self, number: Number, name: str, value: Any, tag: str, spot: Spot) -> None:
        """See whether a number is the next one. One that is missing leaves the next free to count it or not."""
        stem = self._lifecycle.stem(name)
        if type(value) is not int:
            number.absent += 1
            message = f"{tag} has no {name}" if value is None else f"{tag} has {name} {shown(value)}, no whole number"
            got = None if value is None else shown(value)
            self._faults.add(f"{stem}-missing", spot, name, message, expected="a whole number", got=got)
            return
        wanted = 0 if number.last is None else number.last + 1
        fits = wanted <= value <= wanted + number.absent
        if number.last is None and not (fits or self._root.is_partial):
            message = f"{tag} has {name} {shown(value)}, the first is 0"
            self._faults.add(f"{stem}-start", spot, name, message, expected="0", got=shown(value))
        elif number.last is not None and not fits:
            message = f"{tag} has {name} {shown(value)}, after {shown(number.last)} comes {shown(wanted)}"
            self._faults.add(f"{stem}-step", spot, name, message, expected=shown(wanted), got=shown(value))
        number.last, number.absent = value, 0

    # --- Where an event happens ---

    def _happens(self, moment: Moment) -> bool:
        """Find what an event is about, from the outside in; tell whether what it says counts."""
        law, spot = moment.law, self._root
        for place in self._lifecycle.chains[law.place]:
            found = self._find(spot, place, moment, is_opening=law.opens == place.name)
            if found is None:
                return False
            spot.last = moment.spots[place.name] = moment.spot = spot = found
        if law.place and (law.opens or law.closes):
            return True
        if not self._advance(spot, moment.tag, moment):
            return False
        spot.last = moment.tag
        return True

    def _find(self, outer: Spot, place: Place, moment: Moment, *, is_opening: bool) -> Spot | None:
        """Find the element of a place that an event is about, or make it; None where there is none or it is closed."""
        inner = outer.within(place)
        key = self._key(place, inner, moment, is_opening=is_opening)
        found = None if key is None else inner.spots.get(key)
        if key is None and not is_opening and len(inner.open) == 1:
            found = next(iter(inner.open.values()))
        if not self._reaches(outer, place, found, moment, is_opening=is_opening):
            return None
        if is_opening:
            return None if key is None else self._open(outer, inner, key, found, moment)
        if found is None:
            return None if key is None else self._make_up(outer, inner, key, moment)
        if found.closer:
            message = f"{moment.tag} is about {found.path()}, which {found.closer} has closed"
            fault = self._faults.add(
                f"{self._stem(found)}-closed", found, found.path(), message, got=moment.tag, under=found.slip
            )
            found.fault = found.fault or fault
            return None
        return found

    def _key(self, place: Place, inner: Inner, moment: Moment, *, is_opening: bool) -> str | int | None:
        """Give the key of the element that an event is about; None where it does not say."""
        odd: Any = None
        for path in place.keys:
            value = reach(moment.event, path)
            is_number = type(value) is int
            if (is_number and value >= 0) if place.is_position else (is_number or (isinstance(value, str) and value)):
                key: str | int = value
                return key
            odd = value if odd is None else odd
        declared = SHAPES[type(moment.event)].fields
        if odd is not None or any(path[0] in declared for path in place.keys):
            name = ".".join(place.keys[0])
            expected = "a position, from 0" if place.is_position else "a text"
            said = f"has no {name}" if odd is None else f"has {name} {shown(odd)}, expected {expected}"
            fault = self._faults.add(
                f"{self._lifecycle.stem(place.keys[0][-1])}-missing",
                moment.spot,
                name,
                f"{moment.tag} {said}",
                expected=expected,
                got=None if odd is None else shown(odd),
            )
            moment.slip = moment.slip or fault
            return inner.next if is_opening and place.is_position else None
        return None

    def _reaches(self, outer: Spot, place: Place, found: Spot | None, moment: Moment, *, is_opening: bool) -> bool:
        """See whether something may happen at a place now; tell whether it may happen there at all."""
        if found is not None and (outer.last is found or (found.closer and not is_opening)):
            return True
        sequence = outer.sequence
        at = None if sequence is None or is_opening or outer.position is None else sequence.names[outer.position]
        if at == place.name:
            # What happens there goes on.
            return True
        return self._advance(outer, place.name, moment)

    def _open(self, outer: Spot, inner: Inner, key: str | int, found: Spot | None, moment: Moment) -> Spot | None:
        place, tag = inner.place, moment.tag
        stem = self._lifecycle.stem(place.name)
        may_recur = not (place.in_state or (found is not None and found.is_open))
        may_recur = may_recur or not self._faults.holds(f"{stem}-opened-twice", "" if found is None else found.kind)
        if found is not None and (found.is_announced or found.closer) and not may_recur:
            message = f"{tag} announces {found.path()} again"
            found.fault = self._faults.add(f"{stem}-opened-twice", found, found.path(), message, got=tag)
            inner.fault = inner.fault or found.fault
            return None
        if found is not None and not (found.is_announced or found.closer):
            # It was mentioned too early, which is said already.
            found.is_announced, found.tag = True, tag
            return found
        spot = Spot(place, key, outer)
        path = spot.path()
        if isinstance(key, int) and place.is_position:
            is_first = not inner.spots
            if key != inner.next and not (is_first and (self._root.is_partial or key == inner.begun)):
                wanted = Spot(place, inner.next, outer).path()
                fault = self._faults.add(
                    f"{stem}-index-gap",
                    spot,
                    path,
                    f"{tag} announces {path}, the next is {wanted}",
                    expected=str(inner.next),
                    got=shown(key),
                )
                inner.fault = inner.fault or fault
            for other in inner.open.values():
                message = f"{tag} begins {path} while {other.path()} is open"
                fault = self._faults.add(f"{stem}-overlap", other, path, message, got=tag, under=inner.overlap)
                inner.overlap = inner.overlap or fault
                other.overlaps.append(fault)
                break
        self._take(spot, inner)
        spot.is_announced, spot.tag = True, tag
        return spot

    def _make_up(self, outer: Spot, inner: Inner, key: str | int, moment: Moment) -> Spot:
        """Make an element that was not announced; from now on it counts as open."""
        place = inner.place
        spot = Spot(place, key, outer)
        spot.sequence = None
        spot.is_partial = self._root.is_partial
        is_sure = outer.is_announced or outer.place is None
        openers = one_of(self._lifecycle.openers[place.name])
        if is_sure and openers and not spot.is_partial:
            path = spot.path()
            message = f"{moment.tag} is about {path}, which no {openers} has announced"
            spot.fault = self._faults.add(
                f"{self._lifecycle.stem(place.name)}-not-opened",
                spot,
                path,
                message,
                expected=openers,
                got=moment.tag,
                under=moment.slip,
            )
            inner.fault = inner.fault or spot.fault
        self._take(spot, inner)
        return spot

    def _take(self, spot: Spot, inner: Inner) -> None:
        spot.is_open = True
        inner.spots[spot.key] = inner.open[spot.key] = spot
        if isinstance(spot.key, int):
            inner.next = max(inner.next, spot.key + 1)

    # --- In which order ---

    def _advance(self, spot: Spot, name: str, moment: Moment) -> bool:
        """See whether something may come next at a spot; tell whether it may come there at all."""
        sequence = spot.sequence
        if sequence is None:
            return True
        reached = sequence.step(spot.position, name)
        if reached is not None:
            spot.position = reached
            return True
        bounds = (moment.law.opens == STREAM or moment.end is not None) and spot.place is None
        if moment.end is not None and not moment.ends_well:
            # What fails may do so at any time.
            return True
        if name not in sequence.names:
            if bounds:
                return self._is_complete(spot, moment)
            self._say_wrong_type(spot, moment)
            return False
        found = sequence.leap(spot.position, name)
        if found is not None:
            spot.position, missing = found
            names = all_of(map(self._word, missing))
            message = f"{moment.tag} comes{self._at(spot)} before {names}"
            self._slip(spot, moment, self._say_order(spot, message, names, moment.tag, under=moment.slip))
            return True
        expected = [self._word(each) for each in sequence.expected(spot.position)]
        if spot.place is not None and sequence.is_enough(spot.position):
            expected += self._lifecycle.closers[spot.name]
        before = spot.last if isinstance(spot.last, str) else ""
        after = f" after {before}" if before else ""
        message = f"{moment.tag} cannot come{self._at(spot)}{after}"
        under = moment.slip or self._carrying.said_too_much(moment, spot)
        self._slip(spot, moment, self._say_order(spot, message, one_of(expected) or None, moment.tag, under=under))
        return True

    def _is_complete(self, spot: Spot, moment: Moment) -> bool:
        """See whether all has happened at a spot that has to, now that it closes; always gives true."""
        sequence = spot.sequence
        found = None if sequence is None else sequence.leap(spot.position, None)
        if found is None or not found[1]:
            return True
        names = all_of(map(self._word, found[1]))
        message = f"{moment.tag} closes {spot.path() or 'the stream'} before {names}"
        if spot.place is not None and self._carrying.is_cut_short(moment, spot):
            self._demands.append(_Demand(spot, moment.index, message, names))
        else:
            self._slip(spot, moment, self._say_order(spot, message, names, moment.tag))
        return True

    def _slip(self, spot: Spot, moment: Moment, fault: Fault) -> None:
        moment.slip = moment.slip or fault
        spot.slip = spot.slip or fault

    def _say_order(
        self,
        spot: Spot,
        message: str,
        expected: str | None,
        got: str,
        *,
        index: int | None = None,
        under: Fault | None = None,
    ) -> Fault:
        rule = f"{self._stem(spot)}-order"
        return self._faults.add(
            rule, spot, spot.path(), message, expected=expected, got=got, index=index, under=under or spot.slip
        )

    def _say_wrong_type(self, spot: Spot, moment: Moment) -> None:
        what = self._carrying.kind_text(spot)
        message = f"{moment.tag} does not belong to {spot.path() or 'the stream'}{what and f', which is {what}'}"
        sequence = spot.sequence
        expected = one_of(dict.fromkeys(map(self._word, sequence.names))) if sequence is not None else ""
        fault = self._faults.add(
            f"{self._stem(spot)}-wrong-type", spot, spot.path(), message, expected=expected or None, got=moment.tag
        )
        moment.slip = moment.slip or fault
        if spot.place is not None:
            spot.fault = spot.fault or fault

    def _word(self, name: str) -> str:
        """Give what a server sends for a name in a sequence: the tags of what opens a place, or the tag itself."""
        return one_of(self._lifecycle.openers[name]) if name in self._lifecycle.places else name

    def _stem(self, spot: Spot) -> str:
        return self._lifecycle.stem(spot.name)

    def _at(self, spot: Spot) -> str:
        return "" if spot.place is None else f" for {spot.path()}"

    # --- What follows from an event ---

    def _carry_out(self, moment: Moment) -> None:
        law, spot = moment.law, moment.spot
        for counter in law.counters:
            if counter.here:
                number = spot.numbers.setdefault((law.tag, counter.name), Number())
                self._count(number, counter.name, reach(moment.event, (counter.name,)), law.tag, spot)
        for same in law.same:
            self._carrying.compare_same(moment, same)
        is_closing = bool(law.closes) and spot.place is not None
        if is_closing or moment.ends_well:
            self._close_inner(spot if is_closing else self._root, moment)
        if is_closing:
            self._is_complete(spot, moment)
        self._carrying.carry_out(moment)
        if is_closing and spot.outer is not None and spot.place is not None:
            spot.is_open, spot.closer = False, law.tag
            spot.outer.within(spot.place).open.pop(spot.key, None)
            self._carrying.close(moment, spot)

    def _close_inner(self, spot: Spot, moment: Moment) -> None:
        """See whether all is closed that is in a spot which closes."""
        for inner in spot.inner.values():
            for child in inner.open.values():
                child.is_open = False
                closers = one_of(self._lifecycle.closers[child.name])
                if not child.is_announced or not closers:
                    continue
                path = child.path()
                child.fault = self._faults.add(
                    f"{self._stem(child)}-left-open",
                    child,
                    path,
                    f"{path} is still open at {moment.tag}, no {closers} has closed it",
                    expected=closers,
                    got=moment.tag,
                )
                for overlap in child.overlaps:
                    self._faults.move(overlap, child.fault)
                inner.fault = inner.fault or child.fault
            inner.open.clear()
