"""People who are made up, living in fast motion on a real app: to see what is learned of them.

``scenery`` is the app as they find it, ``people`` who they are, ``timetable`` when they do what, ``choosing``
what they take out of what they are shown, ``phones`` what they carry, ``living`` one visit of theirs,
``days`` the run of time, ``outcomes`` what came of it, ``learned`` what the server says it learned,
``comparing`` the one against the other, ``report`` the text.

It knows the server by HTTP alone, as phones do: whoever runs it hands in a door and a clock to move. Nothing
here knows the field of an app: what there is to like, and where, comes out of its catalogue.
"""
