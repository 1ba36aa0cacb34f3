package openlineage

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

// dataset is an input or an output of an event.
type dataset struct {
	Namespace    string `json:"namespace"`
	Name         string `json:"name"`
	Facets       fields `json:"facets"`
	InputFacets  fields `json:"inputFacets,omitempty"`
	OutputFacets fields `json:"outputFacets,omitempty"`
}

// file names a file or folder of this machine.
func file(path string) dataset {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return dataset{Namespace: "file", Name: filepath.ToSlash(path), Facets: fields{}}
}

// place names what a declared path stands for: of a pattern the folder above its first part that is one.
func place(l *loop.Loop, path string) dataset {
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.Dir, filepath.FromSlash(path))
	}
	if _, err := os.Stat(path); err != nil {
		for strings.ContainsAny(path, "*?[") {
			path = filepath.Dir(path)
		}
	}
	return file(path)
}

// declared are the inputs as the loop file names them.
func declared(l *loop.Loop) []dataset {
	all := []dataset{place(l, l.Predictions.Path), place(l, l.Outcomes.Path)}
	for i := range l.Sources {
		all = append(all, place(l, l.Sources[i].Path))
	}
	return merged(all)
}

// merged leaves one of inputs with the same name: a file may be several of a loop's. Promises of all are kept.
func merged(all []dataset) (kept []dataset) {
	for _, d := range all {
		at := slices.IndexFunc(kept, func(k dataset) bool { return k.Name == d.Name })
		if at < 0 {
			kept = append(kept, d)
			continue
		}
		if more, ok := d.InputFacets[assertionsKey].(fields); ok {
			if was, ok := kept[at].InputFacets[assertionsKey].(fields); ok {
				more["assertions"] = append(was["assertions"].([]fields), more["assertions"].([]fields)...)
			}
			kept[at].InputFacets[assertionsKey] = more
		}
	}
	return kept
}

// read are the inputs as the run found them.
func read(l *loop.Loop, d Done) []dataset {
	if d.Inventory == nil {
		return declared(l)
	}
	var all []dataset
	for _, t := range d.Inventory.Tables() {
		one := place(l, t.Path)
		one.Facets["schema"] = schemaOf(t.Columns)
		one.InputFacets = fields{"inputStatistics": statistics(t)}
		if promises := promisesOf(l, t, d); len(promises) > 0 {
			one.InputFacets[assertionsKey] = facet("1-1-0/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet", fields{"assertions": promises})
		}
		all = append(all, one)
	}
	return merged(all)
}

func schemaOf(columns []intake.Column) fields {
	of := []fields{}
	for i, c := range columns {
		of = append(of, fields{"name": c.Name, "type": c.Type, "ordinal_position": i + 1})
	}
	return facet("1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", fields{"fields": of})
}

// statistics are those that are known before a row is read: rows of CSV files are not.
func statistics(t *intake.Table) fields {
	var size, rows int64
	known := true
	for _, f := range t.Files {
		size += f.Size
		rows += f.Rows
		known = known && f.Rows >= 0
	}
	of := fields{"size": size, "fileCount": len(t.Files)}
	if known {
		of["rowCount"] = rows
	}
	return facet("1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet", of)
}

const assertionsKey = "dataQualityAssertions"

// promisesOf are what the loop file promises of an input, and whether it was kept.
func promisesOf(l *loop.Loop, t *intake.Table, d Done) (all []fields) {
	i := slices.IndexFunc(l.Sources, func(s loop.Source) bool { return s.Name == t.Input })
	if i < 0 {
		return nil
	}
	s := &l.Sources[i]
	for _, c := range s.Columns {
		promise := fields{"assertion": "column_type", "column": c.Name, "success": true, "expected": c.Type}
		for _, b := range d.Inventory.Broken {
			if b.Input == t.Input && b.Column == c.Name {
				promise["success"] = false
				if promise["actual"] = b.Found; b.Found == "" {
					promise["actual"] = "no such column"
				}
			}
		}
		all = append(all, promise)
	}
	if s.FreshWithin > 0 {
		all = append(all, d.promise(s, "freshness", s.FreshWithin.String(), cause.SourceStopped))
	}
	switch s.Expect {
	case loop.ExpectOne:
		all = append(all, d.promise(s, "unique", "one row for each prediction", cause.FanOut), d.promise(s, "relationships", "one row for each prediction", cause.Miss))
	case loop.ExpectOptional:
		all = append(all, d.promise(s, "unique", "one row at most for each prediction", cause.FanOut))
	}
	return all
}

// promise is kept where no finding of its cause is open at the source.
func (d *Done) promise(s *loop.Source, assertion, expected string, broken cause.Name) fields {
	of := fields{"assertion": assertion, "success": true, "expected": expected}
	if d.Findings == nil {
		return of
	}
	for i := range d.Findings.Findings {
		f := &d.Findings.Findings[i]
		if f.Cause == string(broken) && f.State != "resolved" && slices.Contains(f.Sources, s.Name) {
			of["success"], of["actual"] = false, f.Cause+" since "+f.Onset
		}
	}
	return of
}

// wrote are the files that the run put in place.
func wrote(d Done) (all []dataset) {
	if !d.Published {
		return nil
	}
	findings := file(d.FindingsAt)
	findings.Facets["schema"] = facet("1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", fields{"fields": findingsFields()})
	for _, one := range []dataset{file(d.Ledger), findings} {
		one.Facets["lifecycleStateChange"] = facet("1-0-1/LifecycleStateChangeDatasetFacet.json#/$defs/LifecycleStateChangeDatasetFacet", fields{"lifecycleStateChange": "OVERWRITE"})
		of := fields{"fileCount": 1}
		if info, err := os.Stat(filepath.FromSlash(one.Name)); err == nil {
			of["size"] = info.Size()
		}
		one.OutputFacets = fields{"outputStatistics": facet("1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet", of)}
		all = append(all, one)
	}
	return all
}

// findingsFields are the keys of findings.json.
func findingsFields() (all []fields) {
	of := reflect.TypeFor[report.Findings]()
	for i := range of.NumField() {
		kind := "object"
		switch f := of.Field(i).Type; f.Kind() {
		case reflect.Slice:
			kind = "array"
		case reflect.String:
			kind = "string"
		case reflect.Pointer:
			kind = "boolean"
		}
		all = append(all, fields{"name": of.Field(i).Tag.Get("json"), "type": kind, "ordinal_position": i + 1})
	}
	return all
}
