"""Which calls are made, and in what order: bulk first, then each app, then what apps refer to."""
