"""Report, case, decision, appeal: what may happen to a case, by whose hand, by when. Pure: values in, values out.

``report`` what a person may file · ``register`` adult or child, never joined again · ``receipt`` the code to keep ·
``lifecycle`` the one table of moves · ``events`` what happened · ``kinds``/``jurisdictions`` the law as data ·
``clocks`` one clock a rule · ``corroboration``/``breaker`` hide at once or let a person look ·
``lanes`` accredited bodies · ``decision``/``appeal``/``strikes`` what follows.
Nothing here stores, sends or reads the time.
"""
