"""Imported before anything else by functions with large libraries.

Loading them makes some hundred thousand objects that stay, and Python would look through them for
garbage every two thousand: 8 % of a start. Afterwards a request makes a few thousand, so looking
less often costs memory for a moment, and no more.
"""

import gc

gc.set_threshold(50_000, 50, 50)
