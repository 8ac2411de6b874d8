"""``consentry policy``: try a policy on its own examples, or print what it says."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from consentry.guard.errors import PolicyError
from consentry.guard.policy import Policy, house_policy_bytes, load_policy
from consentry.guard.signals import KNOWN_SIGNALS

app = App(name="policy", help="Try a policy on its own examples, or print what it says.")

File = Annotated[Path | None, Parameter(help="The policy file (YAML); the one that comes with Consentry when absent.")]


@app.command(name="test")
def try_examples(file: File = None) -> int:
    """Judge the policy's own examples; exit status 0 only when all of them agree and there is at least one."""
    policy = _load(file)
    if policy is None:
        return 1
    results = policy.run_examples()
    table = Table("example", "expected", "got", "rules", title=f"{policy.label} sha256:{policy.digest[:16]}")
    for result in results:
        got = f"{result.verdict.outcome}, {result.verdict.output_check}"
        mark = "" if result.passed else "[red]differs:[/red] "
        table.add_row(result.example.name, result.example.expect, mark + got, ", ".join(result.verdict.rules_fired))
    Console().print(table)
    failed = sum(not result.passed for result in results)
    if not results:
        print("The policy has no examples, so nothing was tried. Add an `examples` list.", file=sys.stderr)
    print(f"{len(results) - failed} of {len(results)} examples agree.")
    return 1 if failed or not results else 0


@app.command
def explain(file: File = None) -> int:
    """Print every rule: what it asks, when, with which reason, and why it is there."""
    policy = _load(file)
    if policy is None:
        return 1
    table = Table(
        "rule", "then", "when", "reason", "note", title=f"{policy.label} sha256:{policy.digest}", show_lines=True
    )
    for rule in policy.rules:
        table.add_row(rule.id, rule.then, rule.when, rule.reason, rule.note)
    Console().print(table)
    print("Signals: " + ", ".join(policy.signals))
    return 0


def _load(file: Path | None) -> Policy | None:
    try:
        text = house_policy_bytes() if file is None else file.read_bytes()
        return load_policy(text, known_signals=KNOWN_SIGNALS)
    except (PolicyError, OSError) as error:
        print(error, file=sys.stderr)
        return None
