"""What there is to say about the rules of streams, whatever the stream is about: one entry for each kind of rule.

What stands in braces are words of a spec, which `laws.py` fills in.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """A kind of rule.

    Attributes:
        severity: `error`, `warning`, or `off` for what is only checked where the spec asks for it.
        statement: What is true of a valid stream.
        why: What goes wrong in clients where it is not.
        seen: How servers come to break it.
        fix: What a server should do.
    """

    severity: str
    statement: str
    why: str
    seen: str
    fix: str


LAWS = {
    # The stream as a whole
    "stream-not-opened": Law(
        "error",
        "A stream begins with {opener}.",
        "Clients set up their state with the first event. What comes before it is lost, or taken for a broken stream.",
        "A proxy that builds the stream itself sends the content as soon as it has some, and a server that has failed"
        " early sends nothing but the end.",
        "Send {opener} before anything else, also where the answer is an error or comes whole.",
    ),
    "stream-opened-twice": Law(
        "error",
        "{opener} comes once, as long as the stream goes on.",
        "The second one replaces all that the client has built up so far, or is taken for another stream.",
        "A proxy asks again after an error and passes on the whole second stream behind half of the first one.",
        "Send {opener} once. After a new attempt go on with the stream that the client knows, or end it.",
    ),
    "stream-order": Law(
        "error",
        "The stream as a whole is: `{sequence}`.",
        "Clients that keep track of the state of a stream refuse an event that cannot come yet, and wait for one that"
        " never comes.",
        "An early event is left out because it seems to say nothing, or sent again and again as a sign of life.",
        "Send the events in this order, each as often as it says.",
    ),
    "stream-wrong-type": Law(
        "error",
        "Every event that is about the stream as a whole has its place in the sequence of the stream.",
        "A client that follows the sequence does not know what to do with the event.",
        "An event of another version of the interface is mixed in.",
        "Leave the event out, or send the one that the sequence has in its place.",
    ),
    "stream-truncated": Law(
        "warning",
        "A stream ends with {ender}.",
        "A stream that was cut off looks like a short answer, and is kept and paid for as if it were whole.",
        "The connection to the model breaks and the proxy closes its own as if nothing had happened.",
        "Send an event that ends the stream in any case, with what went wrong where something did.",
    ),
    "event-after-end": Law(
        "error",
        "Nothing follows {ender}{exception}.",
        "Clients stop reading at the end and never see what follows; those that go on reading have two ends that"
        " contradict each other.",
        "Whoever reports the error and whoever ends the stream do not know of each other, or pieces that were kept back"
        " are sent too late.",
        "Send what there is left before the end, and end the stream once.",
    ),
    "stream-changed": Law(
        "error",
        "{fixed} of the {state} {is_are} the same in all events that repeat it.",
        "Clients find the answer again by what is said to stay the same: where it changes, they have two answers.",
        "A proxy makes the values up anew for each event.",
        "Decide the values when the stream begins, and repeat them.",
    ),
    "event-name-differs": Law(
        "error",
        "The `event:` line of an event says the same as its tag.",
        "Some clients go by the line and others by the tag, so that they see different events.",
        "The line is written by one layer and the body by another, which changes the tag.",
        "Write the line from the tag of the body, or leave it out.",
    ),
    # Numbers
    "counter-missing": Law(
        "warning",
        "An event that is numbered has its number in `{field}`.",
        "Clients that require the number refuse the event, and nobody can tell whether some event was lost.",
        "Events that a proxy adds on its own go without a number.",
        "Give every event its number at the place where the events are sent.",
    ),
    "counter-start": Law(
        "error",
        "`{field}` begins with 0{scope}.",
        "A client that counts along believes that it has missed the beginning.",
        "The counter is increased before it is used, not after.",
        "Begin with 0.",
    ),
    "counter-step": Law(
        "error",
        "`{field}` is one more than before with each event{scope}.",
        "A client believes that events were lost or came twice, and a stream that is resumed goes on at the wrong"
        " place.",
        "Events are left out or added after they were numbered, or several writers have a counter each.",
        "Number the events as the last thing that is done before they are sent.",
    ),
    # Places
    "not-opened": Law(
        "error",
        "An event about {a_place} comes after the {opener} that announces it.",
        "Clients put what they read into what was announced: they drop the event, or fail.",
        "A proxy that translates another interface begins with the content, because there nothing is announced.",
        "Send {opener} before the first event about {a_place}.",
    ),
    "opened-twice": Law(
        "error",
        "{a_place_first} is announced once.",
        "The second announcement wipes out what has come so far, or is shown as a second one.",
        "A server announces anew with each piece, or two that run at the same time are given one position.",
        "Send {opener} once for each, and give each its own {key}.",
    ),
    "index-gap": Law(
        "error",
        "Each new {place} takes the next position: `{field}` counts from 0{within}.",
        "Clients keep a list: with a gap in it they fail, or put things in the wrong place.",
        "Positions are reserved for what never comes, or counted on where they should begin anew.",
        "Count what was announced, from 0{within}, and nothing else.",
    ),
    "closed": Law(
        "error",
        "Nothing comes about {a_place} after its {closer}.",
        "Clients use what is finished at once: what comes later is lost, or changes what was acted on.",
        "A buffer is emptied after the end was announced, or the end is sent twice by two layers.",
        "Send all about {a_place} before {closer}, and that once.",
    ),
    "left-open": Law(
        "error",
        "{a_place_first} is closed by {closer} before what is around it ends well.",
        "Clients act when something is finished: what never is, never happens.",
        "Only the last one is closed, or the end of the stream is taken to close all that is open.",
        "Send {closer} for each that was announced.",
    ),
    "overlap": Law(
        "warning",
        "The next {place} is announced after the one before is closed.",
        "Many clients keep track of one at a time and mix up the pieces of two.",
        "Two that the model makes at the same time are passed on as they come.",
        "Send {closer} before the next {opener}; keep back what is for the next one until then.",
    ),
    "order": Law(
        "error",
        "The events of {a_place} come in the order of its kind, and none that its kind demands is left out.",
        "Clients wait for the event that finishes a step, and take the steps in order.",
        "A step seems to say nothing and is left out, such as the end of a text without pieces; or steps that run at"
        " the same time are passed on as they come.",
        "Send the events in the order of the kind, each step, also where it is empty.",
    ),
    "wrong-type": Law(
        "error",
        "An event about {a_place} is one that the kind of {place} goes with.",
        "Clients do not find what the event is to change and drop it, or fail.",
        "One kind is announced before the model has decided, and the content is of another.",
        "Announce the kind that follows, or begin another {place} for the other kind.",
    ),
    "changed": Law(
        "error",
        "{fixed} of {a_place} {is_are} the same in all events that repeat it.",
        "Clients remember it from the first event and use it later: they answer to something that nobody asked for.",
        "A server makes the value up anew, or knows it only at the end and leaves it empty in the beginning.",
        "Announce {a_place} when the values are known, and repeat them.",
    ),
    "type-changed": Law(
        "error",
        "{a_place_first} keeps the kind that it was announced with.",
        "What the client has made for one kind cannot hold another.",
        "One kind is announced as a placeholder before the model has decided.",
        "Announce {a_place} when its kind is known.",
    ),
    "final-changed": Law(
        "error",
        "What {closer} says of {a_place} is repeated unchanged by what comes later.",
        "Clients use the one or the other: what is shown differs from what is stored.",
        "The final state is put together from other data than the stream was.",
        "Keep what was sent when it was closed, and repeat that.",
    ),
    "id-changed": Law(
        "error",
        "{fixed} of {a_place} {is_are} repeated by what comes later.",
        "Clients cannot find what they have by what identifies it, and have it twice.",
        "A server makes up a new one with each event.",
        "Make it up once and keep it with the rest.",
    ),
    "not-empty": Law(
        "error",
        "{outer_first} is announced without any {place}: each is announced by itself.",
        "Clients have what was there from the beginning and what was announced: they have it twice.",
        "A server sends an object that it goes on to change, and its later content with it.",
        "Announce it empty, and what is in it by {opener}.",
    ),
    "key-missing": Law(
        "error",
        "An event about {a_place} says which, in `{field}`.",
        "Where there are several, clients cannot tell which is meant, and guess or fail.",
        "Servers that only ever have one leave it out.",
        "Say it in every event about {a_place}, also where there is only one.",
    ),
    "value-missing": Law(
        "error",
        "{events} brings the {what} in `{field}`, as an object of a kind.",
        "Clients have nothing to put the next events into, or lose what was finished.",
        "The object is left out because nothing is known of it yet, or because the pieces are thought to be enough.",
        "Send the {what} with each such event, as far as it is known.",
    ),
    # Values that belong together
    "differs": Law(
        "error",
        "`{field}` repeats {repeated}.",
        "Clients find what the event is about by this value: they do not find it, or find another.",
        "A server makes up a new value with each event, or takes that of another object.",
        "Repeat the value that was announced.",
    ),
    "same-missing": Law(
        "error",
        "`{field}` is there, and repeats {repeated}.",
        "Clients find what the event is about by this value, and drop the event where it says nothing.",
        "A server that goes by positions itself leaves it out.",
        "Repeat the value that was announced in each event.",
    ),
    "repeats": Law(
        "error",
        "No two elements of a list have the same `{field}`.",
        "Clients that find elements by it have one of two.",
        "It is made from the time, the position or a constant.",
        "Make it up anew for each element.",
    ),
    "goes-back": Law(
        "error",
        "`{field}` only moves forward: {ranks}.",
        "What a client has shown as finished would be begun again.",
        "Events are made from states that were taken at different times, or a default stands for what is not known.",
        "Say what is so at the moment of the event, and never less than before.",
    ),
    # Lists
    "list-missing": Law(
        "warning",
        "What ends the stream well repeats what was put into `{list}`.",
        "Clients that only read the end see an empty answer.",
        "A server does not keep what it has sent, and leaves the list empty at the end.",
        "Collect what was sent and repeat it.",
    ),
    "list-count": Law(
        "error",
        "`{list}` has as many elements where it is repeated as were put into it.",
        "Clients that read the repetition have more or less than those that read the stream.",
        "The repetition is put together by another layer, which leaves kinds out or adds some.",
        "Announce each element, and repeat each that was announced.",
    ),
    "list-index-gap": Law(
        "error",
        "Each new element of `{list}` takes the next position, from 0.",
        "Clients keep a list: with a gap in it they fail, or put things in the wrong place.",
        "The position is that of another list, or always 0.",
        "Count the elements of this one list.",
    ),
    "list-changed": Law(
        "error",
        "The elements of `{list}` are repeated as they came.",
        "Clients that read the repetition have something else than those that read the stream.",
        "The repetition is put together anew, when more is known than before.",
        "Keep what was sent, and repeat that.",
    ),
    # Texts
    "text-not-empty": Law(
        "warning",
        "A text that comes in pieces is empty where it is announced.",
        "Clients append the pieces to what they have: the beginning is there twice.",
        "The first piece is put into the announcement as well, or an object is sent that already has it.",
        "Announce the text empty and send all of it in pieces.",
    ),
    "text-differs": Law(
        "error",
        "A text that is repeated is what its pieces give together.",
        "Some clients show the pieces and others the repetition: they do not see the same.",
        "Pieces are changed, lost or sent twice on their way, or the repetition was cleaned up after they were sent.",
        "Build the repetition from the pieces that were sent.",
    ),
    "text-missing": Law(
        "error",
        "A text that came in pieces is there where the object around it is repeated.",
        "Clients that read the repetition have no text.",
        "The repetition is built from a state without the pieces.",
        "Build the repetition from the pieces that were sent.",
    ),
    "text-after-final": Law(
        "error",
        "No piece of a text comes after the event that has it whole.",
        "Clients that have the whole text ignore the piece, or append it to what was finished.",
        "A buffer is emptied too late.",
        "Send all pieces, then the whole text.",
    ),
    "text-final-twice": Law(
        "error",
        "A text comes whole once.",
        "What a client does with a finished text it does twice.",
        "Two layers finish the text, each on its own.",
        "Finish each text once.",
    ),
    "text-empty": Law(
        "off",
        "A piece of a text has at least one character.",
        "Some clients take an empty piece for the end, or fail on it.",
        "A token that is no text is passed on as an empty piece.",
        "Send nothing where there is nothing to send.",
    ),
    "holds": Law(
        "error",
        "{statement}",
        "Clients rely on what the event is known to say, and take the event for another where it does not.",
        "The event is made from a state that was taken too early or too late, or by a layer that does not know it.",
        "Send `{event}` when this is so, and not before.",
    ),
}
"""What there is to say about each kind of rule, by its name."""
