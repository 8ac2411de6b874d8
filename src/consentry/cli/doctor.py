"""``consentry doctor``: what is wrong with this installation, and how to mend it."""

import os
import sys

from consentry.basics.errors import ConsentryError
from consentry.config import Config


def doctor() -> int:
    """Check settings, keys, database, log and detectors; one line each. Exit status 1 when something must be mended."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consentry.wiring.settings")
    config = Config.read()
    findings = [("settings", "; ".join(config.problems()) or "fit to serve the public")]
    broken = config.production and bool(config.problems())
    for name, check in (("database", _database), ("log", _log), ("detectors", _detectors)):
        try:
            findings.append((name, check()))
        except ConsentryError as error:
            findings.append((name, f"BROKEN: {error}"))
            broken = True
        except Exception as error:
            findings.append(
                (name, f"BROKEN: {type(error).__name__}. Run `consentry serve` once to migrate, then again.")
            )
            broken = True
    for name, text in findings:
        sys.stdout.write(f"{name:10} {text}\n")
    return int(broken)


def _database() -> str:
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"BROKEN: {len(waiting)} migrations wait; run `consentry serve`." if waiting else "migrated"


def _log() -> str:
    from consentry.actions.sequence_log import highest_size
    from consentry.wiring.server import server

    log = server().open_log(at_least=highest_size())
    return f"{log.size} entries under a valid checkpoint"


def _detectors() -> str:
    from consentry.adapters.detectors.faces import FaceDetector
    from consentry.adapters.detectors.nudity import NudityDetector

    return f"{NudityDetector().name} and {FaceDetector().name} loaded, model files unchanged"
