package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// lagging is "lagging FOLDER": it writes a loop of six weeks whose one feature is served, from 2024-02-02 06:00 on, as it was
// six hours before. The name of one of its three sites holds what a terminal obeys.
func lagging(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lagging FOLDER")
	}
	folder := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(folder, 0o755))
	begin := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	broken := time.Date(2024, 2, 2, 6, 0, 0, 0, time.UTC)
	sites := []string{"north", "so\x1b[31mu\x07th", "a place with a name of many words"}
	load := func(site, hour int) uint32 {
		x := uint32(hour+100)*2654435761 + uint32(site)*40503
		x = (x ^ x>>15) * 2246822519
		return (x ^ x>>13) % 1000
	}
	var predictions, outcomes, source bytes.Buffer
	fmt.Fprintln(&predictions, "id,made_at,score,site,load")
	fmt.Fprintln(&outcomes, "id,at,y")
	fmt.Fprintln(&source, "site,read_at,load")
	for i := range 48 * 40 {
		at := begin.Add(time.Duration(i) * 30 * time.Minute).Add(time.Minute)
		hour, site := i/2, i%3
		if !at.Before(broken) {
			hour -= 6
		}
		score := 0.1 + 0.8*float64(i*37%101)/101
		fmt.Fprintf(&predictions, "p%d,%s,%.3f,\"%s\",%d\n", i, at.Format(time.RFC3339), score, sites[site], load(site, hour))
		fmt.Fprintf(&outcomes, "p%d,%s,%d\n", i, at.Add(2*time.Hour).Format(time.RFC3339), (i*37%101+i*13%29)/66%2)
	}
	for hour := -48; hour < 24*41; hour++ {
		for site, name := range sites {
			fmt.Fprintf(&source, "\"%s\",%s,%d\n", name, begin.Add(time.Duration(hour)*time.Hour).Format(time.RFC3339), load(site, hour))
		}
	}
	for name, content := range map[string][]byte{
		"predictions.csv": predictions.Bytes(), "outcomes.csv": outcomes.Bytes(), "meter.csv": source.Bytes(),
		"loop.yaml": []byte(`version: 1
loop: lagging
task: binary
loss: brier
predictions: {path: predictions.csv, id: id, at: made_at, score: score, job: score_load, owner: ml}
outcomes: {path: outcomes.csv, on: [id], value: y, at: at, horizon: 1d}
sources:
  meter: {path: meter.csv, key: {site: site}, at: read_at, job: meter_ingest, owner: grid-data}
features:
  load: {source: meter, value: load, within: 2d}
baseline: {trailing: 14d}
evaluate: {window: 3d, min_matched: 50}
`),
	} {
		ts.Check(os.WriteFile(folder+"/"+name, content, 0o644))
	}
}
