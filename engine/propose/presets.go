package propose

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	sqlfiles "github.com/plumbline-data/plumbline/sql"
)

// Logs that people already have. The flat ones say by their names which column is what; the nested ones have to be made flat first, by a
// statement that is printed.

// preset is a flat log that is known by its columns.
type preset struct {
	title   string
	needs   []string          // columns of predictions, in lower case
	columns map[string]string // by role: id, at, score, version, value, outcome_at
	lacks   string            // what it does not hold, where no loop can be made of it alone
	notes   []string
}

var presets = []preset{
	{
		title: "a Feast feature log", needs: []string{"__request_id", "__log_timestamp"},
		columns: map[string]string{"id": "__request_id", "at": "__log_timestamp"},
		lacks:   "a Feast feature log holds what was served, and not what the model said",
	},
	{
		title: "an Arize export", needs: []string{"prediction_id", "prediction_ts", "prediction_score"},
		columns: map[string]string{"id": "prediction_id", "at": "prediction_ts", "score": "prediction_score", "value": "actual_label"},
		notes:   []string{"Arize joins actuals by prediction_id alone, whatever the model version; its joiner looks back 14 days."},
	},
	{
		title: "a NannyML data set", needs: []string{"y_pred", "y_pred_proba"},
		columns: map[string]string{"id": "identifier", "at": "timestamp", "score": "y_pred_proba", "value": "y_true"},
		notes:   []string{"A set that is joined already does not say when an outcome became known: add that column if you can."},
	},
	{
		title: "an Evidently data set", needs: []string{"target", "prediction"},
		columns: map[string]string{"id": "id", "at": "timestamp", "score": "prediction", "value": "target"},
		notes:   []string{"A set that is joined already does not say when an outcome became known: add that column if you can."},
	},
}

// presetOf finds the preset that the predictions' columns are those of; nil where there is none.
func presetOf(predictions *input) *preset {
	for i := range presets {
		if !slices.ContainsFunc(presets[i].needs, func(name string) bool { return predictions.named(name) == nil }) {
			return &presets[i]
		}
	}
	return nil
}

// Nested says that a log has to be made flat, and by which statement.
type Nested struct {
	*fault.Fault
	Recipe string // SQL for DuckDB, for a person to complete and run
}

// Recipes are the statements of all logs in an error that have to be made flat.
func Recipes(err error) (all []string) {
	switch e := err.(type) {
	case nil:
	case *Nested:
		all = append(all, e.Recipe)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			all = append(all, Recipes(one)...)
		}
	case interface{ Unwrap() error }:
		all = Recipes(e.Unwrap())
	}
	return all
}

// Unwrap gives the fault.
func (n *Nested) Unwrap() error { return n.Fault }

// recipeFor is the error of a log that a recipe makes flat.
func recipeFor(flag, path, title, recipe string, fill ...string) error {
	text, err := fs.ReadFile(sqlfiles.Files, "recipes/"+recipe+".sql")
	if err != nil {
		return err
	}
	fill = append(fill, "'INPUT'", "'"+strings.ReplaceAll(path, "'", "''")+"'")
	return &Nested{
		Fault: fault.Usage(flag, "complete the statement on stdout and run it with DuckDB, every night before plumbline; then name the file that it writes",
			"%s is %s, which is not flat: Plumbline reads a column for each thing", path, title),
		Recipe: strings.NewReplacer(fill...).Replace(string(text)),
	}
}

// nested finds Parquet logs whose payload is nested or JSON.
func nested(inv *intake.Inventory) error {
	for _, t := range []*intake.Table{&inv.Predictions, &inv.Outcomes} {
		has := func(names ...string) bool {
			return !slices.ContainsFunc(names, func(name string) bool {
				return !slices.ContainsFunc(t.Columns, func(c intake.Column) bool { return strings.EqualFold(c.Name, name) })
			})
		}
		flag := "--" + t.Input
		switch {
		case has("databricks_request_id", "request", "response"):
			at := "request_time"
			if has("timestamp_ms") {
				at = "to_timestamp(timestamp_ms / 1000.0)"
			}
			return recipeFor(flag, t.Path, "a Databricks inference table", "databricks_inference", "REQUEST_ID", "databricks_request_id", "AT as", at+" as")
		case has("invocation_id", "event_time", "request", "response"):
			return recipeFor(flag, t.Path, "a Databricks gateway table", "databricks_inference", "REQUEST_ID", "invocation_id", "AT as", "event_time as")
		}
	}
	return nil
}

// JSON refuses a path of JSON files, which cannot be read as they are, with the statement that makes them flat. Other paths are none of its
// business, nor are those that cannot be read.
func JSON(dir, flag, path string) error {
	if strings.Contains(path, "://") {
		return nil
	}
	full := path
	if !filepath.IsAbs(full) {
		full = filepath.Join(dir, full)
	}
	first := firstJSON(full)
	if first == "" {
		return nil
	}
	glob := path
	if info, err := os.Stat(full); err == nil && info.IsDir() {
		glob = filepath.Join(path, "**", "*"+filepath.Ext(first))
	}
	keys := keysOf(first)
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(keys, name) })
	}
	switch {
	case has("captureData", "eventMetadata"):
		return recipeFor(flag, glob, "a SageMaker data capture", "sagemaker_capture")
	case has("groundTruthData", "eventMetadata"):
		return recipeFor(flag, glob, "SageMaker ground truth", "sagemaker_ground_truth")
	case has("specversion", "requestid", "type"):
		return recipeFor(flag, glob, "a log of Seldon Core", "cloudevents", "ID", "requestid")
	case has("specversion", "id", "type"):
		return recipeFor(flag, glob, "a log of KServe", "cloudevents", "ID", "id")
	}
	return recipeFor(flag, glob, "JSON", "json", "OUTPUT", strings.TrimPrefix(flag, "--"))
}

func isJSON(name string) bool {
	return slices.Contains([]string{".json", ".jsonl", ".ndjson"}, strings.ToLower(filepath.Ext(name)))
}

// firstJSON gives the first JSON file that a path means; "" where it means none, or other files too.
func firstJSON(path string) string {
	if matches, err := filepath.Glob(path); err == nil && len(matches) > 0 && strings.ContainsAny(path, "*?[") {
		path = matches[0]
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	if !info.IsDir() {
		if isJSON(path) {
			return path
		}
		return ""
	}
	found, others := "", false
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		hidden := name != path && (strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_"))
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || !entry.Type().IsRegular():
		case isJSON(name) && found == "":
			found = name
		case !isJSON(name) && slices.Contains([]string{".parquet", ".csv"}, strings.ToLower(filepath.Ext(name))):
			found, others = "", true
			return fs.SkipAll
		}
		return nil
	})
	if err != nil || others {
		return ""
	}
	return found
}

// keysOf gives the keys of the first record of a JSON file; none where it is not one.
func keysOf(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	in := bufio.NewReader(io.LimitReader(f, 4<<20))
	if b, err := in.Peek(1); err == nil && b[0] == '[' { // a list of records
		_, _ = in.Discard(1)
	}
	var record map[string]json.RawMessage
	if err := json.NewDecoder(in).Decode(&record); err != nil && !errors.Is(err, io.EOF) {
		return nil
	}
	var keys []string
	for k := range record {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
