// Package contract reads data contract files, of the Open Data Contract Standard (ODCS) 3.1, and makes of them what a source promises: its
// columns and their types, that its rows are one for each key, and how late they may be. Whatever else a contract says is not looked at.
package contract

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// maxSize is how large a contract may be, in bytes.
const maxSize = 8 << 20

// Fulfil adds to the sources of a loop what their contract files promise, where the loop file itself says nothing of it: columns, `fresh_within`,
// and `expect: optional` where the primary key is part of the key that the source is joined by and its `at`. It gives a digest of each file, in
// the order of the sources.
func Fulfil(l *loop.Loop) (digests []string, err error) {
	var faults []error
	for i := range l.Sources {
		s := &l.Sources[i]
		if s.Contract == "" {
			continue
		}
		digest, err := fulfil(l, s)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		digests = append(digests, digest)
	}
	return digests, errors.Join(faults...)
}

func fulfil(l *loop.Loop, s *loop.Source) (digest string, err error) {
	where := l.Where("sources." + s.Name + ".contract")
	path, object := place(l, s)
	text, err := read(path)
	if err != nil {
		return "", &fault.Fault{Where: where, What: fmt.Sprintf("contract %s: %v", s.Contract, err), Fix: "name a file that this user can read", Usage: true}
	}
	d, err := parse(text)
	if err != nil {
		return "", fault.Usage(where, "see the Open Data Contract Standard, version 3.1", "contract %s: %v", s.Contract, err)
	}
	o, err := d.object(object, s)
	if err != nil {
		return "", fault.Usage(where, `name the object behind a #, as in "orders.odcs.yaml#customer_daily"`, "contract %s: %v", s.Contract, err)
	}
	late, err := d.latency(o)
	if err != nil {
		return "", fault.Usage(where, "write a number and a unit: s, min, h, d or w", "contract %s: %v", s.Contract, err)
	}
	o.promise(l, s, late)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// place gives the path of a source's contract, and the object of it that is named.
func place(l *loop.Loop, s *loop.Source) (path, object string) {
	path, object, _ = strings.Cut(s.Contract, "#")
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.Dir, filepath.FromSlash(path))
	}
	return path, object
}

// Files lists the contract files of a loop.
func Files(l *loop.Loop) (paths []string) {
	for i := range l.Sources {
		if l.Sources[i].Contract != "" {
			path, _ := place(l, &l.Sources[i])
			paths = append(paths, path)
		}
	}
	return paths
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("no such file")
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("not a plain file")
	case info.Size() > maxSize:
		return nil, fmt.Errorf("%d bytes are no contract", info.Size())
	}
	return os.ReadFile(path)
}

// document is what is read of a contract file.
type document struct {
	APIVersion    string     `yaml:"apiVersion"`
	Kind          string     `yaml:"kind"`
	Schema        []object   `yaml:"schema"`
	SLAProperties []property `yaml:"slaProperties"`
}

// object is a table of a contract.
type object struct {
	Name         string   `yaml:"name"`
	PhysicalName string   `yaml:"physicalName"`
	Properties   []column `yaml:"properties"`
}

// column is a column of a table.
type column struct {
	Name               string `yaml:"name"`
	PhysicalName       string `yaml:"physicalName"`
	LogicalType        string `yaml:"logicalType"`
	PhysicalType       string `yaml:"physicalType"`
	PrimaryKey         bool   `yaml:"primaryKey"`
	PrimaryKeyPosition int    `yaml:"primaryKeyPosition"`
	Options            struct {
		Timezone *bool `yaml:"timezone"`
	} `yaml:"logicalTypeOptions"`
}

// property is a promise about the service.
type property struct {
	Property string `yaml:"property"`
	Value    any    `yaml:"value"`
	Unit     string `yaml:"unit"`
	Element  string `yaml:"element"`
}

// parse reads a contract. Keys that are not known here are passed over: contracts say much more.
func parse(text []byte) (*document, error) {
	var d document
	if err := yaml.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("is no YAML of a contract: %s", strings.Join(strings.Fields(yaml.FormatError(err, false, false)), " "))
	}
	if d.Kind != "DataContract" {
		return nil, fmt.Errorf("kind is %q, want DataContract", d.Kind)
	}
	if !strings.HasPrefix(d.APIVersion, "v3.") {
		return nil, fmt.Errorf("apiVersion is %q, and v3 is what is read", d.APIVersion)
	}
	return &d, nil
}

