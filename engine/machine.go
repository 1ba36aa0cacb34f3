package engine

import (
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"
)

// defaultMemoryShare is the part of the machine's memory that a run may use when it is not told: 60 %.
const defaultMemoryShare = 0.6

// unknownMemory stands in for the machine's memory where nothing tells it (no /proc): 4 GiB.
const unknownMemory = int64(4) << 30

// DefaultMemory is how many bytes a run may use before it spills when it is not told: 60 % of RAM or of the control
// group's limit, whichever is smaller. Where neither is known it is 60 % of 4 GiB.
func DefaultMemory() int64 { return MemoryShare(defaultMemoryShare) }

// MemoryShare is the given share, in (0, 1], of RAM or of the control group's limit, whichever is smaller, in bytes.
func MemoryShare(share float64) int64 {
	limit := memoryLimit(os.DirFS("/"))
	if limit == 0 {
		limit = unknownMemory
	}
	return int64(float64(limit) * share)
}

// memoryLimit is the smallest of RAM and of every control group limit that holds for this process, in bytes; 0 when
// none is known. The root is the file system's root, so that a test can bring its own.
func memoryLimit(root fs.FS) int64 {
	limit := int64(math.MaxInt64)
	for _, n := range append(groupLimits(root), ram(root)) {
		if n > 0 && n < limit {
			limit = n
		}
	}
	if limit == math.MaxInt64 {
		return 0
	}
	return limit
}

// ram reads MemTotal of /proc/meminfo, in bytes; 0 when it is not there.
func ram(root fs.FS) int64 {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, "MemTotal:")
		if !ok {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		if err != nil || kib < 0 || kib > math.MaxInt64>>10 {
			return 0
		}
		return kib << 10
	}
	return 0
}

// groupLimits reads every limit on the way from the process's control group up to the root. A container sees its own
// group as "/", or a path of the host that is not mounted here: going up to the root covers both.
func groupLimits(root fs.FS) []int64 {
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return nil
	}
	var limits []int64
	for line := range strings.Lines(string(text)) {
		// hierarchy-id:controllers:path; version 2 has id 0 and no controllers.
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		switch {
		case parts[0] == "0" && parts[1] == "":
			limits = append(limits, upward(root, "sys/fs/cgroup", parts[2], "memory.max")...)
			limits = append(limits, upward(root, "sys/fs/cgroup/unified", parts[2], "memory.max")...)
		case hasController(parts[1], "memory"):
			limits = append(limits, upward(root, "sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes")...)
		}
	}
	return limits
}

func hasController(list, name string) bool {
	for c := range strings.SplitSeq(list, ",") {
		if c == name {
			return true
		}
	}
	return false
}

// upward reads the file called name in the group's folder and in every folder above it up to the mount. "max", version
// 1's "no limit" (a number near the largest) and files that are not there count as no limit.
func upward(root fs.FS, mount, group, name string) []int64 {
	var limits []int64
	for dir := path.Clean("/" + group); ; dir = path.Dir(dir) {
		text, err := fs.ReadFile(root, path.Join(mount, dir, name))
		if err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 {
				limits = append(limits, n)
			}
		}
		if dir == "/" {
			return limits
		}
	}
}
