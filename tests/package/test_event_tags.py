"""Events whose tag is more than one member: any body gives an event, and what it is follows from the spec."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from eventwright.pipeline import compile_spec
from support import CASES, TEMPLATES
from support.compiling import compiled, forget_package, import_package

FORMS = (
    "tag-of-several-parts",
    "tag-or-another",
    "tag-below-a-path",
    "tag-that-is-the-only-member",
    "no-tag",
    "default-without-a-tag",
    "former-tags",
)
WORDS = (
    "action t op type text result kind error odd noteMade noteLost place".split()
    + "made moved note NOTE_MADE note.made note.created note.lost wall".split()
)
VALUES = st.recursive(
    st.sampled_from([*WORDS, "", None, True, False, 0, 1, 10, 10.0, 1.5]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=4)


class Form:
    """A package of a case, with its schema."""

    def __init__(self, name: str, folder: Path) -> None:
        files = compile_spec(CASES / f"ok-{name}" / "spec", [TEMPLATES]).files
        self.module = import_package(folder, files, "demo")
        # Every case has a package of this name.
        self.stream: ModuleType = __import__("demo.stream", fromlist=["stream"])
        self.modules = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "demo"}
        schema = next(text for path, text in files.items() if path.name == "demo.schema.json")
        self.validator = Draft202012Validator(json.loads(schema))
        self.takes_tag = name not in ("no-tag", "former-tags")


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Form]]:
    yield {name: Form(name, tmp_path_factory.mktemp("form")) for name in FORMS}
    for name in [name for name in sys.modules if name.partition(".")[0] == "demo"]:
        del sys.modules[name]


@pytest.mark.parametrize("name", FORMS)
@given(body=BODIES, beside=st.sampled_from([None, "", "note", "ping", "NOTE_MADE", "note.made", "new"]))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_is_an_event(name: str, body: dict[str, Any], beside: str | None, forms: Mapping[str, Form]) -> None:
    form = forms[name]
    module, given_ = form.module, {"tag": beside} if form.takes_tag else {}
    text, before = json.dumps(body), copy.deepcopy(body)
    event = module.decode(text, **given_)
    assert module.encode(event) == body
    assert json.loads(module.dumps(event)) == body
    assert module.decode(body, **given_) == event
    assert body == before
    assert copy.deepcopy(event) == event
    found = module.problems(body, **given_)
    assert module.problems(event) == found
    if found:
        with pytest.raises(module.DecodeError) as caught:
            module.decode(text, **given_, strict=True)
        assert list(caught.value.problems) == found
    else:
        assert module.decode(text, **given_, strict=True) == event
    if name != "tag-of-several-parts" and not (beside and form.takes_tag):
        # A schema takes 10.0 for an integer, and cannot see what is beside the body.
        assert form.validator.is_valid(body) == (not found) or ".0" in text


@pytest.mark.parametrize(
    ("name", "body", "beside", "kind"),
    [
        ("tag-of-several-parts", {"action": "made", "text": "a"}, "note", "NoteMadeEvent"),
        ("tag-of-several-parts", {"action": "moved"}, "note", "NoteEvent"),
        ("tag-of-several-parts", {}, "ping", "PingEvent"),
        ("tag-of-several-parts", {"action": "made"}, "ping", "PingEvent"),
        ("tag-of-several-parts", {"action": "made", "text": "a"}, None, "UnknownEvent"),
        ("tag-of-several-parts", {"action": "made", "text": "a"}, "note.made", "UnknownEvent"),
        ("tag-or-another", {"t": None, "op": 10}, None, "HelloEvent"),
        ("tag-or-another", {"t": "", "op": True}, None, "ByeEvent"),
        ("tag-or-another", {"op": 1}, None, "UnknownEvent"),
        ("tag-or-another", {"op": "10"}, None, "UnknownEvent"),
        ("tag-or-another", {"op": 10.0}, None, "UnknownEvent"),
        ("tag-or-another", {}, "NOTE_MADE", "NoteMadeEvent"),
        ("tag-below-a-path", {"result": {"kind": "note", "text": "a"}}, None, "NoteEvent"),
        ("tag-below-a-path", {"result": {"kind": "new"}, "error": {}}, None, "UnknownEvent"),
        ("tag-below-a-path", {"result": {"kind": None}, "error": None}, None, "FailureEvent"),
        ("tag-below-a-path", {"result": {"odd": True}}, None, "OddEvent"),
        ("tag-below-a-path", {"result": {"odd": 1}}, None, "UnknownEvent"),
        ("tag-that-is-the-only-member", {"noteMade": {"text": "a"}}, None, "NoteMadeEvent"),
        ("tag-that-is-the-only-member", {"noteMade": {}, "more": 1}, None, "UnknownEvent"),
        ("tag-that-is-the-only-member", {"noteMade": "a"}, None, "UnknownEvent"),
        ("no-tag", {"type": "other"}, None, "NoteEvent"),
        ("default-without-a-tag", {"text": "a"}, None, "NoteMadeEvent"),
        ("default-without-a-tag", {"type": "", "text": "a"}, None, "NoteMadeEvent"),
        ("default-without-a-tag", {"type": "new", "text": "a"}, None, "UnknownEvent"),
        ("default-without-a-tag", {}, "note.lost", "NoteLostEvent"),
        ("default-without-a-tag", {"text": "a"}, "message", "NoteMadeEvent"),
        ("former-tags", {"type": "note.created", "place": "wall"}, None, "NoteMadeEvent"),
    ],
)
def test_what_a_body_is(
    name: str, body: dict[str, Any], beside: str | None, kind: str, forms: Mapping[str, Form]
) -> None:
    given_ = {} if beside is None else {"tag": beside}
    assert type(forms[name].module.decode(body, **given_)).__name__ == kind


def test_what_comes_beside_the_body_is_kept(forms: Mapping[str, Form]) -> None:
    form = forms["tag-of-several-parts"]
    event = form.module.decode('{"action":"moved"}', tag="note")
    assert event.event_line == "note"
    assert event == form.module.NoteEvent(action="moved")
    sys.modules.update(form.modules)
    assert pickle.loads(pickle.dumps(event)) == event
    frame = b'event: note\ndata: {"action":"moved"}\n\n'
    assert form.stream.encode_sse(event) == frame
    assert form.stream.encode_sse(form.module.NoteEvent(action="moved")) == frame
    (read,) = form.stream.iter_events([frame])
    assert read == event and read.event_line == "note"
    new = form.module.decode({"a": 1}, tag="new")
    assert form.stream.encode_sse(new) == b'event: new\ndata: {"a":1}\n\n'


def test_events_are_chosen_by_tag_class_and_former_tag(forms: Mapping[str, Form]) -> None:
    form = forms["former-tags"]
    stream = [b'data: {"type":"note.created","place":"wall"}\n\ndata: {"type":"note.lost"}\n\n']
    for wanted in ("note.made", "note.created", form.module.NoteMadeEvent):
        assert [event.type for event in form.stream.iter_events(stream, only={wanted})] == ["note.created"]
    form = forms["default-without-a-tag"]
    stream = [b'data: {"text":"a","more":{"type":"x"}}\n\ndata: {"type":"note.lost"}\n\n']
    assert [event.text for event in form.stream.iter_events(stream, only={"note.made"})] == ["a"]


def test_the_number_of_an_event_is_no_text(tmp_path: Path) -> None:
    content = "events: {{10: {{variant: Ten, example: {{type: {}}}}}}}"
    result = compiled(content.format(10), tmp_path, "numbered")
    assert not result.report.has_errors
    made = import_package(tmp_path, result.outputs["python"], "numbered")
    try:
        assert [type(made.decode({"type": tag})).__name__ for tag in (10, "10")] == ["TenEvent", "UnknownEvent"]
    finally:
        forget_package("numbered")
    found = compiled(content.format('"10"'), tmp_path, "numbered").report.diagnostics
    assert [each.hint for each in found if each.rule.code == "E604"] == ["write 'type: 10'"]
