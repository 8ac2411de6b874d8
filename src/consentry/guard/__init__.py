"""May this picture be made? Request in, decision out; no Django, no network, no disk.

``request`` what is asked · ``normalisation``/``lexicon``/``reading``/``prompt`` the words · ``picture`` decoded pixels ·
``detector`` the seam for anything that looks at pixels · ``memory`` what is known of a picture · ``policy`` CEL rules ·
``pipeline`` puts them together and fails closed · ``decision`` the answer.
"""