// object finds the table that a source is: the one that is named, the only one, or the one named as the source or its file is.
func (d *document) object(named string, s *loop.Source) (*object, error) {
	var names []string
	base := strings.ToLower(filepath.Base(filepath.FromSlash(s.Path)))
	file, _, _ := strings.Cut(base, ".")
	var found []*object
	for i := range d.Schema {
		o := &d.Schema[i]
		names = append(names, o.Name)
		for _, name := range []string{o.Name, o.PhysicalName} {
			is := named != "" && strings.EqualFold(name, named) ||
				named == "" && name != "" && (len(d.Schema) == 1 || strings.EqualFold(name, s.Name) || strings.EqualFold(name, base) || strings.EqualFold(name, file))
			if is && !slices.Contains(found, o) {
				found = append(found, o)
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(d.Schema) == 0:
		return nil, fmt.Errorf("it has no schema")
	case named != "":
		return nil, fmt.Errorf("it has no object %q; it has %s", named, strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("which of its objects the source is cannot be told: %s", strings.Join(names, ", "))
}

// latencies are the names of a latency; "freshness" is that of older contracts.
var latencies = []string{"latency", "ly", "freshness"}

// unitsOf are the units of a service property, in lower case.
var unitsOf = map[string]time.Duration{
	"s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
	"min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": loop.Day, "day": loop.Day, "days": loop.Day, "w": 7 * loop.Day, "week": 7 * loop.Day, "weeks": 7 * loop.Day,
}

// latency is the shortest that the contract promises of an object, or of all; 0 where it promises none.
func (d *document) latency(o *object) (shortest time.Duration, err error) {
	for _, p := range d.SLAProperties {
		if !slices.Contains(latencies, strings.ToLower(p.Property)) {
			continue
		}
		if of, _, _ := strings.Cut(p.Element, "."); of != "" && !strings.EqualFold(of, o.Name) && !strings.EqualFold(of, o.PhysicalName) {
			continue
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(p.Value)), 64)
		unit, ok := unitsOf[strings.ToLower(p.Unit)]
		if err != nil || !ok || value <= 0 || value*float64(unit) > math.MaxInt64/2 {
			return 0, fmt.Errorf("%s is %v %s, which is no time", p.Property, p.Value, p.Unit)
		}
		if late := time.Duration(value * float64(unit)); shortest == 0 || late < shortest {
			shortest = late
		}
	}
	return shortest, nil
}

// promise adds to a source what the contract says of it.
func (o *object) promise(l *loop.Loop, s *loop.Source, late time.Duration) {
	for _, c := range o.Properties {
		name := cmp.Or(c.PhysicalName, c.Name)
		if name == "" || slices.ContainsFunc(s.Columns, func(own loop.ColumnContract) bool { return strings.EqualFold(own.Name, name) }) {
			continue
		}
		s.Columns = append(s.Columns, loop.ColumnContract{Name: name, Type: c.types()})
	}
	if s.FreshWithin == 0 && s.At != "" {
		s.FreshWithin = late
	}
	if s.Expect == loop.ExpectAny && o.keyed(l, s) {
		s.Expect = loop.ExpectOptional
	}
}

// types is what a column's type promises: the physical one where it is a type of tables, else what its logical one may be stored as.
func (c *column) types() string {
	if _, ok := intake.Promised(c.PhysicalType); ok {
		return c.PhysicalType
	}
	switch strings.ToLower(c.LogicalType) {
	case "string":
		return "varchar"
	case "integer":
		return "whole number"
	case "number":
		return "number"
	case "boolean", "date", "time":
		return strings.ToLower(c.LogicalType)
	case "timestamp":
		switch {
		case c.Options.Timezone == nil:
			return "instant"
		case *c.Options.Timezone:
			return "timestamptz"
		}
		return "timestamp"
	}
	return "any"
}

// keyed tells whether the primary key holds no column beside those that the source is joined by and its `at`: then no prediction meets two rows
// at one instant. Features with keys of their own ask otherwise.
func (o *object) keyed(l *loop.Loop, s *loop.Source) bool {
	n := 0
	for _, c := range o.Properties {
		if !c.PrimaryKey {
			continue
		}
		n++
		name := cmp.Or(c.PhysicalName, c.Name)
		if !strings.EqualFold(name, s.At) && !slices.ContainsFunc(s.Key, func(p loop.Pair) bool { return strings.EqualFold(p.Other, name) }) {
			return false
		}
	}
	return n > 0 && !slices.ContainsFunc(l.Features, func(f loop.Feature) bool { return f.Source == s.Name && (len(f.Key) > 0 || f.Aggregate != "") })
}
