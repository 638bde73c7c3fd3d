"""Which calls are made, and in what order: bulk lists first, then each region, then what is referred to."""
