# /// script
# dependencies = ["nowhere"]
# ///

import nowhere

print(nowhere)
