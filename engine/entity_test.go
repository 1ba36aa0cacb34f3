package engine_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/plumbline-data/plumbline/engine/report"
)

// entityLoop has 14 days of 240 predictions of thirty customers, of which half come in the last three days; the score is far off for some.
const entityLoop = `version: 1
loop: customers
task: binary
loss: brier
predictions: {path: p.parquet, id: id, at: at, score: score}
outcomes: {path: o.parquet, on: [id], value: y, at: at, horizon: 1d}
baseline: {trailing: 11d, reach: 12d}
evaluate: {window: 3d, min_matched: 50}
`

// TestEntityWidens: a loop that declares an entity has the same change of loss in a wider interval, by as much as groups of customers vary beyond
// days: worked out here from the rows.
func TestEntityWidens(t *testing.T) {
	folder := t.TempDir()
	conn := outside(t, "")
	writeParquet(t, conn, folder, map[string]string{
		"p.parquet": `select i as id, timestamptz '2024-01-01 00:00:00+00' + to_minutes(6 * i) as at, 'c' || customer as customer,
				0.1 + 0.5 * (customer * 7 % 10) / 10 as score
			from (select i, case when i < 240 * 11 then i * 11 % 30 else i * 11 % 15 end as customer from range(240 * 14) t(i))`,
		"o.parquet": `select i as id, timestamptz '2024-01-01 00:00:00+00' + to_minutes(6 * i) + interval 1 hour as at, (i * 37 % 101 < 20)::int as y
			from range(240 * 14) t(i)`,
	})
	run := func(name, text string) report.Loss {
		file := filepath.Join(folder, name+".yaml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		end := time.Date(2024, 1, 15, 0, 0, 0, 0, time.UTC)
		return evaluationOf(t, file, end.AddDate(0, 0, -1), end).Loss
	}
	alone := run("alone", entityLoop)
	with := run("with", strings.Replace(entityLoop, "score: score}", "score: score, entity: [customer]}", 1))
	if *alone.Delta != *with.Delta {
		t.Fatalf("delta %g by days, %g with entities", *alone.Delta, *with.Delta)
	}

	var extra, groups float64
	err := conn.QueryRowContext(t.Context(), `
		with rows as (
			select day, day >= date '2024-01-12' as now, ('0x' || left(md5(customer), 4))::int % 64 as g, (score - y) ** 2 as loss
			from (select id, customer, score, timezone('UTC', "at")::date as day from '`+folder+`/p.parquet') p join '`+folder+`/o.parquet' o using (id)
		),
		centred as (
			select day, g, case when now then 1 else -1 end * (loss - avg(loss) over (partition by now)) / count(*) over (partition by now) as z
			from rows
		)
		select
			(select sum(s * s) * count(*) / (count(*) - 1) from (select sum(z) as s from centred group by g))
				- (select sum(s * s) from (select sum(z) as s from centred group by g, day)),
			(select count(distinct g) from centred)`).Scan(&extra, &groups)
	if err != nil {
		t.Fatal(err)
	}
	quantile := func(df float64) float64 { return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(.975) }
	const days = 11 + 3 - 2
	se := (alone.CI95[1] - alone.CI95[0]) / 2 / quantile(days)
	want := quantile(math.Min(days, groups-1)) * math.Sqrt(se*se+extra)
	if got := (with.CI95[1] - with.CI95[0]) / 2; math.Abs(got-want) > 1e-8 || want < 1.2*se*quantile(days) {
		t.Errorf("half of the interval %g, want %g, and by days alone %g", got, want, se*quantile(days))
	}
}
