"""The statement that goes with a picture: what was done, by what kind of thing, from which pictures.

Invariants: no prompt, no account, no file name, no time of a person's doing, no thumbnail; an edit is *opened* (which
carries no digital source type) and *edited* with a model; a generation is *created* by one; the list of actions says
that it is complete. Source: C2PA 2.4, sections on actions and ingredients; IPTC digital source types.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = f"{SOURCE_TYPES}trainedAlgorithmicMedia"
EDITED = f"{SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia"


@dataclass(frozen=True, slots=True)
class SourceLabel:
    """How one source is referred to: ``label`` in the actions, ``title`` and ``relationship`` in its own entry."""

    label: str
    title: str
    relationship: str

    @property
    def ingredient(self) -> dict[str, str]:
        """The source's own entry. Nothing of its file's metadata is taken over."""
        return {
            "title": self.title,
            "relationship": self.relationship,
            "label": self.label,
            "instance_id": self.label,
        }


def source_labels(count: int) -> tuple[SourceLabel, ...]:
    """Labels for ``count`` sources: the first is the parent, the others are inputs of the computation."""
    return tuple(
        SourceLabel(f"source-{place}", f"source picture {place}", "parentOf" if place == 1 else "inputTo")
        for place in range(1, count + 1)
    )


def manifest_definition(
    *,
    version: str,
    sources: Sequence[SourceLabel],
    bare: Sequence[SourceLabel] = (),
    redactions: Sequence[str] = (),
    generator: str = "",
) -> dict[str, Any]:
    """The definition that a C2PA builder takes.

    ``bare`` are those of ``sources`` that carry no credential: they are named, and nothing of their files goes in.
    ``redactions`` are addresses of assertions in the sources' credentials that are taken out (their thumbnails).
    ``generator`` names what made the picture, without a version.
    """
    actions = _edit(sources, generator) if sources else [_by({"action": "c2pa.created"}, GENERATED, generator)]
    actions += [
        {"action": "c2pa.redacted", "reason": "c2pa.PII.present", "parameters": {"redacted": address}}
        for address in redactions
    ]
    definition: dict[str, Any] = {
        "claim_generator_info": [{"name": "Consentry", "version": version}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions, "allActionsIncluded": True}},
        ],
    }
    if bare:
        definition["ingredients"] = [one.ingredient for one in bare]
    if redactions:
        definition["redactions"] = list(redactions)
    return definition


def thumbnail_addresses(manifests: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the manifests of one file hold thumbnails: each is a copy of a picture that somebody may regret."""
    found: dict[str, None] = {}
    for manifest in manifests.values():
        for holder in (manifest, *(manifest.get("ingredients") or ())):
            address = (holder.get("thumbnail") or {}).get("identifier")
            if isinstance(address, str) and address.startswith("self#jumbf=/c2pa/"):
                found[address] = None
    return tuple(found)


def _edit(sources: Sequence[SourceLabel], generator: str) -> list[dict[str, Any]]:
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [sources[0].label]}}
    edited = _by({"action": "c2pa.edited"}, EDITED, generator)
    if len(sources) > 1:
        edited["parameters"] = {"ingredientIds": [one.label for one in sources[1:]]}
    return [opened, edited]


def _by(action: dict[str, Any], source_type: str, generator: str) -> dict[str, Any]:
    action["digitalSourceType"] = source_type
    if generator:
        action["softwareAgent"] = {"name": generator}
    return action
