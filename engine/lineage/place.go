package lineage

import (
	"slices"
	"strings"
)

// placeKind is what a dataset's name is the name of.
type placeKind int

// Kinds of places.
const (
	localFile placeKind = iota
	remoteFile
	table
)

// place is where a dataset is, in a form in which places can be compared. See section "naming" of the OpenLineage
// specification for the names that places are made from.
type place struct {
	kind  placeKind
	base  string   // of a remote file scheme://authority, of a table its namespace
	abs   bool     // of a local file: its path starts at the root
	parts []string // elements of the path, or of the table's name
}

// schemes are those of stores that hold files, and the one under which each is compared.
var schemes = map[string]string{
	"s3": "s3", "s3a": "s3", "s3n": "s3", "gs": "gs", "gcs": "gs", "hdfs": "hdfs", "webhdfs": "hdfs", "abfss": "abfss", "abfs": "abfss",
	"wasb": "wasbs", "wasbs": "wasbs", "dbfs": "dbfs", "oss": "oss", "cos": "cos", "http": "http", "https": "https", "ftp": "ftp",
}

// dataset gives the place that a namespace and a name stand for.
func dataset(namespace, name string) place {
	if scheme, _, ok := strings.Cut(name, "://"); ok && (namespace == "" || strings.HasPrefix(name, namespace+"/")) && !strings.ContainsAny(scheme, "/.") {
		return url(name)
	}
	scheme, authority, isURL := strings.Cut(namespace, "://")
	scheme = strings.ToLower(scheme)
	switch {
	case scheme == "file" || strings.HasPrefix(scheme, "file:"):
		return localPlace(strings.TrimPrefix(name, "file://"))
	case isURL && schemes[scheme] != "":
		return remotePlace(scheme, authority+"/"+name)
	}
	return tablePlace(namespace, name)
}

// url gives the place of a path that may have a scheme.
func url(path string) place {
	scheme, rest, ok := strings.Cut(path, "://")
	switch scheme = strings.ToLower(scheme); {
	case !ok:
		return localPlace(path)
	case scheme == "file":
		if host, path, ok := strings.Cut(rest, "/"); ok && host != "" {
			return localPlace("/" + path)
		}
		return localPlace(rest)
	}
	return remotePlace(scheme, rest)
}

func localPlace(path string) place {
	return place{kind: localFile, abs: strings.HasPrefix(path, "/"), parts: split(path)}
}

func remotePlace(scheme, rest string) place {
	if same := schemes[scheme]; same != "" {
		scheme = same
	}
	authority, key, _ := strings.Cut(rest, "/")
	return place{kind: remoteFile, base: scheme + "://" + authority, abs: true, parts: split(key)}
}

// tablePlace reads a dotted name, whose elements may be quoted. Catalogues that part them by slashes put "table" first.
func tablePlace(namespace, name string) place {
	if rest, ok := strings.CutPrefix(name, "table/"); ok {
		name = strings.ReplaceAll(rest, "/", ".")
	}
	p := place{kind: table, base: namespace}
	for part := range strings.SplitSeq(name, ".") {
		p.parts = append(p.parts, strings.Trim(part, " \"`[]"))
	}
	return p
}

// whole gives the place of the dataset that a partition belongs to: what stands before the first key=value folder. A
// place that begins with one stays as it is.
func (p place) whole() place {
	i := slices.IndexFunc(p.parts, isPartition)
	if p.kind != table && i > 0 {
		p.parts = p.parts[:i:i]
	}
	return p
}

// isPartition tells the name of a hive partition's folder.
func isPartition(part string) bool { return strings.IndexByte(part, '=') > 0 }

// String is the place as it is shown and told apart by.
func (p place) String() string {
	switch p.kind {
	case remoteFile:
		return p.base + "/" + strings.Join(p.parts, "/")
	case table:
		name := strings.Join(p.parts, ".")
		if p.base != "" {
			name = p.base + "/" + name
		}
		return name
	}
	path := strings.Join(p.parts, "/")
	if p.abs {
		path = "/" + path
	}
	return path
}

