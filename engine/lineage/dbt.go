package lineage

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// artifact is a file that dbt wrote; one of the three is set.
type artifact struct {
	at       time.Time // when it was made
	name     string
	sources  *dbtSources
	results  *dbtResults
	manifest *dbtManifest
}

// dbtSources is sources.json, what `dbt source freshness` found.
type dbtSources struct {
	Results []struct {
		UniqueID    string `json:"unique_id"`
		MaxLoadedAt string `json:"max_loaded_at"`
		SnapshotAt  string `json:"snapshotted_at"`
		Status      string
		Error       any
		Criteria    struct {
			WarnAfter  *dbtPeriod `json:"warn_after"`
			ErrorAfter *dbtPeriod `json:"error_after"`
		}
	}
}

type dbtPeriod struct {
	Count  *float64
	Period string
}

// dbtResults is run_results.json, what became of models and tests.
type dbtResults struct {
	Results []struct {
		UniqueID string `json:"unique_id"`
		Status   string
		Message  string
		Failures *float64
		Relation string `json:"relation_name"`
		Timing   []struct {
			Name        string
			CompletedAt string `json:"completed_at"`
		}
	}
}

// dbtManifest is manifest.json, what models and sources are and what they depend on.
type dbtManifest struct {
	Nodes, Sources map[string]dbtNode
}

type dbtNode struct {
	ResourceType string `json:"resource_type"`
	Relation     string `json:"relation_name"`
	DependsOn    struct{ Nodes []string }
	Attached     string `json:"attached_node"`
	Checksum     struct{ Name, Checksum string }
	External     *struct{ Location string }
}

// UnmarshalJSON reads a node and passes over fields that are not as they should be.
func (n *dbtNode) UnmarshalJSON(data []byte) error {
	var raw struct {
		ResourceType json.RawMessage `json:"resource_type"`
		Relation     json.RawMessage `json:"relation_name"`
		DependsOn    json.RawMessage `json:"depends_on"`
		Attached     json.RawMessage `json:"attached_node"`
		Checksum     json.RawMessage
		External     json.RawMessage
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	for _, part := range []struct {
		data json.RawMessage
		into any
	}{{raw.ResourceType, &n.ResourceType}, {raw.Relation, &n.Relation}, {raw.DependsOn, &n.DependsOn}, {raw.Attached, &n.Attached},
		{raw.Checksum, &n.Checksum}, {raw.External, &n.External}} {
		if len(part.data) > 0 {
			_ = json.Unmarshal(part.data, part.into) // what cannot be read is not known
		}
	}
	return nil
}

// dbtKinds are the artifacts by their file names: how the schema's URL calls each, and the versions known here.
var dbtKinds = map[string]struct {
	kind        string
	first, last int
}{
	"sources.json":     {"sources", 1, 3},
	"run_results.json": {"run-results", 4, 6},
	"manifest.json":    {"manifest", 7, 12},
}

func isArtifact(name string) bool { return dbtKinds[name].kind != "" }

// gatherDBT finds the artifacts in dbt's target folder, and in the folders right below it, where copies of earlier ones
// may be kept.
func gatherDBT(l *loop.Loop) ([]input, error) {
	const key = "lineage.dbt"
	declared := l.Lineage.DBT
	bad := func(format string, args ...any) error {
		return fault.Usage(l.Where(key), "write the path of dbt's target folder, relative to the loop file, or remove "+key,
			"%s: %s: %s", key, declared, fmt.Sprintf(format, args...))
	}
	root := local(l.Dir, declared)
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, bad("%v", plainError(err))
	}
	paths := []string{}
	for _, entry := range entries {
		path := filepath.Join(root, entry.Name())
		if isArtifact(entry.Name()) {
			paths = append(paths, path)
			continue
		}
		below, err := os.ReadDir(path)
		if err != nil {
			continue // no folder, or none of dbt's
		}
		for _, e := range below {
			if isArtifact(e.Name()) {
				paths = append(paths, filepath.Join(path, e.Name()))
			}
		}
	}
	if len(paths) == 0 {
		return nil, bad("a folder that holds no sources.json, run_results.json or manifest.json")
	}
	var files []input
	for _, path := range paths {
		files = append(files, input{path: path, name: shown(l.Dir, declared, path)})
	}
	slices.SortFunc(files, func(a, b input) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

var dbtVersion = regexp.MustCompile(`/dbt/([a-z-]+)/v(\d{1,4})\.json$`)

// readArtifact reads a file of dbt, by what it is called. It returns nil for one that is of no use, and a note where
// there is something to say.
func readArtifact(name string, content []byte) (*artifact, string) {
	note := func(format string, args ...any) string {
		return "lineage: " + name + ": " + fmt.Sprintf(format, args...)
	}
	var head struct {
		Metadata struct {
			Schema    string `json:"dbt_schema_version"`
			Generated string `json:"generated_at"`
		}
	}
	if err := json.Unmarshal(content, &head); err != nil {
		return nil, note("passed over, not an artifact of dbt: %s", tidy(err.Error(), 160))
	}
	known := dbtKinds[filepath.Base(name)]
	a := &artifact{name: name}
	var ok bool
	if a.at, ok = parseTime(head.Metadata.Generated); !ok {
		return nil, note("passed over, its metadata tell no generated_at")
	}
	var said string
	m := dbtVersion.FindStringSubmatch(head.Metadata.Schema)
	if m != nil && m[1] != known.kind {
		return nil, note("passed over, dbt wrote it as %s", m[1])
	}
	if version := 0; m == nil {
		said = note("dbt_schema_version %q is not known here; it is read as version %d", tidy(head.Metadata.Schema, 120), known.last)
	} else if version, _ = strconv.Atoi(m[2]); version < known.first || version > known.last {
		said = note("version %d of %s is not known here; it is read as version %d", version, known.kind, known.last)
	}
	var err error
	switch known.kind {
	case "sources":
		a.sources = &dbtSources{}
		err = json.Unmarshal(content, a.sources)
	case "run-results":
		a.results = &dbtResults{}
		err = json.Unmarshal(content, a.results)
	default:
		a.manifest = &dbtManifest{}
		err = json.Unmarshal(content, a.manifest)
	}
	if err != nil {
		return nil, note("passed over, not as dbt writes it: %s", tidy(err.Error(), 160))
	}
	return a, said
}

// sortArtifacts puts artifacts in the order they were made in.
func sortArtifacts(all []artifact) {
	slices.SortStableFunc(all, func(a, b artifact) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.name, b.name)) })
}
