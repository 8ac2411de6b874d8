"""Every command can be reached, and asking for help imports none of them."""

import importlib
import json
import subprocess
import sys

import pytest

from consentry.cli import BENCHES, COMMANDS, build_app

HEAVY = ("numpy", "PIL", "onnxruntime", "django", "cel_expr_python", "httpx", "yaml", "cryptography")


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, place, _ in (*COMMANDS, *BENCHES)])
def test_a_command_is_where_the_table_says(name: str, place: str) -> None:
    module, attribute = place.split(":")
    assert getattr(importlib.import_module(module), attribute), name


def test_help_names_every_command_and_imports_none() -> None:
    program = (
        "import sys\nfrom consentry.cli import main\nsys.argv = ['consentry', '--help']\n"
        f"try: main()\nexcept SystemExit: pass\nprint('loaded', [one for one in {HEAVY!r} if one in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "loaded []" in told
    assert all(name in told for name, _, _ in COMMANDS)
    assert build_app()["bench"]


def test_the_start_benchmark_prints_its_stable_keys() -> None:
    program = "from consentry.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "bench", "start", "--json"], capture_output=True, text=True, check=True
    )
    numbers = json.loads(ran.stdout)
    assert set(numbers) == {"rss_mb", "help_s"}
    assert all(number > 0 for number in numbers.values())


def test_the_guard_benchmark_prints_its_stable_keys() -> None:
    program = "from consentry.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "bench", "guard", "--requests", "5", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    numbers = json.loads(ran.stdout)
    assert set(numbers) == {"p50_ms", "p99_ms", "overhead_ms", "detectors_sum_ms", "two_core_ratio"}
