"""People who work here: reviewers, lanes' staff, regulators, auditors, administrators."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from consentry.access import Actor, Role
from consentry.records.fields import allowed, choice_column
from consentry.records.lane import Lane


class StaffMembers(BaseUserManager["StaffMember"]):
    """Creates accounts; roles are given by the action ``create_staff``, never by signing up."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "StaffMember":
        """A new active account with a hashed password (or none: passkey only)."""
        member = self.model(username=username, **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def get_by_natural_key(self, username: str | None) -> "StaffMember":
        """The account with exactly this user name."""
        return self.get(username=username)


class StaffMember(AbstractBaseUser):
    """One account. ``lane`` is set for staff of a hotline or an authority, and for nobody else."""

    username = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    role = choice_column(Role)
    lane = models.ForeignKey(Lane, null=True, blank=True, on_delete=models.PROTECT, related_name="staff")
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[StaffMembers] = StaffMembers()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [allowed("staff", "role", Role)]

    @property
    def is_staff(self) -> bool:
        """Nobody uses Django's own administration pages here."""
        return False

    @property
    def actor(self) -> Actor:
        """Who this person is to the actions."""
        return Actor(Role(self.role), str(self.pk))
