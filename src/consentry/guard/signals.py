"""The names of all numbers that a policy may weigh, in one place, so that a missing one is noticed.

Invariants: prompt signals and exposures lie between 0 and 1; ``image_count`` is a count. Signals of the output are
0.0 at the request stage. Not done here: measuring any of them.
"""

PROMPT_SIGNALS: tuple[str, ...] = (
    "text_undress",  # clothing is taken off a person, or the person is shown bare, see-through or in underwear
    "text_sexual",  # a sexual pose, act, mood or emphasis
    "text_swimwear",  # swimwear, or other revealing but legitimate wear, is put on a person: their consent decides
    "text_body_shape",  # the shape of a person's body is changed
    "text_kiss",  # a person is made to kiss or embrace
    "text_head_cover",  # a religious head covering is taken off
    "text_minor",  # a child's or young person's word stands beside any of the above
    "text_person",  # a person is named as what the request is about
    "text_real_person",  # words point at one real person: a name, a relation, fame
    "text_no_person",  # the request says that there is no person in it
    "text_self",  # the caller says that the person is themselves
    "text_shop",  # the request is for selling goods
    "text_evasion",  # the meaning was hidden and only came out by undoing the disguise
    "text_unreadable",  # most of the text is not words in any script
)

PICTURE_SIGNALS: tuple[str, ...] = (
    "image_count",  # how many pictures came in (a count)
    "faces_score",  # the surest face in any input, 0..1
    "nudity_exposure",  # the most exposed input, 0..1
    "memory_blocked",  # 1 when an active bank holds an input
    "memory_refused",  # 1 when a request with an input was refused lately
)

OUTPUT_SIGNALS: tuple[str, ...] = (
    "output_exposure",  # the most exposed output, 0..1
    "output_root_exposure",  # exposure of the first picture of the lineage, 0..1
    "output_exposure_rise",  # how much more exposed the output is than that first picture, 0..1
    "output_faces_score",  # the surest face in any output, 0..1
)

KNOWN_SIGNALS: tuple[str, ...] = PROMPT_SIGNALS + PICTURE_SIGNALS + OUTPUT_SIGNALS
