"""Named questions to the tables that more than one action or page asks."""

from urllib.parse import urlsplit

from consentry.records.platform import Platform


def platform_of(reference: str) -> Platform | None:
    """The platform whose base URL has the reference's scheme, host and port and is a prefix of its path.

    Source: docs/spec/platform-integration.md, first section. ``None`` when no connected platform fits.
    """
    try:
        wanted = urlsplit(reference.strip())
        port = wanted.port
    except ValueError:
        return None
    for platform in Platform.objects.filter(active=True).order_by("id"):
        base = urlsplit(platform.base_url)
        same_origin = (base.scheme, base.hostname, base.port) == (wanted.scheme, wanted.hostname, port)
        folder = base.path.rstrip("/")
        if same_origin and (wanted.path == folder or wanted.path.startswith(f"{folder}/")):
            return platform
    return None
