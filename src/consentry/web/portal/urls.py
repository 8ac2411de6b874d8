"""Addresses of the public face."""

from django.urls import path
from django.views.generic import TemplateView

from consentry.web.portal import report, status

urlpatterns = [
    path("", TemplateView.as_view(template_name="portal/home.html"), name="portal-home"),
    path("report", report.report, name="portal-report"),
    path("status", status.status, name="portal-status"),
    path("consent/needed", TemplateView.as_view(template_name="portal/consent_needed.html"), name="consent-needed"),
    path("guidance", TemplateView.as_view(template_name="portal/guidance.html"), name="portal-guidance"),
]
