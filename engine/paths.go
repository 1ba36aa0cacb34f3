package engine

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// declared lists the paths of a loop's inputs.
func declared(l *loop.Loop) []string {
	paths := []string{l.Predictions.Path, l.Outcomes.Path}
	for i := range l.Sources {
		paths = append(paths, l.Sources[i].Path)
	}
	return paths
}

// folders lists the folders that a loop's inputs lie in: what SQL may read. A path with a glob counts up to its first
// pattern; a file that is a link counts where it leads.
func folders(l *loop.Loop) []string {
	var all []string
	seen := map[string]bool{}
	for _, p := range declared(l) {
		if p == "" || strings.Contains(p, "://") {
			continue
		}
		for _, folder := range append(intake.LinkedFolders(l.Dir, p), inputFolder(l.Dir, p)) {
			if !seen[folder] {
				seen[folder] = true
				all = append(all, folder)
			}
		}
	}
	return all
}

// inputFolder gives the folder that holds every file that a declared path can mean, or the nearest one above it that
// exists.
func inputFolder(dir, path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if i := strings.IndexAny(path, "*?["); i >= 0 {
		path = filepath.Dir(path[:i] + "x")
	}
	for {
		info, err := os.Stat(path)
		if err == nil && info.IsDir() {
			return path
		}
		parent := filepath.Dir(path)
		if parent == path {
			return path
		}
		path = parent
	}
}
