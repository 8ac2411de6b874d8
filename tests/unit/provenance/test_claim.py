"""The statement of a picture: the right actions, and nothing about anybody."""

import json
from typing import Any

from consentry.provenance.claim import EDITED, GENERATED, manifest_definition, source_labels, thumbnail_addresses


def actions(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """The actions of a definition."""
    (assertion,) = definition["assertions"]
    assert assertion["label"] == "c2pa.actions.v2"
    assert assertion["data"]["allActionsIncluded"] is True
    return list(assertion["data"]["actions"])


def test_a_generation_is_created_by_a_model() -> None:
    definition = manifest_definition(version="1", sources=(), generator="a model")
    assert actions(definition) == [
        {"action": "c2pa.created", "digitalSourceType": GENERATED, "softwareAgent": {"name": "a model"}}
    ]
    assert "ingredients" not in definition


def test_an_edit_is_opened_and_edited() -> None:
    labels = source_labels(3)
    found = actions(manifest_definition(version="1", sources=labels))
    assert found == [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": ["source-1"]}},
        {
            "action": "c2pa.edited",
            "digitalSourceType": EDITED,
            "parameters": {"ingredientIds": ["source-2", "source-3"]},
        },
    ]
    assert [one.relationship for one in labels] == ["parentOf", "inputTo", "inputTo"]


def test_what_is_redacted_is_said() -> None:
    address = "self#jumbf=/c2pa/urn:c2pa:1/c2pa.assertions/c2pa.thumbnail.claim.jpeg"
    definition = manifest_definition(version="1", sources=source_labels(1), redactions=[address])
    assert definition["redactions"] == [address]
    assert actions(definition)[-1]["parameters"] == {"redacted": address}
    assert "digitalSourceType" not in json.dumps(actions(definition)[-1])


def test_thumbnails_are_found_in_every_manifest_and_nowhere_else() -> None:
    inside = "self#jumbf=/c2pa/a/c2pa.assertions/c2pa.thumbnail.claim.jpeg"
    manifests = {
        "a": {"thumbnail": {"identifier": inside}, "ingredients": [{"thumbnail": {"identifier": inside + "2"}}, {}]},
        "b": {"thumbnail": {"identifier": "https://elsewhere.example/x"}, "ingredients": None},
        "c": {"thumbnail": {"identifier": 7}},
    }
    assert thumbnail_addresses(manifests) == (inside, inside + "2")
