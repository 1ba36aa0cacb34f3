package intake

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/objectstore"
)

// maxFolders is how many folders deep a path is searched.
const maxFolders = 64

// ref is a file that a declared path leads to, before it is opened.
type ref struct {
	path   string // as opened
	name   string // as shown
	format Format
	store  *objectstore.Access // nil: a local file
}

var errPattern = errors.New("its name holds one of * ? [, which is read as a pattern: rename it")

// expand finds the files of a declared path, which is one file, a glob (with ** for any number of folders) or a folder,
// relative to dir. They are ordered by name. Files whose names begin with . or _ are passed over unless the path spells
// them out.
func expand(dir, declared string) ([]ref, error) {
	opened := declared
	if !filepath.IsAbs(opened) {
		opened = filepath.Join(dir, filepath.FromSlash(declared))
	}
	info, err := os.Stat(opened)
	var files []string
	switch {
	case err == nil && info.IsDir():
		files, err = folder(opened, nil)
		if err == nil && len(files) == 0 {
			err = errors.New("a folder that holds no .parquet, .csv or .csv.gz file")
		}
	case err == nil:
		files = []string{opened}
	case errors.Is(err, os.ErrNotExist) && strings.ContainsAny(declared, "*?["):
		files, err = glob(opened)
		if err == nil && len(files) == 0 {
			err = errors.New("no file matches")
		}
	case errors.Is(err, os.ErrNotExist):
		err = errors.New("no such file or folder")
	}
	if err != nil {
		return nil, plain(err)
	}
	return refs(dir, declared, files)
}

// LinkedFolders lists the folders that the files of a declared path really lie in, where they are links to files of other
// folders. What cannot be found is no error here: Open tells it.
func LinkedFolders(dir, declared string) []string {
	found, err := expand(dir, declared)
	if err != nil {
		return nil
	}
	var folders []string
	for _, r := range found {
		info, err := os.Lstat(r.path)
		if err != nil || info.Mode()&os.ModeSymlink == 0 {
			continue
		}
		if file, err := filepath.EvalSymlinks(r.path); err == nil && !slices.Contains(folders, filepath.Dir(file)) {
			folders = append(folders, filepath.Dir(file))
		}
	}
	return folders
}

// refs names the files and tells how they are stored. Files of no known kind, and names that DuckDB would take for a
// pattern, are errors.
func refs(dir, declared string, files []string) ([]ref, error) {
	var all []ref
	var errs []error
	for _, file := range files {
		r := ref{path: file, name: shown(dir, declared, file)}
		var err error
		if r.format, err = stored(file); err == nil && strings.ContainsAny(file, "*?[") {
			err = errPattern
		}
		if err != nil {
			errs = append(errs, &badFile{name: r.name, err: err})
			continue
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b ref) int { return strings.Compare(a.name, b.name) })
	return all, errors.Join(errs...)
}

// badFile is an error of one file, so that all bad files of a path can be told at once.
type badFile struct {
	name string
	err  error
}

func (b *badFile) Error() string { return b.name + ": " + b.err.Error() }
func (b *badFile) Unwrap() error { return b.err }

// shown is the name of a file in ledger and messages: relative to the loop file's folder where it lies below it or was
// declared relative to it, so that it does not depend on where the program was started.
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

// stored tells how a file is stored: by its name, else by its first bytes.
func stored(file string) (Format, error) {
	if f := byName(file); f != "" {
		return f, nil
	}
	info, err := os.Stat(file)
	if err != nil {
		return "", plain(err)
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("not a regular file")
	}
	f, err := os.Open(file)
	if err != nil {
		return "", plain(err)
	}
	defer f.Close()
	var magic [4]byte
	if _, err := io.ReadFull(f, magic[:]); err == nil && string(magic[:]) == "PAR1" {
		return Parquet, nil
	}
	return "", errors.New("neither Parquet nor CSV: its name ends in neither .parquet, .csv nor .csv.gz")
}

