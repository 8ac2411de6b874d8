"""What the portal's pages ask, as Django forms: labels, hints and lengths; the rules themselves are ``cases.report``.

Invariants: no form has a file field and none is multipart, so a picture cannot be sent; only the address is required,
all else is what the chosen country's law asks (``asked_by_law``) or is optional. Not done here: judging a report.
"""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from consentry.cases.report import ADDRESS_LIMIT, STATEMENT_LIMIT, WORDS_LIMIT, AskedField

HARMS = [
    ("sexualised_synthetic", _("It was made or changed by a machine so that I look undressed or sexualised")),
    ("intimate_photographed", _("It is a real intimate photograph, shown without my consent")),
    ("other", _("Something else, or I am not sure")),
]
RELATIONSHIPS = [("self", _("I am the person shown")), ("acting_for", _("I act for the person shown"))]


class ReportForm(forms.Form):
    """The report in three parts: what is it, about you, check and send."""

    required_css_class = "required"

    content = forms.CharField(
        label=_("Address of the post (URL) or its number"),
        help_text=_("Copy it from the address bar, or from “share” and “copy link”."),
        max_length=ADDRESS_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    claimed_pdq = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    claimed_quality = forms.IntegerField(required=False, min_value=0, max_value=100, widget=forms.HiddenInput)
    harm = forms.ChoiceField(label=_("What was done?"), choices=HARMS, widget=forms.RadioSelect)
    is_child = forms.BooleanField(
        label=_("The person shown was under 18, or may have been"),
        help_text=_("Such reports go a separate way: nobody sees the picture here, and specialised people take over."),
        required=False,
    )
    relationship = forms.ChoiceField(
        label=_("Who are you?"),
        help_text=_("We believe you. No identity papers are needed."),
        choices=RELATIONSHIPS,
        initial="self",
        widget=forms.RadioSelect,
    )
    jurisdiction = forms.ChoiceField(
        label=_("Which country's law should apply?"),
        help_text=_(
            "Mostly where you live. Some laws ask one or two questions more; in return their deadlines bind the "
            "platform. Without it our own deadlines apply."
        ),
        required=False,
    )
    statement = forms.CharField(
        label=_("What should the person who decides know?"),
        help_text=_("In your own words, one sentence is enough. The uploader never sees it."),
        required=False,
        max_length=STATEMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Only if you want a mail when something happens. The receipt code is enough to follow everything."),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, countries: list[tuple[str, str]], **kwargs: object) -> None:
        """``countries``: code and name of each country whose law is at work here."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["jurisdiction"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("None of these, or I do not know")), *countries]


class ReceiptForm(forms.Form):
    """Opens a report: the whole receipt in one field."""

    receipt = forms.CharField(
        label=_("Receipt code"),
        help_text=_("It begins with R1. Capital or small letters, with or without hyphens: all are fine."),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "receipt-input",
            }
        ),
    )


class AppealForm(forms.Form):
    """Asks another person to decide again."""

    text = forms.CharField(
        label=_("What was overlooked?"),
        help_text=_("In your own words. Another person than before reads it and decides."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EraseForm(forms.Form):
    """Forgets the person behind a report."""

    sure = forms.BooleanField(label=_("Yes, forget what I told you"))


@dataclass(frozen=True, slots=True)
class AskedInput:
    """One question that a country's law asks, ready to be shown: ``kind`` is ``tick`` or ``words``."""

    name: str
    label: str
    why: str
    kind: str
    value: str
    problem: str


def asked_inputs(
    jurisdiction: str, asked: tuple[AskedField, ...], language: str, typed: dict[str, str], problems: dict[str, str]
) -> list[AskedInput]:
    """The inputs of one country; ``typed`` and ``problems`` by field name. Fields answered elsewhere are left out."""
    return [
        AskedInput(
            name=f"answer-{jurisdiction}-{field.name}",
            label=field.label(language),
            why=field.why(language),
            kind=field.answered_by.value,
            value=typed.get(field.name, ""),
            problem=problems.get(field.name, ""),
        )
        for field in asked
        if field.answered_by.value in {"tick", "words"}
    ]
