"""From declarations to the resolved model: declare every name, bind every mention of one, then check the folds."""

from __future__ import annotations

from dataclasses import replace

from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import SpecDecl
from .binder import Binder, said
from .folders import check_uses
from .folding import FoldBinder
from .lifecycle import bind_lifecycle
from .places import bind_places
from .readings import bind_readings
from .symbols import check_order, declare
from .tagging import check_aliases, defaults_of, tagging


def resolve(spec: SpecDecl, report: Report) -> ir.Spec:
    """Bind a spec. What cannot be bound is reported (E3xx to E5xx) and unknown in the result."""
    check_order(spec, report)
    symbols = declare(spec, report)
    tags = tagging(spec, symbols, report)
    binder = Binder(spec, symbols, tags, report)
    binder.groups()
    modules = [binder.module(file) for file in spec.files]
    check_uses(spec, binder.uses, report)
    bound = ir.Spec(
        name=spec.name.value,
        title=spec.title.value,
        doc=said(spec.doc),
        union=spec.union.value,
        tag=tags.events,
        state=spec.state.value if spec.state else "",
        modules=tuple(modules),
        span=spec.name.span,
        union_span=spec.union.span,
        complete=binder.is_complete(modules),
        version=spec.version.value if spec.version else "",
        default=defaults_of(spec, symbols, report),
        done=tuple(text.value for text in spec.done),
        key=tuple(path.names for path in spec.key),
        lane=tuple(path.names for path in spec.lane),
    )
    check_aliases(bound.events, symbols, report)
    state = binder.state(modules)
    # That there is no state is one mistake, whatever else would need one.
    known = ir.UNKNOWN if state is None and any(event.folds for event in symbols.events.values()) else state
    bound = replace(
        bound,
        places=bind_places(bound, known, spec, report),
        readings=bind_readings(bound, known, spec, report),
    )
    return bind_lifecycle(FoldBinder(bound, state, symbols, report).spec(), spec, report)
