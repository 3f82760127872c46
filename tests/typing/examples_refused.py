"""What a type checker must refuse, on the lines that say so and on no other."""

from __future__ import annotations

from typing_extensions import assert_never

from responses_events import Annotation, FilePath, ResponseTextDeltaEvent, UnknownVariant, UrlCitationBody, decode
from responses_events.build import ResponseStream

decode(5)  # refused: no text and no object
decode(b"{}", True)  # refused: `strict` has to be named
ResponseTextDeltaEvent(delta="Hel")  # refused: members are missing
ResponseTextDeltaEvent(item_id="x", output_index=0, content_index=0, delta=b"Hel")  # refused: bytes are no text

event = ResponseTextDeltaEvent(item_id="x", output_index=0, content_index=0, delta="Hel")
event.obfuscation.upper()  # refused: may be None
event.text = "Hel"  # refused: no such attribute
event.type = "response.created"  # refused: the tag belongs to the class
print(decode(b"{}").delta)  # refused: not every event has it

stream = ResponseStream(model="tea-1", created_at=1)
stream.message().arguments("{}")  # refused: only calls have arguments
stream.function_call(name="brew")  # refused: `call_id` is missing
stream.usage = 5  # refused: usage is an object


def place(annotation: Annotation) -> str | None:
    match annotation:
        case UrlCitationBody() | FilePath() | UnknownVariant():
            return None
        case _:
            assert_never(annotation)  # refused: two classes are left over