// Declared names an input of the loop file as Near, Chain and Common take it: by its path, or by its table as "table:"
// and the name. Exactly one of the two is set there.
func Declared(path, tableName string) string {
	if path != "" {
		return path
	}
	if tableName == "" {
		return ""
	}
	return "table:" + tableName
}

// target is an input of the loop file, to be found among the places of datasets.
type target struct {
	place
	folder   []string // of a pattern or a partition, what stands before it
	isFolder bool     // the path may be a folder: it has no pattern, and not the name of a data file
}

// readDeclared reads an input as Declared writes it.
func readDeclared(d string) target {
	if name, ok := strings.CutPrefix(d, "table:"); ok {
		return target{place: tablePlace("", strings.TrimSpace(name))}
	}
	t := target{place: url(d)}
	i := slices.IndexFunc(t.parts, func(p string) bool { return strings.ContainsAny(p, globs) || isPartition(p) })
	if i >= 0 {
		t.folder = t.parts[:i]
	}
	t.isFolder = i < 0 && len(t.parts) > 0 && !isDataFile(t.parts[len(t.parts)-1])
	return t
}

// isDataFile tells the name of a file that an input may be.
func isDataFile(name string) bool {
	lower := strings.ToLower(name)
	for _, ending := range []string{".parquet", ".csv", ".csv.gz"} {
		if strings.HasSuffix(lower, ending) {
			return true
		}
	}
	return false
}

// matches tells whether a dataset is the input or a part of it. The rules:
//
//	tables        the shorter name ends the longer one, element by element, case aside
//	remote files  scheme (s3a and s3n are s3) and authority are equal, and so is the key
//	local files   the paths are equal; of a relative path and another, the shorter ends the longer, element by element
//	partitions    what stands before the first key=value folder or pattern of the input is the dataset, too
//	patterns      a file that matches is the dataset, too
//	folders       a data file below an input that is a folder is the dataset, too
func (t *target) matches(p place) bool {
	if len(t.parts) == 0 || len(p.parts) == 0 || t.kind != p.kind || t.kind == remoteFile && t.base != p.base {
		return false
	}
	if t.kind == table {
		return endsAlike(fold(t.parts), fold(p.parts))
	}
	whole := p.whole().parts
	if t.same(t.parts, p.parts, p.abs) || t.same(t.parts, whole, p.abs) {
		return true
	}
	if t.folder != nil {
		return t.same(t.folder, whole, p.abs) || matchParts(t.pattern(t.parts), p.parts)
	}
	return t.isFolder && isDataFile(p.parts[len(p.parts)-1]) && matchParts(append(t.pattern(t.parts), "**"), p.parts)
}

// same tells whether parts of the target and parts of a place are one path.
func (t *target) same(parts, other []string, otherAbs bool) bool {
	switch {
	case len(parts) == 0 || len(other) == 0:
		return false
	case t.abs && otherAbs:
		return slices.Equal(parts, other)
	case t.abs:
		return ends(parts, other)
	case otherAbs:
		return ends(other, parts)
	}
	return endsAlike(parts, other)
}

// pattern is what the elements of a place are held against: a relative path may stand anywhere.
func (t *target) pattern(parts []string) []string {
	if t.abs {
		return slices.Clone(parts)
	}
	return append([]string{"**"}, parts...)
}

// ends tells whether a path ends with another.
func ends(path, end []string) bool {
	return len(end) <= len(path) && slices.Equal(path[len(path)-len(end):], end)
}

// endsAlike tells whether the shorter of two ends the longer.
func endsAlike(a, b []string) bool { return ends(a, b) || ends(b, a) }

func fold(parts []string) []string {
	lower := make([]string, len(parts))
	for i, p := range parts {
		lower[i] = strings.ToLower(p)
	}
	return lower
}
