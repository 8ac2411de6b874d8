"""Sign-in for staff through django-allauth; nobody can sign up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are made by an administrator's action, never from a web form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False
