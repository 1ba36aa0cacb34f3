package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
)

const memoryHint = "write a size with its unit, as in 4GB (10^9 bytes each) or 512MiB (2^20 bytes each), or a share of the machine, as in 50%"

// leastMemory is what no run can do without, in bytes: anything below it is a slip of the pen.
const leastMemory = 1 << 20

var (
	memoryForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?([A-Z]+|%)$`)

	// memoryUnits are in bytes.
	memoryUnits = map[string]float64{
		"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
		"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
	}
)

// parseMemory reads --memory as bytes; case does not matter.
func parseMemory(s string) (int64, error) {
	wrong := func(what string) (int64, error) {
		return 0, fault.Usage("--memory", memoryHint, "%q %s", s, what)
	}
	parts := memoryForm.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	if parts == nil {
		return wrong("is not a size")
	}
	n, err := strconv.ParseFloat(parts[1], 64)
	if err != nil {
		return wrong("is not a size")
	}
	if parts[2] == "%" {
		if n <= 0 || n > 100 {
			return wrong("is not a share above 0% and up to 100%")
		}
		share := engine.MemoryShare(n / 100)
		if share < leastMemory {
			return wrong("is less than 1MiB")
		}
		return share, nil
	}
	unit, ok := memoryUnits[parts[2]]
	switch {
	case !ok:
		return wrong("has a unit that is not known")
	case n*unit < leastMemory:
		return wrong("is less than 1MiB")
	case n*unit >= math.MaxInt64:
		return wrong("is more than any machine has")
	}
	return int64(n * unit), nil
}
