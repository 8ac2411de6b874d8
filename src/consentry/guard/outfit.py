"""Garment arithmetic: what a person has on after a request, by region of the body.

A request's garments are taken off and put on; what stays covered follows from the ontology's coverage, so the
direction of a swap decides and not the mere presence of a word. Invariants: nobody is assumed to wear less than
ordinary clothing at the start; outerwear hides other clothing, so taking it off bares nothing. Not done here: finding
the garments in a sentence (``reading``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

REGIONS = frozenset({"chest", "pelvis", "belly", "back", "thighs"})
INTIMATE = frozenset({"chest", "pelvis"})
LAYERS = frozenset({"outer", "main", "under", "swim", "accessory", "drape", "flimsy"})


@dataclass(frozen=True, slots=True)
class Garment:
    """``covers`` are regions of the body, ``layer`` one of ``LAYERS``, ``kind`` micro, sheer, short, head or empty."""

    id: str
    layer: str
    covers: frozenset[str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How bare the result is: ``undress`` and ``swimwear`` between 0 and 1, ``head`` when a head covering goes."""

    undress: float = 0.0
    swimwear: float = 0.0
    head: float = 0.0


def after(
    *, off: Iterable[Garment], on: Iterable[Garment], only: bool = False, male: bool = False, swapped: bool = False
) -> Exposure:
    """The exposure after taking ``off`` and putting ``on``.

    ``only`` says that ``on`` is all that is worn; ``swapped`` that ``on`` takes the place of ``off``; ``male`` that a
    bare chest is that of a man, which is revealing but not undress.
    """
    gone, worn = tuple(off), tuple(on)
    head = 0.9 if any(one.kind == "head" for one in gone) else 0.0
    base = _worn(worn, only=only, male=male)
    layers = {one.layer for one in worn}
    if only or layers & {"under", "swim"}:
        return Exposure(base.undress, base.swimwear, head)
    lost: frozenset[str] = frozenset()
    for one in gone:
        if one.layer in {"main", "under", "swim", "drape"}:
            lost |= one.covers
    kept: frozenset[str] = frozenset()
    for one in worn:
        if one.layer in {"main", "outer", "drape"}:
            kept |= one.covers
    if lost and kept and swapped and any(one.layer in {"main", "outer"} for one in worn):
        # A whole garment takes the place of another: a shirt for a jacket does not bare the legs.
        kept |= lost & INTIMATE if kept & INTIMATE else frozenset()
    bare = lost - kept
    if male and bare & INTIMATE == {"chest"}:
        return Exposure(base.undress, max(base.swimwear, 0.7), head)
    if bare & INTIMATE:
        return Exposure(max(base.undress, 0.9), base.swimwear, head)
    sweater = 0.3 if any(one.id == "sweater" for one in gone) and not kept else 0.0
    return Exposure(max(base.undress, sweater), base.swimwear, head)


def _worn(worn: tuple[Garment, ...], *, only: bool, male: bool) -> Exposure:
    """What ``worn`` alone says: as additions, or with ``only`` as the whole outfit."""
    undress, swimwear = 0.0, 0.0
    covered: frozenset[str] = frozenset()
    for one in worn:
        covered |= one.covers
        if one.layer == "under":
            undress = max(undress, 0.9)
        elif one.layer == "swim":
            swimwear = max(swimwear, 0.8)
            undress = max(undress, 0.7 if one.kind == "micro" else 0.0)
        elif one.layer == "flimsy" and only:
            undress = max(undress, 0.9)
        elif one.id == "towel":
            swimwear = max(swimwear, 0.6)
        elif one.kind == "short":
            swimwear = max(swimwear, 0.35)
    if not only:
        return Exposure(undress, swimwear)
    layers = {one.layer for one in worn}
    if layers <= {"drape", "accessory"}:
        return Exposure(max(undress, 0.6 if "drape" in layers else 0.9), swimwear)
    missing = INTIMATE - covered
    if missing == {"chest"} and male:
        swimwear = max(swimwear, 0.7)
    elif missing and not (layers & {"outer", "swim"} and len(worn) == 1):
        undress = max(undress, 0.7)
    elif layers <= {"outer", "accessory"}:
        undress = max(undress, 0.6)  # a coat and nothing else
    return Exposure(undress, swimwear)
