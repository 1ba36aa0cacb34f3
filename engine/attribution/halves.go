package attribution

// FixedOfHalves takes a count of 1e-9 units as the two halves of a 128-bit integer in two's complement.
func FixedOfHalves(hi int64, lo uint64) Fixed { return Fixed{hi: hi, lo: lo} }
