"""The command `explain` of a generated package: what the rules of the stream are for, and what to do about them."""

from __future__ import annotations

import argparse
import difflib
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from .errors import printable
from .findings import RuleDoc
from .lifecycle import Profile
from .reporting import print_lines
from .vetting import FILE_RULES, Checks

_WIDTH = 100


def explain(checks: Checks, arguments: Sequence[str], show: Callable[[str], Iterable[str]] = lambda rule: ()) -> int:
    """Run the command.

    Args:
        checks: What it needs of its package.
        arguments: Those of the command line behind its name.
        show: Gives the lines of a stream in which a rule is broken, and of one in which it is not; none if there are no
            such streams.

    Returns:
        The exit status: 0, or 2 where there is no such rule.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m {checks.package} explain",
        description="Say what a rule of the stream is for, how servers break it, what to do, and how that looks.",
    )
    parser.add_argument("rule", metavar="RULE", nargs="?", help="its id; without one, all rules are listed")
    name: str | None = parser.parse_args(arguments).rule
    rules = {**checks.rules, **FILE_RULES}
    if name is not None and name not in rules:
        guesses = difflib.get_close_matches(name, rules)
        hint = f"did you mean {' or '.join(guesses)}?" if guesses else "without a rule, all are listed"
        parser.error(f"no rule '{name}'; {hint}")
    if name is None:
        print_lines(map(printable, _listed(rules)))
        return 0
    lines = list(_explained(name, rules[name], checks.profiles))
    streams = list(show(name)) if name in checks.rules else []
    print_lines(map(printable, [*lines, "", *streams] if streams else lines))
    return 0


def _listed(rules: Mapping[str, RuleDoc]) -> Iterator[str]:
    """Give a line for each rule."""
    width = max(map(len, rules))
    for name, rule in rules.items():
        yield f"{rule.severity:<7}  {name:<{width}}  {rule.statement}"


def _explained(name: str, rule: RuleDoc, profiles: Mapping[str, Profile]) -> Iterator[str]:
    """Give all that there is to say about a rule."""
    severity = "off, unless the spec or `check --extra` turns it on" if rule.severity == "off" else rule.severity
    yield f"{name} ({severity})"
    reasons = [
        f"{provider}{f', for {kind}' if kind else ''}: {reason}"
        for provider, profile in profiles.items()
        for off, reason in profile.off.items()
        for rule_off, _, kind in [off.partition(" of ")]
        if rule_off == name
    ]
    for title, said in (
        ("", [rule.statement]),
        ("Why", [rule.why]),
        ("Seen", [rule.seen]),
        ("What to do", [rule.fix]),
        ("Known of", reasons),
    ):
        if said:
            yield ""
        if title and said:
            yield f"{title}:"
        for paragraph in said:
            yield from textwrap.wrap(paragraph, _WIDTH, initial_indent="  ", subsequent_indent="  ")
