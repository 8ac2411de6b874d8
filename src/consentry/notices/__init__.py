"""Every letter that leaves: who is told what, in which words. Pure: fields in, text out.

``letters`` to reporters and uploaders, as data · ``statement_of_reasons`` why something was done, and its public form ·
``dsa`` the rules of the EU's public database · ``public_text`` what must never stand in a public text ·
``phrases`` the sentences behind codes. Nothing here sends anything or knows a reporter.
"""
