// Command flights2001 cuts the bundled flight log out of the data files of the npm package vega-datasets: the flights of
// eleven weeks of 2001 between the busiest airports, and what is known of these airports. scripts/data/flights2001.sh
// fetches the package and runs it. The same input files give the same bytes.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

const (
	airportCount = 14
	// earliestHour is the first hour of the local day whose flights are taken. The source dates a departure by the day
	// for which it was scheduled, so that those after midnight are mostly dated a day too early.
	earliestHour = 5
	rowsPerGroup = 50_000
)

// The weeks taken, Monday to Sunday, in local dates; `to` is the day after the last.
var (
	from = time.Date(2001, 3, 5, 0, 0, 0, 0, time.UTC)
	to   = time.Date(2001, 5, 21, 0, 0, 0, 0, time.UTC)
)

// published is a row of the source, with what its columns turned out to be.
type published struct {
	Departed int64  `parquet:"date"`  // µs since 1970 of the clock at the origin, as if it were UTC
	DelayMin int64  `parquet:"delay"` // arrival delay in minutes, negative when early
	Distance int64  `parquet:"distance"`
	Origin   string `parquet:"origin"`
	Dest     string `parquet:"destination"`
}

// flight is a row of the fixture.
type flight struct {
	DepLocal   int64  `parquet:"dep_local,timestamp(microsecond:local),delta"` // clock at the origin
	Origin     string `parquet:"origin,dict"`
	Dest       string `parquet:"dest,dict"`
	DistanceMi int32  `parquet:"distance_mi,dict"`
	DelayMin   int32  `parquet:"arr_delay_min,dict"`
}

func main() {
	flights := flag.String("flights", "", "flights-3m.parquet of the package")
	airports := flag.String("airports", "", "airports.csv of the package")
	out := flag.String("out", "", "folder to write flights.parquet and airports.csv to")
	flag.Parse()
	if *flights == "" || *airports == "" || *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*flights, *airports, *out); err != nil {
		fmt.Fprintln(os.Stderr, "flights2001:", err)
		os.Exit(1)
	}
}

func run(flightsPath, airportsPath, out string) error {
	log, err := readFlights(flightsPath)
	if err != nil {
		return err
	}
	busiest := busiestOrigins(log, airportCount)
	log = slices.DeleteFunc(log, func(f flight) bool {
		return !slices.Contains(busiest, f.Origin) || !slices.Contains(busiest, f.Dest)
	})
	slices.SortFunc(log, func(a, b flight) int {
		return cmp.Or(cmp.Compare(a.DepLocal, b.DepLocal), strings.Compare(a.Origin, b.Origin), strings.Compare(a.Dest, b.Dest),
			cmp.Compare(a.DelayMin, b.DelayMin), cmp.Compare(a.DistanceMi, b.DistanceMi))
	})
	slices.Sort(busiest)
	airports, err := readAirports(airportsPath, busiest)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if err := writeAirports(filepath.Join(out, "airports.csv"), airports); err != nil {
		return err
	}
	if err := writeFlights(filepath.Join(out, "flights.parquet"), log); err != nil {
		return err
	}
	fmt.Printf("%d flights of %d days between %s\n", len(log), int(to.Sub(from).Hours()/24), strings.Join(busiest, " "))
	return nil
}

// readFlights gives the flights of the weeks taken, those after midnight left out, in the file's order.
func readFlights(path string) (log []flight, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	opened, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	reader := parquet.NewGenericReader[published](opened)
	defer func() { err = errors.Join(err, reader.Close()) }()
	batch := make([]published, 10_000)
	for {
		n, err := reader.Read(batch)
		for _, p := range batch[:n] {
			local := time.UnixMicro(p.Departed).UTC()
			if local.Before(from) || !local.Before(to) || local.Hour() < earliestHour {
				continue
			}
			log = append(log, flight{DepLocal: p.Departed, Origin: p.Origin, Dest: p.Dest, DistanceMi: int32(p.Distance), DelayMin: int32(p.DelayMin)})
		}
		if errors.Is(err, io.EOF) {
			return log, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
}

// busiestOrigins gives the n airports with the most departures, the busiest first; of equals the first by code.
func busiestOrigins(log []flight, n int) []string {
	departures := map[string]int{}
	for _, f := range log {
		departures[f.Origin]++
	}
	codes := make([]string, 0, len(departures))
	for code := range departures {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(cmp.Compare(departures[b], departures[a]), strings.Compare(a, b))
	})
	return codes[:min(n, len(codes))]
}

func writeFlights(path string, log []flight) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	writer := parquet.NewGenericWriter[flight](file,
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedBestCompression}),
		parquet.MaxRowsPerRowGroup(rowsPerGroup),
		parquet.CreatedBy("plumbline flights2001", "1", "fixture"))
	if _, err := writer.Write(log); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := writer.Close(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
