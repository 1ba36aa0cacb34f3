package lineage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// Bounds of what is read.
const (
	maxFile    = 256 << 20 // bytes of one file
	maxFolders = 64        // how many folders deep a path is searched
)

// input is a file that evidence is read from.
type input struct {
	path string // as opened
	name string // as shown
}

// isEventFile tells, by its name, a file that events are looked for in when a folder is declared.
func isEventFile(name string) bool {
	lower := strings.ToLower(name)
	for _, ending := range []string{".jsonl", ".ndjson", ".json"} {
		if strings.HasSuffix(lower, ending) {
			return true
		}
	}
	return false
}

// gather finds the files that a declared path leads to, by name: one file, a glob (with ** for any number of folders) or
// a folder, of which and of whose folders those that wanted picks by their names. None is a usage fault.
func gather(l *loop.Loop, key, declared string, wanted func(name string) bool) ([]input, error) {
	bad := func(format string, args ...any) error {
		return fault.Usage(l.Where(key), "write the path of files that exist, relative to the loop file, or remove "+key,
			"%s: %s: %s", key, declared, fmt.Sprintf(format, args...))
	}
	if scheme, _, remote := strings.Cut(declared, "://"); remote {
		return nil, bad("%s:// paths cannot be read: copy the files or mount them", scheme)
	}
	root, pattern := local(l.Dir, declared), []string(nil)
	info, err := os.Stat(root)
	if errors.Is(err, os.ErrNotExist) && strings.ContainsAny(declared, globs) {
		var fixed string
		fixed, pattern = cutGlob(declared)
		root = local(l.Dir, fixed)
		if err := checkPattern(pattern); err != nil {
			return nil, bad("%v", err)
		}
		info, err = os.Stat(root)
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, bad("no such file or folder")
	case err != nil:
		return nil, bad("%v", plainError(err))
	}
	if !info.IsDir() && pattern == nil {
		return []input{{path: root, name: shown(l.Dir, declared, root)}}, nil
	}
	w := walk{pattern: pattern, wanted: wanted}
	if err := w.folder(root, nil, nil); err != nil {
		return nil, bad("%v", err)
	}
	if len(w.files) == 0 {
		if pattern != nil {
			return nil, bad("no file matches")
		}
		return nil, bad("a folder that holds no .jsonl, .ndjson or .json file")
	}
	var files []input
	for _, path := range w.files {
		files = append(files, input{path: path, name: shown(l.Dir, declared, path)})
	}
	slices.SortFunc(files, func(a, b input) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

// local is a declared path as it is opened.
func local(dir, declared string) string {
	if filepath.IsAbs(declared) {
		return filepath.Clean(declared)
	}
	return filepath.Join(dir, filepath.FromSlash(declared))
}

// cutGlob parts a path at its first element with a pattern.
func cutGlob(path string) (root string, pattern []string) {
	parts := strings.Split(filepath.ToSlash(path), "/")
	i := slices.IndexFunc(parts, func(p string) bool { return strings.ContainsAny(p, globs) })
	if i < 0 {
		return path, nil
	}
	root = strings.Join(parts[:i], "/")
	if root == "" && strings.HasPrefix(path, "/") {
		root = "/"
	}
	return root, parts[i:]
}

// walk looks for files below a folder, links followed.
type walk struct {
	pattern []string // of the path below the folder; nil for what wanted picks
	wanted  func(name string) bool
	files   []string
}

// folder looks below dir, which is below the root by the elements of under. above holds the folders that it lies in, to
// end a loop of links.
func (w *walk) folder(dir string, under, above []string) error {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("folder %s: %w", dir, plainError(err))
	}
	if slices.Contains(above, real) || len(above) >= maxFolders {
		return fmt.Errorf("folder %s leads back to itself, or nests more than %d deep", dir, maxFolders)
	}
	above = append(slices.Clip(above), real)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("folder %s: %w", dir, plainError(err))
	}
	for _, entry := range entries {
		name, path := entry.Name(), filepath.Join(dir, entry.Name())
		here := append(slices.Clip(under), name)
		info, err := os.Stat(path)
		isFolder := err == nil && info.IsDir()
		switch {
		case strings.HasPrefix(name, ".") && !w.spelt(len(under)):
		case isFolder && (w.pattern == nil || slices.Contains(w.pattern, "**") || len(here) < len(w.pattern) && matchOne(w.pattern[len(under)], name)):
			if err := w.folder(path, here, above); err != nil {
				return err
			}
		case isFolder:
		case w.pattern == nil && w.wanted(name), w.pattern != nil && matchParts(w.pattern, here):
			w.files = append(w.files, path) // a link that leads nowhere too: told when it is opened
		}
	}
	return nil
}

// spelt tells whether the pattern spells out a leading dot at an element.
func (w *walk) spelt(at int) bool {
	return at < len(w.pattern) && strings.HasPrefix(w.pattern[at], ".")
}

// read gives the content of a file.
func (f input) read(l *loop.Loop, key string) ([]byte, error) {
	bad := func(fix, format string, args ...any) error {
		return fault.Usage(l.Where(key), fix, "%s: %s: %s", key, f.name, fmt.Sprintf(format, args...))
	}
	const readable = "let the user that runs plumbline read it, or take it out of the path"
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, bad(readable, "%v", plainError(err))
	}
	if !info.Mode().IsRegular() {
		return nil, bad(readable, "not a regular file")
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, bad(readable, "%v", plainError(err))
	}
	defer file.Close()
	var content bytes.Buffer
	if info.Size() <= maxFile {
		content.Grow(int(info.Size()) + bytes.MinRead)
		if _, err := content.ReadFrom(io.LimitReader(file, maxFile+1)); err != nil {
			return nil, bad(readable, "%v", plainError(err))
		}
	}
	if info.Size() > maxFile || content.Len() > maxFile {
		return nil, bad("split it, for example by day, or take it out of the path", "larger than the %d MB that are read of one file", maxFile>>20)
	}
	return content.Bytes(), nil
}

// shown is the name of a file in messages: relative to the loop file's folder where it lies below it or was declared
// relative to it.
func shown(dir, declared, file string) string {
	if filepath.IsAbs(declared) {
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil || filepath.IsAbs(declared) && (rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator))) {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// plainError drops the path from a file system error: the fault around it names the file.
func plainError(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
