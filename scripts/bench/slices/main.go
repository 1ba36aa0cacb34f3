// Command slices finds the best slices of a CSV table and prints them as JSON, for compare.py beside it to hold against SliceLine. The last
// column of the table is the error of the row, the others are texts.
package main

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/plumbline-data/plumbline/engine/slicing"
)

// found is a slice as it is printed.
type found struct {
	Where map[string]string `json:"where"`
	Rows  float64           `json:"rows"`
	Error float64           `json:"error"`
	Score float64           `json:"score"`
}

func main() {
	search := slicing.Search{Shift: 1, Spare: true}
	flag.Float64Var(&search.Alpha, "alpha", 0.95, "weight of the mean error beside the size")
	flag.IntVar(&search.Depth, "depth", 3, "predicates of a slice, at most")
	flag.IntVar(&search.Most, "k", 10, "slices")
	flag.Float64Var(&search.Least, "least", 1, "rows of a slice, at least")
	flag.Parse()
	if err := run(search, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "slices:", err)
		os.Exit(1)
	}
}

func run(search slicing.Search, path string) error {
	table, err := read(path)
	if err != nil {
		return fmt.Errorf("%w: name a CSV table whose last column is the error of the row", err)
	}
	sum := 0.0
	for i := range table.Rows {
		sum += table.Rows[i].Value
	}
	search.Scale = sum / float64(len(table.Rows))
	began := time.Now()
	best := search.Top(table)
	elapsed := time.Since(began)
	all := []found{}
	for _, s := range best {
		one := found{Where: map[string]string{}, Rows: s.Weight, Error: s.Value, Score: s.Score}
		for _, p := range s.Where {
			one.Where[table.Columns[p.Column].Name] = table.Columns[p.Column].Values[p.Value]
		}
		all = append(all, one)
	}
	return json.NewEncoder(os.Stdout).Encode(struct {
		Seconds float64 `json:"seconds"`
		Slices  []found `json:"slices"`
	}{elapsed.Seconds(), all})
}

func read(path string) (*slicing.Table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	records, err := csv.NewReader(file).ReadAll()
	if err := file.Close(); err != nil {
		return nil, err
	}
	if err != nil || len(records) < 2 {
		return nil, fmt.Errorf("%s: no rows: %w", path, err)
	}
	last := len(records[0]) - 1
	table := &slicing.Table{Columns: make([]slicing.Column, last), Rows: make([]slicing.Row, len(records)-1)}
	for i := range table.Rows {
		value, err := strconv.ParseFloat(records[i+1][last], 64)
		if err != nil {
			return nil, fmt.Errorf("%s, row %d: %w", path, i+1, err)
		}
		table.Rows[i] = slicing.Row{Codes: make([]int32, last), Weight: 1, Value: value}
	}
	for c := range last {
		column := &table.Columns[c]
		column.Name = records[0][c]
		for _, r := range records[1:] {
			column.Values = append(column.Values, r[c])
		}
		slices.Sort(column.Values)
		column.Values = slices.Compact(column.Values)
		for i, r := range records[1:] {
			at, _ := slices.BinarySearch(column.Values, r[c])
			table.Rows[i].Codes[c] = int32(at)
		}
	}
	return table, nil
}
