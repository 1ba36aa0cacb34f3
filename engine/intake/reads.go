package intake

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/objectstore"
)

// Reads tells whether a file, absolute and with links followed, is or would be one of those that a declared path leads to: the file itself, one
// below a folder, or one whose name a pattern matches.
func Reads(dir, declared, file string) bool {
	if declared == "" || strings.Contains(declared, "://") {
		return false
	}
	opened := declared
	if !filepath.IsAbs(opened) {
		opened = filepath.Join(dir, filepath.FromSlash(declared))
	}
	opened, err := filepath.Abs(opened)
	if err != nil {
		return false
	}
	if info, err := os.Stat(opened); err == nil {
		if real, err := filepath.EvalSymlinks(opened); err == nil {
			opened = real
		}
		return opened == file || info.IsDir() && below(opened, file)
	}
	if !strings.ContainsAny(declared, "*?[") {
		return opened == file
	}
	parts := strings.Split(filepath.ToSlash(opened), "/")
	plain := slices.IndexFunc(parts, func(part string) bool { return strings.ContainsAny(part, "*?[") })
	if plain < 0 {
		return false
	}
	base := strings.Join(parts[:plain], "/")
	if real, err := filepath.EvalSymlinks(base); err == nil {
		base = filepath.ToSlash(real)
	}
	rest, found := strings.CutPrefix(filepath.ToSlash(file), strings.TrimSuffix(base, "/")+"/")
	return found && matches(parts[plain:], strings.Split(rest, "/"), byName(file) != "")
}

// below tells whether a file is one that a folder gives.
func below(folder, file string) bool {
	rest, err := filepath.Rel(folder, file)
	if err != nil || byName(file) == "" {
		return false
	}
	return !slices.ContainsFunc(strings.Split(filepath.ToSlash(rest), "/"), objectstore.Hidden)
}

// matches tells whether the elements of a path match those of a pattern; a folder that does gives the data files below it.
func matches(pattern, elements []string, data bool) bool {
	switch {
	case len(pattern) == 0:
		return len(elements) == 0 || data && !slices.ContainsFunc(elements, objectstore.Hidden)
	case len(elements) == 0:
		return false
	}
	if objectstore.Hidden(elements[0]) && !objectstore.Hidden(pattern[0]) {
		return false
	}
	if pattern[0] == "**" {
		return len(pattern) == 1 && data || matches(pattern[1:], elements, data) || matches(pattern, elements[1:], data)
	}
	ok, _ := path.Match(pattern[0], elements[0])
	return ok && matches(pattern[1:], elements[1:], data)
}
