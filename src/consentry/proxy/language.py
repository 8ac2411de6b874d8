"""Which of our two languages a caller wants to read."""


def preferred_language(header: str | None) -> str:
    """``ja`` when ``Accept-Language`` prefers Japanese to English, otherwise ``en``."""
    best, best_weight = "en", 0.0
    for item in (header or "")[:500].split(","):
        tag, _, rest = item.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        weight = _weight(rest)
        if language in ("en", "ja") and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(text: str) -> float:
    name, equals, number = text.strip().partition("=")
    if not equals:
        return 1.0
    try:
        value = float(number)
    except ValueError:
        return 0.0
    return value if name.strip() == "q" and 0.0 <= value <= 1.0 else 0.0
