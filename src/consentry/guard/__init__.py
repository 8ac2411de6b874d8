"""May this picture be made? Request in, decision out; no Django, no network, no disk.

``request`` what is asked · ``normalisation``/``lexicon``/``reading``/``prompt`` the words · ``decoding``/``picture``
the pixels · ``detector``/``looking``/``lanes`` who looks at them, under a deadline · ``memory``/``lineage`` what is
known of a picture · ``policy`` CEL rules · ``pipeline`` puts them together and fails closed · ``decision``/``output``
the answer.
"""
