"""Living with findings from one run to the next: waivers, comparison with an earlier report, history."""
