package repair

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// stand is a repairer with three predictions to score, and a folder for its files.
func stand(t *testing.T, command ...string) *repairer {
	t.Helper()
	folder := t.TempDir()
	db, err := warehouse.Open(t.Context(), warehouse.Options{Temp: folder, Threads: 1, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, text := range []string{
		"create temp table stg_predictions as select 'p' || i as prediction_id, timestamp '2024-01-01' as predicted_at, 'v1' as version, i * 1.5::double as f_0, 'word' as f_1 from range(3) r(i)",
		"create temp table int_values as select rowid as row_no, 9.0::double as d_0 from stg_predictions",
		"create temp table int_replayed as select rowid as row_no, null::double as r_0, 'other' as r_1 from stg_predictions",
		"create temp table int_scorer_rows as select rowid as row_no, prediction_id from stg_predictions",
	} {
		if _, err := db.Conn().ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	l := &loop.Loop{Dir: folder, Task: loop.Binary, Scorer: &loop.Scorer{Command: command, Timeout: 2 * time.Second}}
	p := &plan.Plan{Loop: l, Features: []plan.Feature{
		{Index: 0, Decl: &loop.Feature{Name: "wind"}, Class: plan.Number, HasDefault: true},
		{Index: 1, Decl: &loop.Feature{Name: "sky \"x\""}, Class: plan.Text},
	}}
	return &repairer{db: db, plan: p, work: Work{Folder: folder}, data: stageData{Binary: true, Features: []feature{
		{Index: 0, Served: side{Index: 0, HasDefault: true}}, {Index: 1, Text: true, Served: side{Index: 1, Text: true}}}}}
}

// write is a scorer that copies a Parquet file made by a query to where it is asked to.
func write(t *testing.T, r *repairer, query string) {
	t.Helper()
	made := filepath.Join(r.work.Folder, "made.parquet")
	if _, err := r.db.Conn().ExecContext(t.Context(), "copy ("+query+") to '"+made+"' (format parquet)"); err != nil {
		t.Fatal(err)
	}
	r.plan.Loop.Scorer.Command = []string{"sh", "-c", `cp "` + made + `" "$2"`, "score"}
}

// What the scorer reads are the predictions with their features as served; those that are repaired as replayed, the default for null.
func TestScorerReadsRepairedFeatures(t *testing.T) {
	for _, c := range []struct {
		repaired []int
		want     string
	}{
		{nil, "p0 0.0 word, p1 1.5 word, p2 3.0 word"},
		{[]int{1, 1}, "p0 9.0 other, p1 9.0 other, p2 9.0 other"},
	} {
		r := stand(t)
		kept := filepath.Join(r.work.Folder, "kept.parquet")
		write(t, r, "select prediction_id, 0.25 as score from int_scorer_rows")
		r.plan.Loop.Scorer.Command[2] = `cp "$1" ` + kept + "; " + r.plan.Loop.Scorer.Command[2]
		if err := r.score(t.Context(), c.repaired); err != nil {
			t.Fatal(err)
		}
		var got string
		err := r.db.Conn().QueryRowContext(t.Context(), `select string_agg(concat_ws(' ', prediction_id, wind, "sky ""x"""), ', ' order by prediction_id) from read_parquet('`+kept+`') where model_version = 'v1' and predicted_at is not null`).Scan(&got)
		if err != nil || got != c.want {
			t.Errorf("repaired %v: it read %q, %v, want %q", c.repaired, got, err, c.want)
		}
		left, err := filepath.Glob(filepath.Join(r.work.Folder, "scorer-*"))
		if err != nil || len(left) > 0 {
			t.Errorf("%v are left, %v", left, err)
		}
	}
}

func TestScorersThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		command []string
		query   string
		says    string
	}{
		"fails":               {[]string{"sh", "-c", "echo no such model >&2; exit 3"}, "", "exit status 3; it said: no such model"},
		"says much":           {[]string{"sh", "-c", "yes abc | head -c 100000 >&2; echo end >&2; exit 1"}, "", "abc\nend"},
		"is not there":        {[]string{"./no-such-scorer"}, "", "no-such-scorer"},
		"writes nothing":      {[]string{"true"}, "", "wrote no file"},
		"writes no Parquet":   {[]string{"sh", "-c", "echo score >$2", "score"}, "", "cannot be read"},
		"writes other things": {nil, "select prediction_id from int_scorer_rows", "cannot be read"},
		"writes words":        {nil, "select prediction_id, 'high' as score from int_scorer_rows", "cannot be read"},
		"leaves rows out":     {nil, "select prediction_id, 0.5 as score from int_scorer_rows limit 2", "asked 3 predictions and scored 2"},
		"writes rows twice":   {nil, "select prediction_id, 0.5 as score from int_scorer_rows union all select 'p1', 0.5", `1 of its 4 rows are of a prediction_id that it wrote before, as "p1"`},
		"knows others":        {nil, "select 'q' || prediction_id as prediction_id, 0.5 as score from int_scorer_rows", `not asked, as "qp0"`},
		"writes no chances":   {nil, "select prediction_id, 1.5 as score from int_scorer_rows", "3 of its 3 scores are no chances"},
		"writes NaN":          {nil, "select prediction_id, case when prediction_id = 'p2' then 'nan'::double else 0.5 end as score from int_scorer_rows", `1 of its 3 scores are no chances between 0 and 1, as that of "p2"`},
		"writes null":         {nil, "select prediction_id, null::double as score from int_scorer_rows", "3 of its 3 scores"},
	} {
		r := stand(t, c.command...)
		if c.query != "" {
			write(t, r, c.query)
		}
		err := r.score(t.Context(), nil)
		var f *fault.Fault
		if err == nil || !strings.Contains(err.Error(), c.says) || !errors.As(err, &f) || f.Fix == "" || f.Usage {
			t.Errorf("%s: %v, want a fault of the run that says %q", name, err, c.says)
		}
	}
}

// A scorer that takes too long is ended with all that it started, and so is one whose run is stopped.
func TestScorerEnds(t *testing.T) {
	r := stand(t)
	alive := filepath.Join(r.work.Folder, "alive")
	r.plan.Loop.Scorer.Command = []string{"sh", "-c", "(sleep 5; touch " + alive + ") & wait"}
	began := time.Now()
	if err := r.score(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "did not end within 2s") {
		t.Errorf("%v, want that it took too long", err)
	}
	r.plan.Loop.Scorer.Timeout = time.Hour
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	err := r.score(ctx, nil)
	var f *fault.Fault
	if err == nil || !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &f) {
		t.Errorf("%v, want that the run was stopped", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v to end two scorers", took)
	}
	time.Sleep(6 * time.Second)
	if _, err := os.Stat(alive); err == nil {
		t.Error("what the scorer started outlived it")
	}
}

// Features that are named like other columns take their place.
func TestScorerFeaturesComeFirst(t *testing.T) {
	r := stand(t)
	r.plan.Features[0].Decl.Name, r.plan.Features[1].Decl.Name = "model_version", "PREDICTED_AT"
	write(t, r, "select prediction_id, 0.25 as score from int_scorer_rows")
	if err := r.score(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// A scorer is not called where there is nothing to score, and one that leaves something behind that holds its stderr has scored.
func TestScorersThatAreWell(t *testing.T) {
	r := stand(t, "false")
	if _, err := r.db.Conn().ExecContext(t.Context(), "delete from int_scorer_rows"); err != nil {
		t.Fatal(err)
	}
	if err := r.score(t.Context(), nil); err != nil {
		t.Errorf("nothing to score: %v", err)
	}
	r = stand(t)
	write(t, r, "select prediction_id, 0.25 as score from int_scorer_rows")
	r.plan.Loop.Scorer.Command[2] += "; sleep 60 &"
	r.plan.Loop.Scorer.Timeout = time.Minute
	if err := r.score(t.Context(), nil); err != nil {
		t.Errorf("it left a process: %v", err)
	}
}

// The files of a folder that is named from here are found by a scorer that runs elsewhere.
func TestScorerOfARelativeFolder(t *testing.T) {
	r := stand(t)
	write(t, r, "select prediction_id, 0.25 as score from int_scorer_rows")
	t.Chdir(filepath.Dir(r.work.Folder))
	r.plan.Loop.Dir = filepath.Base(r.work.Folder)
	r.work.Folder = filepath.Base(r.work.Folder)
	r.plan.Loop.Scorer.Command[2] = "test -f $1 && " + r.plan.Loop.Scorer.Command[2]
	if err := r.score(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
