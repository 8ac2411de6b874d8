"""Addresses of the machine's face."""

from django.urls import path, re_path

from consentry.web.api import hma, public_files

urlpatterns = [
    path("healthz", public_files.healthz),
    path("readyz", public_files.readyz),
    path("metrics", public_files.metrics),
    path(".well-known/consentry.json", public_files.card),
    path(".well-known/security.txt", public_files.security_txt),
    path("log/checkpoint", public_files.checkpoint),
    re_path(r"^log/tile/(?P<path>[0-9a-z/.]{1,80})$", public_files.tile),
    path("api/v1/log/proof/<str:entry_hash>", public_files.proof),
    path("hma/status", hma.status),
    path("hma/h/hash", hma.hash_file),
    path("hma/m/lookup", hma.lookup),
    path("hma/m/raw_lookup", hma.raw_lookup),
    path("hma/m/compare", hma.compare),
    path("hma/c/banks", hma.banks),
]
