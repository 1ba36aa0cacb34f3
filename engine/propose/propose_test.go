package propose_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/propose"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// proposed proposes the loop file of files; sources are "name=path".
func proposed(t *testing.T, dir, predictions, outcomes string, sources ...string) (*propose.Proposal, error) {
	t.Helper()
	l := &loop.Loop{Dir: dir, Name: "t", Predictions: loop.Predictions{Path: predictions}, Outcomes: loop.Outcomes{Path: outcomes}}
	folders := []string{dir}
	for _, s := range sources {
		name, path, _ := strings.Cut(s, "=")
		l.Sources = append(l.Sources, loop.Source{Name: name, Path: path})
		folders = append(folders, filepath.Dir(path))
	}
	db := lake.Open(t, append(folders, filepath.Dir(predictions), filepath.Dir(outcomes))...)
	inv, err := intake.Open(t.Context(), db, l)
	if err != nil {
		return nil, err
	}
	return propose.Propose(t.Context(), db, l, inv)
}

// says fails for each line that a proposal lacks; comments are left out of it, and blanks around.
func says(t *testing.T, p *propose.Proposal, lines ...string) {
	t.Helper()
	has := map[string]bool{}
	for line := range strings.Lines(string(p.YAML)) {
		yaml, _, _ := strings.Cut(line, " #")
		has[strings.TrimSpace(yaml)] = true
	}
	for _, line := range lines {
		if !has[line] {
			t.Errorf("it lacks %q", line)
		}
	}
	if t.Failed() {
		t.Logf("it is\n%s", p.YAML)
	}
}

// Real flights: the proposal is the loop file that their README describes, but for what only people know.
func TestFlights(t *testing.T) {
	small, all := lake.Shared(t, "flights-nyc2013", "small"), lake.Shared(t, "flights-nyc2013")
	p, err := proposed(t, small, "predictions.parquet", "outcomes.parquet", "weather="+small+"/weather.parquet", "departures="+small+"/flights.parquet",
		"arrivals="+small+"/flights.parquet", "planes="+all+"/planes.csv")
	if err != nil {
		t.Fatal(err)
	}
	says(t, p, "task: binary", "loss: log_loss", "id: prediction_id", "at: predicted_at", "score: score", "version: model_version",
		"on: {flight_id: flight_id}", "value: late15", "at: event_time", "known_at: recorded_at", "horizon: 2d",
		"key: {station: origin}", "at: event_ts", "known_at: available_ts", "served_at: wx_event_ts",
		"key: {origin: origin}", "at: dep_ts", "key: {tailnum: tailnum}", "at: arr_ts", "served_at: tail_event_ts",
		"sched_dep_hour_local: {}", "distance_mi: {}",
		"wx_temp_f: {source: weather, value: temp_f}",
		"wx_pressure_mb: {source: weather, value: pressure_mb, default: {v1: 1019.3, v2: 1016.1}}",
		"origin_dep_delay_mean_6h: {source: departures, aggregate: avg(dep_delay_min), window: 6h, tolerance: 0.00051, served_rows: origin_dep_n_6h, default: {v1: 3.069, v2: 3.345}}",
		"carrier_arr_delay_mean_7d: {source: arrivals, key: {carrier: carrier}, aggregate: avg(arr_delay_min), window: 7d, tolerance: 0.00051, served_rows: carrier_arr_n_7d}",
		"route_arr_delay_mean_7d: {source: arrivals, key: {origin: origin, dest: dest}, aggregate: avg(arr_delay_min), window: 7d, tolerance: 0.00051, served_rows: route_arr_n_7d, default: {v1: 3.918}}",
		"tail_last_arr_delay: {source: arrivals, value: arr_delay_min, within: 3d, default: {v1: -4.0, v2: -5.0}}",
		"plane_seats: {source: planes, value: seats, default: 149.0}")
	if len(p.Questions) != 1 || !strings.HasPrefix(p.Questions[0], "which of the features below {}") {
		t.Errorf("it asks %q", p.Questions)
	}
}

// Real forecasts: deliveries that repeat, outcomes by two columns that are delivered whole, the column that they were made of.
func TestForecasts(t *testing.T) {
	dir := lake.Shared(t, "flusight-2023-25")
	p, err := proposed(t, dir, "predictions.parquet", "outcome_deliveries.parquet", "hub="+dir+"/outcome_deliveries.parquet")
	if err != nil {
		t.Fatal(err)
	}
	says(t, p, "task: regression", "id: prediction_id", "at: submitted_at", "duplicates: first", "on: {target_end_date: target_end_date, location: location}",
		"value: value", "at: target_end_date", "known_at: recorded_at", "duplicates: latest",
		"key: {location: location}", "served_at: lag1_date", "lag1_value: {source: hub, value: value}")
	if !strings.Contains(string(p.YAML), "\n  # snapshot: true\n") {
		t.Errorf("it does not ask for snapshots:\n%s", p.YAML)
	}
}

