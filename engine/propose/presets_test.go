package propose

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// A record as each of the logs has it, and the flat rows that its recipe makes of it.
var recipes = []struct {
	flag, file, log string
	title           string
	fill            []string // what a person would complete
	out, query      string
	want            string
}{
	{
		flag: "--predictions", file: "capture/AllTraffic/2022/03/01/01/a.jsonl", title: "a SageMaker data capture",
		log: `{"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT","data":"3,0.5","encoding":"CSV"},"endpointOutput":{"observedContentType":"text/csv","mode":"OUTPUT","data":"0.0137\n","encoding":"CSV"}},"eventMetadata":{"eventId":"e1","inferenceTime":"2022-03-01T01:02:03Z"},"eventVersion":"0"}
{"captureData":{"endpointInput":{"data":"NCwwLjI1","encoding":"BASE64"},"endpointOutput":{"data":"MC43NQ==","encoding":"BASE64"}},"eventMetadata":{"eventId":"e2","inferenceId":"mine","inferenceTime":"2022-03-01T01:02:04Z"},"eventVersion":"0"}
`,
		out: "predictions", query: "select prediction_id, predicted_at at time zone 'UTC', score, feature_1, feature_2",
		want: "e1 2022-03-01 01:02:03 0.0137 3 0.5\nmine 2022-03-01 01:02:04 0.75 4 0.25\n",
	},
	{
		flag: "--outcomes", file: "truth/2022/03/01/05/a.jsonl", title: "SageMaker ground truth",
		log: `{"groundTruthData":{"data":"1","encoding":"CSV"},"eventMetadata":{"eventId":"e1"},"eventVersion":"0"}
`,
		out: "outcomes", query: "select prediction_id, label, delivered_at at time zone 'UTC'", want: "e1 1 2022-03-01 05:00:00\n",
	},
	{
		flag: "--predictions", file: "kserve/a.jsonl", title: "a log of KServe",
		log: `{"specversion":"1.0","id":"r1","type":"org.kubeflow.serving.inference.request","time":"2022-03-01T01:02:03Z","data":{"instances":[[7,1],[8,1]]}}
{"specversion":"1.0","id":"r1","type":"org.kubeflow.serving.inference.response","time":"2022-03-01T01:02:04Z","data":{"predictions":[0.25,0.5]}}
`,
		out: "predictions", query: "select prediction_id, predicted_at at time zone 'UTC', score, feature_1",
		want: "r1-0 2022-03-01 01:02:03 0.25 7\nr1-1 2022-03-01 01:02:03 0.5 8\n",
	},
	{
		flag: "--predictions", file: "seldon/a.json", title: "a log of Seldon Core",
		log: `{"specversion":"1.0","id":"x","requestid":"r9","type":"io.seldon.serving.inference.response","time":"2022-03-01T01:02:04Z","data":{"predictions":[0.25]}}
`,
		out: "predictions", query: "select prediction_id, request_id, score, feature_1", want: "r9-0 r9 0.25 <nil>\n",
	},
	{
		flag: "--predictions", file: "ndarray/a.json", title: "a log of Seldon Core",
		log: `{"specversion":"1.0","id":"x","requestid":"r9","type":"io.seldon.serving.inference.request","time":"2022-03-01T01:02:03Z","data":{"data":{"ndarray":[[5,6],[7,8]]}}}
{"specversion":"1.0","id":"y","requestid":"r9","type":"io.seldon.serving.inference.response","time":"2022-03-01T01:02:04Z","data":{"data":{"ndarray":[[0.25],[0.5]]}}}
`,
		out: "predictions", query: "select prediction_id, score, feature_1", want: "r9-0 0.25 5\nr9-1 0.5 7\n",
	},
	{
		flag: "--outcomes", file: "labels/a.ndjson", title: "JSON", log: `{"id":"a","label":1}` + "\n",
		out: "outcomes", query: "select id, label", want: "a 1\n",
	},
}

func TestRecipes(t *testing.T) {
	for _, r := range recipes {
		t.Run(r.title, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, r.file)
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(r.log), 0o644)); err != nil {
				t.Fatal(err)
			}
			root, _, _ := strings.Cut(r.file, "/")
			err := JSON(dir, r.flag, filepath.Join(dir, root))
			nested, ok := errors.AsType[*Nested](err)
			if !ok || !strings.Contains(err.Error(), r.title) {
				t.Fatalf("JSON says %v", err)
			}
			if got := table(t, dir, nested.Recipe, r.query+" from '"+filepath.Join(dir, r.out+".parquet")+"' order by 1"); got != r.want {
				t.Errorf("the recipe makes\n%swant\n%s", got, r.want)
			}
		})
	}
}

// table runs a recipe in dir, and a query on what it wrote.
func table(t *testing.T, dir, recipe, query string) string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, out := range []string{"predictions", "outcomes"} {
		recipe = strings.ReplaceAll(recipe, "'"+out+".parquet'", "'"+filepath.Join(dir, out+".parquet")+"'")
	}
	if _, err := db.Exec(recipe); err != nil {
		t.Fatalf("%v\n%s", err, recipe)
	}
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			word := fmt.Sprint(*v.(*any))
			fmt.Fprint(&b, map[bool]string{true: " "}[i > 0], strings.TrimSuffix(word, " +0000 UTC"))
		}
		b.WriteByte('\n')
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A call of an inference table may be of many rows; a payload that was too large to log is missing.
func TestDatabricksRecipe(t *testing.T) {
	dir := t.TempDir()
	err := recipeFor("--predictions", filepath.Join(dir, "calls.parquet"), "a Databricks inference table", "databricks_inference",
		"REQUEST_ID", "databricks_request_id", "AT as", "to_timestamp(timestamp_ms / 1000.0) as", "FEATURE", "amount")
	nested, ok := errors.AsType[*Nested](err)
	if !ok {
		t.Fatal(err)
	}
	calls := `copy (select 'r1' as databricks_request_id, 1646096523000 as timestamp_ms,
		'{"dataframe_records": [{"amount": 3}, {"amount": 4}]}' as request, '{"predictions": [0.25, 0.5]}' as response
		union all select 'r2', 1646096523000, null, null) to '` + filepath.Join(dir, "calls.parquet") + `'; `
	got := table(t, dir, calls+nested.Recipe, "select prediction_id, request_id, predicted_at at time zone 'UTC', score, amount from '"+filepath.Join(dir, "predictions.parquet")+"' order by 1")
	if want := "r1-0 r1 2022-03-01 01:02:03 0.25 3\nr1-1 r1 2022-03-01 01:02:03 0.5 4\n"; got != want {
		t.Errorf("the recipe makes\n%swant\n%s", got, want)
	}
}

// A folder of Parquet files, or no file at all, is nothing to make flat.
func TestJSONLeavesOthers(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.parquet"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "_delta_log"), 0o755), os.WriteFile(filepath.Join(dir, "_delta_log", "0.json"), []byte("{}"), 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, "none", "s3://bucket/a.json", filepath.Join(dir, "a.parquet"), filepath.Join(dir, "*.parquet")} {
		if err := JSON(dir, "--predictions", path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
