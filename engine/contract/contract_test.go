package contract

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
)

const head = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"

const customers = head + `
schema:
  - name: customer_daily
    physicalType: file
    properties:
      - {name: customer_id, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1}
      - {name: feature_ts, logicalType: timestamp, primaryKey: true, primaryKeyPosition: 2}
      - {name: spend, physicalName: spend_eur, logicalType: number, physicalType: "decimal(12,2)"}
      - {name: visits, logicalType: integer, physicalType: NUMBER(38)}
      - {name: seen_at, logicalType: timestamp, logicalTypeOptions: {timezone: true}}
      - {name: tags, logicalType: array}
  - {name: other, properties: [{name: a, logicalType: boolean}]}
slaProperties:
  - {property: latency, value: 26, unit: h, element: customer_daily.feature_ts}
  - {property: Latency, value: 2, unit: d}
  - {property: latency, value: 1, unit: h, element: other.a}
  - {property: retention, value: 3, unit: y}
`

// put writes a contract beside a loop with one source.
func put(t *testing.T, text string, change func(*loop.Source)) *loop.Loop {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "c.odcs.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l := &loop.Loop{Dir: folder, File: "loop.yaml", Sources: []loop.Source{{Name: "customers", Path: "customer_daily.parquet", At: "feature_ts", Contract: "c.odcs.yaml",
		Key: []loop.Pair{{Prediction: "id", Other: "CUSTOMER_ID"}}}}}
	if change != nil {
		change(&l.Sources[0])
	}
	return l
}

func TestFulfil(t *testing.T) {
	l := put(t, customers, nil)
	digests, err := Fulfil(l)
	if err != nil || len(digests) != 1 || len(digests[0]) != 64 {
		t.Fatalf("%v %v", digests, err)
	}
	s := l.Sources[0]
	want := []loop.ColumnContract{{Name: "customer_id", Type: "varchar"}, {Name: "feature_ts", Type: "instant"}, {Name: "spend_eur", Type: "decimal(12,2)"},
		{Name: "visits", Type: "whole number"}, {Name: "seen_at", Type: "timestamptz"}, {Name: "tags", Type: "any"}}
	if diff := cmp.Diff(want, s.Columns); diff != "" || s.FreshWithin != 26*time.Hour || s.Expect != loop.ExpectOptional {
		t.Errorf("%s, fresh within %v, expect %q", diff, s.FreshWithin, s.Expect)
	}

	// What the loop file says stays.
	l = put(t, customers, func(s *loop.Source) { s.FreshWithin, s.Expect = time.Hour, loop.ExpectMany })
	if _, err := Fulfil(l); err != nil || l.Sources[0].FreshWithin != time.Hour || l.Sources[0].Expect != loop.ExpectMany {
		t.Errorf("%+v %v", l.Sources[0], err)
	}
	// A key of which a part is not asked for promises nothing, nor one of which windows make sums; a static source is never late.
	for name, change := range map[string]func(*loop.Loop){
		"another key": func(l *loop.Loop) { l.Sources[0].Key = []loop.Pair{{Prediction: "id", Other: "tags"}} },
		"windows":     func(l *loop.Loop) { l.Features = []loop.Feature{{Source: "customers", Aggregate: "sum(spend_eur)"}} },
		"own keys": func(l *loop.Loop) {
			l.Features = []loop.Feature{{Source: "customers", Key: []loop.Pair{{Other: "tags"}}}}
		},
	} {
		l := put(t, customers, nil)
		change(l)
		if _, err := Fulfil(l); err != nil || l.Sources[0].Expect != loop.ExpectAny {
			t.Errorf("%s: expects %q, %v", name, l.Sources[0].Expect, err)
		}
	}
	l = put(t, customers, func(s *loop.Source) { s.At, s.Contract = "", "c.odcs.yaml#OTHER" })
	if _, err := Fulfil(l); err != nil || l.Sources[0].FreshWithin != 0 || fmt.Sprint(l.Sources[0].Columns) != "[{a boolean}]" {
		t.Errorf("%+v %v", l.Sources[0], err)
	}
	if got := Files(l); len(got) != 1 || filepath.Base(got[0]) != "c.odcs.yaml" {
		t.Errorf("files %v", got)
	}
}

func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		text   string
		change func(*loop.Source)
		want   string
	}{
		"no file":      {customers, func(s *loop.Source) { s.Contract = "none.yaml" }, "contract none.yaml: no such file"},
		"a folder":     {customers, func(s *loop.Source) { s.Contract = "." }, "not a plain file"},
		"no YAML":      {"{", nil, "is no YAML of a contract"},
		"another kind": {"apiVersion: v3.1.0\nkind: Pod\n", nil, `kind is "Pod"`},
		"too old":      {"apiVersion: v2.2.2\nkind: DataContract\n", nil, `apiVersion is "v2.2.2"`},
		"no schema":    {head, nil, "it has no schema"},
		"no object":    {customers, func(s *loop.Source) { s.Contract += "#none" }, `it has no object "none"; it has customer_daily, other`},
		"which":        {customers, func(s *loop.Source) { s.Path = "x.parquet" }, "cannot be told: customer_daily, other"},
		"no time":      {strings.ReplaceAll(customers, "unit: d", "unit: moons"), nil, "Latency is 2 moons, which is no time"},
		"no number":    {strings.ReplaceAll(customers, "value: 2,", "value: soon,"), nil, "Latency is soon d"},
		"backwards":    {strings.ReplaceAll(customers, "value: 2,", "value: -2,"), nil, "Latency is -2 d"},
	} {
		l := put(t, test.text, test.change)
		_, err := Fulfil(l)
		if !fault.IsUsage(err) || !strings.Contains(err.Error(), test.want) || strings.ContainsAny(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(customers)
	f.Add(head + "schema: [{}]\nslaProperties: [{property: ly, value: .inf, unit: d}]\n")
	f.Add("kind: DataContract\napiVersion: v3.\nschema: [{name: a, properties: [{name: '', primaryKey: true}]}]")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := parse([]byte(text))
		if err != nil {
			return
		}
		s := &loop.Source{Name: "customers", Path: "a.csv", At: "t"}
		o, err := d.object("", s)
		if err != nil {
			return
		}
		late, err := d.latency(o)
		if err != nil {
			return
		}
		o.promise(&loop.Loop{}, s, late)
		if s.FreshWithin < 0 {
			t.Errorf("late by %v", s.FreshWithin)
		}
	})
}