// What words an outcome is told by, labels instead of probabilities, numbers without a bound.
func TestTasks(t *testing.T) {
	rows := func(columns string) string {
		return "select 'p' || i as id, timestamptz '2024-01-01 00:00:00+00' + to_hours(i::int) as ts, " + columns + " from range(200) as r(i)"
	}
	for name, c := range map[string]struct {
		predictions, outcomes string
		says                  []string
		asks                  string
	}{
		"words": {rows("(i % 10) / 10.0 as score"), rows("case when i % 10 > 6 then 'won' else 'lost' end as result"),
			[]string{"task: binary", "loss: log_loss", `derive: "result = 'won'"`}, `is the score the probability of won? The other value is lost`},
		"words that fall": {rows("(i % 10) / 10.0 as score"), rows("case when i % 10 > 6 then 'ok' else 'wrong' end as \"end result\""),
			[]string{`derive: "\"end result\" = 'ok'"`}, `is the score the probability of ok?`},
		"labels":    {rows("(i % 2)::double as y_pred"), rows("i % 3 = 0 as label"), []string{"task: binary", "loss: zero_one", "value: label"}, "is there no probability?"},
		"amounts":   {rows("i * 1.5 as forecast"), rows("i * 1.4 as actual"), []string{"task: regression", "loss: absolute_error", "score: forecast", "value: actual"}, ""},
		"opposites": {rows("(i % 10) / 10.0 as score"), rows("(i % 10 < 5)::int as label"), []string{"task: binary", "value: label"}, "does the score foretell label, and not its opposite? Their correlation is -0.87"},
		"nannyml": {rows("(i % 10) / 10.0 as y_pred_proba, (i % 2)::double as y_pred, ts as timestamp, id as identifier"), rows("(i % 10 > 5)::int as y_true, id as identifier"),
			[]string{"id: identifier", "at: timestamp", "score: y_pred_proba", "value: y_true"}, ""},
		"beyond": {rows("(i % 10) / 5.0 as score"), rows("(i % 10 > 5)::int as label"), []string{"task: regression"}, "is the task binary? The outcome has two values, but the score is no probability: it reaches from 0 to 1.8"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := lake.Put(t, map[string]string{"p.parquet": strings.ReplaceAll(c.predictions, "ts as timestamp", "timestamptz '2024-01-01 00:00:00+00' + to_hours(i::int) as timestamp"), "o.parquet": c.outcomes})
			p, err := proposed(t, dir, "p.parquet", "o.parquet")
			if err != nil {
				t.Fatal(err)
			}
			says(t, p, c.says...)
			if all := strings.Join(p.Questions, "\n"); c.asks != "" && !strings.Contains(all, c.asks) {
				t.Errorf("it asks %q, and not %q", all, c.asks)
			}
		})
	}
}

