"""What an unknown word was meant to be: another form, a slip of the hand, two words glued, one parted.

``guessing`` proposes forms for one word, ``gluing`` takes words apart, ``completing`` tries known words anew
where a neighbour was left alone. What is meant in the end is settled by the phrases that guesses complete.
"""
