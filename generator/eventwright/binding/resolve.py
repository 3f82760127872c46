"""From declarations to the resolved model: declare every name, bind every mention of one, then check the folds."""

from __future__ import annotations

from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import SpecDecl
from .binder import Binder, said
from .folders import check_uses
from .folding import FoldBinder
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
    )
    check_aliases(bound.events, symbols, report)
    return FoldBinder(bound, binder.state(modules), symbols, report).spec()