// Types, names and shapes that are easily got wrong.
func TestShapes(t *testing.T) {
	p := func(columns string) string {
		return "select 'r' || i as id, timestamptz '2024-01-01 00:00:00+00' + to_hours(i::int) as predicted_at, (i * 37 % 100) / 100.0 as score, " + columns + " from range(3000) as r(i)"
	}
	o := func(columns string) string {
		return "select 'r' || i as id, timestamptz '2024-01-02 06:00:00+00' + to_hours(i::int) as event_time, (i * 37 % 100 > 60)::int as label" + columns + " from range(3000) as r(i)"
	}
	for name, c := range map[string]struct {
		predictions, outcomes, source string
		says                          []string
		asks                          string
	}{
		"uuid and blob":      {predictions: p("uuid() as u, ('ab' || i)::blob as b"), outcomes: o("")},
		"whole versions":     {predictions: p("1 + i // 1500 as model_version, i % 50 as customer_id, case when i % 50 > 45 then -1 - i // 1500 else i % 50 * 3 end as seats"), outcomes: o(""), source: "select i as customer_id, case when i > 45 then null else i * 3 end as spots from range(50) as r(i)", says: []string{`seats: {source: s, value: spots, default: {"1": -1.0, "2": -2.0}}`}},
		"nulls in the score": {predictions: strings.Replace(p("i % 3 as promo"), "(i * 37 % 100) / 100.0", "case when i % 50 > 0 then (i * 37 % 100) / 100.0 end", 1), outcomes: o(""), says: []string{"score: score"}, asks: "why is score null in 60 of 3,000 predictions?"},
		"labels 1 and 2":     {predictions: p("1 as z"), outcomes: strings.Replace(o(""), "(i * 37 % 100 > 60)::int", "1 + (i * 37 % 100 > 60)::int", 1), says: []string{`derive: "label = 2"`, "task: binary"}, asks: `is the score the probability of "2"?`},
		"null ids":           {predictions: strings.Replace(p("1 as z"), "'r' || i as id", "case when i <> 7 then 'r' || i end as id", 1), outcomes: o(""), says: []string{"id: id"}},
		"an age of hours": {predictions: strings.Replace(p("'k' || (i % 10) as station, case when i % 40 >= 30 then -1 else i // 40 * 10 + i % 10 end as temp"), "to_hours(i::int)", "to_minutes(6 * i::int)", 1), outcomes: o(""),
			source: "select 'k' || (i % 10) as station, i as temp_f, timestamptz '2024-01-01 00:00:00+00' + to_hours(4 * (i::int // 10)) as event_ts from range(750) as r(i)", says: []string{"temp: {source: s, value: temp_f, within: 3h, default: -1.0}"}},
		"the other's instant": {predictions: p("timestamptz '2020-01-01 00:00:00+00' + to_hours(i::int) as scored_at"), outcomes: o(""), says: []string{"at: predicted_at"}, asks: "is predicted_at the instant of the prediction, or scored_at?"},
		"ways and nouns":      {predictions: p("i % 7 as customer_id, coalesce((i // 7 >= 1)::int * (i - 7)::double, -1) as max_amount_24h"), outcomes: o(""), source: "select i % 7 as customer_id, i::double as amount, timestamptz '2024-01-01 00:30:00+00' + to_hours(i::int) as event_time from range(3000) as r(i)", says: []string{"key: {customer_id: customer_id}"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"p.parquet": c.predictions, "o.parquet": c.outcomes}
			var sources []string
			if c.source != "" {
				files["s.parquet"], sources = c.source, []string{"s=s.parquet"}
			}
			got, err := proposed(t, lake.Put(t, files), "p.parquet", "o.parquet", sources...)
			if err != nil {
				t.Fatal(err)
			}
			says(t, got, c.says...)
			if all := strings.Join(got.Questions, "\n"); !strings.Contains(all, c.asks) || c.asks == "" && strings.Contains(all, "null") {
				t.Errorf("it asks %q, and not %q", all, c.asks)
			}
		})
	}
}

// A key is not complete while rows of other days pass as versions of one; a sample favours no period of the log; many instants take no time.
func TestScale(t *testing.T) {
	var instants []string
	for i := range 60 {
		instants = append(instants, fmt.Sprintf("timestamptz '2024-01-01 00:00:00+00' + to_minutes((i * %d)::int) as t%d", i+1, i))
	}
	dir := lake.Put(t, map[string]string{
		"p.parquet": "select i as rid, i // 60 % 10 as store_id, i // 600 as sku_id, date '2024-01-01' + (i % 60)::int as day, timestamptz '2023-12-31 18:00:00+00' + to_hours(24 * (i % 60)::int) as forecast_at, (i % 50)::double as forecast from range(3000) as r(i)",
		"o.parquet": "select i // 60 % 10 as store_id, i // 600 as sku_id, date '2024-01-01' + (i % 60)::int as day, timestamptz '2024-01-01 20:00:00+00' + to_hours(24 * (i % 60)::int) as closed_at, i % 50 + 1 as units_sold from range(3000) as r(i)",
		"q.parquet": "select 'r' || i as prediction_id, timestamptz '2024-01-01 00:00:00+00' + to_seconds(i::int) as predicted_at, (i * 37 % 100) / 100.0 as score, 'reg' || (i % 5) as region, i % 5 * 1.5 as tax from range(1000000) as r(i)",
		"a.parquet": "select 'r' || i as prediction_id, timestamptz '2024-01-01 01:00:00+00' + to_seconds(i::int) as happened_at, (i * 37 % 100 > 50)::int as label from range(1000000) as r(i)",
		"w.parquet": "select 'r' || i as prediction_id, timestamptz '2024-01-01 00:00:00+00' + to_hours(i::int) as predicted_at, 0.5 + (i % 5) / 10.0 as score, " + strings.Join(instants, ", ") + " from range(1000) as r(i)",
	})
	p, err := proposed(t, dir, "p.parquet", "o.parquet")
	if err != nil {
		t.Fatal(err)
	}
	says(t, p, "on: {store_id: store_id, sku_id: sku_id, day: day}", "at: forecast_at", "value: units_sold")
	if p, err = proposed(t, dir, "q.parquet", "a.parquet"); err != nil {
		t.Fatal(err)
	}
	says(t, p, "segments: [region]", "tax: {}")
	if p, err = proposed(t, dir, "w.parquet", "a.parquet"); err != nil {
		t.Fatal(err)
	}
	says(t, p, "at: predicted_at")
}

