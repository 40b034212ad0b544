"""Pure readers of formats that several probes meet. Bounded and linear: their input comes from a candidate."""
