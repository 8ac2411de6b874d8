"""The guard process: ``granian --interface asgi --factory consentry.proxy.process:app``."""

import os
from importlib import resources

import django
from starlette.applications import Starlette


def app() -> Starlette:
    """Set Django up, build the guard with the database behind it, warm it up, and return the ASGI application."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consentry.wiring.settings")
    django.setup()
    # After setup, because these read the tables.
    from consentry.adapters.credentials.c2pa_signer import C2paSigner
    from consentry.adapters.fetching.remote_picture import RemotePictures
    from consentry.adapters.upstreams.openai_compatible import OpenAICompatible
    from consentry.adapters.upstreams.pillow_editor import PillowEditor
    from consentry.proxy.app import build_app
    from consentry.proxy.settings import ProxySettings
    from consentry.wiring.core import build_guard
    from consentry.wiring.ledger import DatabaseLedger
    from consentry.wiring.server import server

    parts = server()
    config = parts.config
    guard = build_guard(
        decoder=parts.decoder,
        memory=parts.memory,
        policy=parts.policy,
        clock=parts.clock,
        detector_seconds=config.detector_seconds,
    )
    guard.warm_up(resources.files("consentry.wiring").joinpath("warm_up.png").read_bytes())
    upstream = OpenAICompatible(config.upstream_url, config.upstream_key) if config.upstream_url else PillowEditor()
    return build_app(
        guard=guard,
        upstream=upstream,
        ledger=DatabaseLedger(parts),
        signer=C2paSigner(parts.keys.signing_identity()),
        fetcher=RemotePictures(),
        settings=ProxySettings(public_base_url=config.public_url),
        clock=parts.clock,
    )