func byName(file string) Format {
	lower := strings.ToLower(filepath.Base(file))
	for ending, f := range map[string]Format{".parquet": Parquet, ".csv": CSV, ".csv.gz": CSV} {
		if strings.HasSuffix(lower, ending) {
			return f
		}
	}
	return ""
}

// folder lists the data files below dir, links followed. above holds the folders that it lies in, to end a loop of
// links.
func folder(dir string, above []string) ([]string, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	if slices.Contains(above, real) || len(above) >= maxFolders {
		return nil, fmt.Errorf("folder %s leads back to itself, or nests more than %d deep", dir, maxFolders)
	}
	above = append(slices.Clip(above), real)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", dir, plain(err))
	}
	var files []string
	for _, entry := range entries {
		if objectstore.Hidden(entry.Name()) {
			continue
		}
		file := filepath.Join(dir, entry.Name())
		info, err := os.Stat(file)
		if err != nil {
			if byName(file) == "" {
				continue
			}
			files = append(files, file) // a dangling link: told when it is opened
			continue
		}
		if info.IsDir() {
			below, err := folder(file, above)
			if err != nil {
				return nil, err
			}
			files = append(files, below...)
		} else if byName(file) != "" {
			files = append(files, file)
		}
	}
	return files, nil
}

// glob lists the files that match pattern; a folder that matches gives the files below it.
func glob(pattern string) ([]string, error) {
	pattern = filepath.ToSlash(pattern)
	if _, err := path.Match(strings.ReplaceAll(pattern, "**", "*"), ""); err != nil {
		return nil, errors.New("the pattern does not parse: a [ without its ]")
	}
	parts := strings.Split(pattern, "/")
	base := "."
	if parts[0] == "" {
		base, parts = "/", parts[1:]
	}
	found, err := globIn(base, parts, 0)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, match := range found {
		info, err := os.Stat(match)
		if err == nil && info.IsDir() {
			below, err := folder(match, nil)
			if err != nil {
				return nil, err
			}
			files = append(files, below...)
			continue
		}
		files = append(files, match)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// globIn matches parts, the elements of a pattern, below dir.
func globIn(dir string, parts []string, depth int) ([]string, error) {
	if len(parts) == 0 {
		return []string{dir}, nil
	}
	part, rest := parts[0], parts[1:]
	if depth > maxFolders {
		return nil, fmt.Errorf("folder %s nests more than %d deep", dir, maxFolders)
	}
	if !strings.ContainsAny(part, "*?[") {
		next := filepath.Join(dir, part)
		if _, err := os.Lstat(next); err != nil {
			return nil, nil
		}
		return globIn(next, rest, depth+1)
	}
	var found []string
	if part == "**" {
		here, err := globIn(dir, rest, depth+1)
		if err != nil {
			return nil, err
		}
		if len(rest) > 0 {
			found = here
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", dir, plain(err))
	}
	for _, entry := range entries {
		name := entry.Name()
		if objectstore.Hidden(name) && !objectstore.Hidden(part) {
			continue
		}
		more, err := globEntry(filepath.Join(dir, name), part, rest, parts, depth)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

// globEntry matches one entry of a folder against part and what follows it.
func globEntry(file, part string, rest, parts []string, depth int) ([]string, error) {
	info, err := os.Stat(file)
	isFolder := err == nil && info.IsDir()
	if part == "**" {
		switch {
		case isFolder:
			return globIn(file, parts, depth+1)
		case len(rest) == 0 && byName(file) != "":
			return []string{file}, nil
		}
		return nil, nil
	}
	if ok, _ := path.Match(part, filepath.Base(file)); !ok || len(rest) > 0 && !isFolder {
		return nil, nil
	}
	return globIn(file, rest, depth+1)
}

// hiveKeys gives the keys of the key=value folders that a file lies in, outermost first.
func hiveKeys(name string) []string {
	var keys []string
	parts := strings.Split(name, "/")
	for _, part := range parts[:len(parts)-1] {
		key, _, ok := strings.Cut(part, "=")
		if ok && key != "" && strings.Count(part, "=") == 1 && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
