"""What a trainer may expect of a fact without programming: paths into a probe's value, comparisons, all/any/none."""