// A log of features alone is told so, and numbers of it are not taken for a score.
func TestFeatureLog(t *testing.T) {
	dir := lake.Put(t, map[string]string{
		"p.parquet": "select 'r' || i as __request_id, timestamptz '2024-01-01 00:00:00+00' + to_hours(i::int) as __log_timestamp, i * 1.5 as driver__trips from range(50) as r(i)",
		"o.parquet": "select 'r' || i as __request_id, timestamptz '2024-01-02 00:00:00+00' + to_hours(i::int) as ts, i % 2 as label from range(50) as r(i)",
	})
	_, err := proposed(t, dir, "p.parquet", "o.parquet")
	if err == nil || !strings.Contains(err.Error(), "a Feast feature log holds what was served, and not what the model said") {
		t.Error(err)
	}
}

// Whatever the files hold, a proposal holds against them, or a fault says what is missing: random tables of odd names, types and values.
func TestAnyTables(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	made := 0
	for n := range anyTables {
		sources := random.IntN(3)
		files := map[string]string{"p.parquet": anyTable(random), "o.parquet": anyTable(random)}
		var named []string
		for s := range sources {
			files[fmt.Sprintf("s%d.parquet", s)] = anyTable(random)
			named = append(named, fmt.Sprintf("s%d=s%d.parquet", s, s))
		}
		dir := lake.Put(t, files)
		p, err := proposed(t, dir, "p.parquet", "o.parquet", named...)
		switch _, isFault := errors.AsType[*fault.Fault](err); {
		case err == nil:
			made++
			if again, err := proposed(t, dir, "p.parquet", "o.parquet", named...); err != nil || string(again.YAML) != string(p.YAML) {
				t.Errorf("%d: twice is not the same: %v", n, err)
			}
		case !isFault || strings.Contains(err.Error(), "please report"):
			t.Errorf("%d: %v", n, err)
		}
	}
	if made < anyTables/8 {
		t.Errorf("only %d of %d were proposals", made, anyTables)
	}
}

// anyTable is the query of a table with an id, an instant, and columns of whatever kind.
func anyTable(random *rand.Rand) string {
	kinds := []string{
		"i", "i % 7", "i / 10.0", "(i % 10) / 10.0", "'w' || (i % 5)", "'id' || i", "i % 2 = 0", "null::double", "null::varchar", "uuid()", "('ab' || i)::blob", "case when i % 3 = 0 then i end",
		"date '2024-01-01' + (i % 30)::int", "timestamp '2024-01-01' + to_minutes(i::int)", "timestamptz '2024-01-02 00:00:00+00' + to_minutes(i::int)",
		"'nan'::double", "case when i = 3 then 'inf'::double else i end", "1", "'x'", "[i]", "{'a': i}", "uuid()::varchar", "'2024-01-01T00:00:00'", "'2024-01-01T00:00:00Z'",
		"cast(i as decimal(18, 3))", "cast(i as hugeint)", "repeat('x', 10000)", "'<script>' || i", "time '12:00:00'", "'\u202e' || i", "cast(i as utinyint)",
	}
	names := []string{
		"score", "label", "value", "a b", "a\"b", "select", "key", "it's", "x: y", "# no", "{z}", "prob", "target", "ts2", "user_id", "flag_is_null", "amount_sum_7d", "cnt_24h",
		"<b>", "Ünï", "n", "y", "on", "null", "1st", "line\nbreak", "recorded_at", "model_version", "weight", "\u202egnp",
	}
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	columns := []string{"'p' || (i % 40) as id", "timestamptz '2024-01-01 00:00:00+00' + to_hours(i::int) as ts"}
	for i := range 1 + random.IntN(8) {
		columns = append(columns, kinds[random.IntN(len(kinds))]+` as "`+strings.ReplaceAll(names[i], `"`, `""`)+`"`)
	}
	return "select " + strings.Join(columns, ", ") + fmt.Sprintf(" from range(%d) as r(i)", []int{0, 1, 5, 40, 40, 40, 200}[random.IntN(7)])
}

// anyTables is how many random sets of tables TestAnyTables draws.
const anyTables = 24
