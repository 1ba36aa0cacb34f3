package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
)

// zones gives the clock of the chosen airports of a state. It holds the states of the chosen airports only; corners of
// some keep another clock (El Paso in Texas, four counties of Michigan on the border of Wisconsin, the Navajo Nation in
// Arizona, West Wendover in Nevada), and no chosen airport lies there. All but Phoenix put their clocks forward on
// 2001-04-01 at 02:00.
var zones = map[string]string{
	"AZ": "America/Phoenix",
	"CA": "America/Los_Angeles",
	"CO": "America/Denver",
	"GA": "America/New_York",
	"IL": "America/Chicago",
	"MA": "America/New_York",
	"MI": "America/Detroit",
	"MN": "America/Chicago",
	"MO": "America/Chicago",
	"NC": "America/New_York",
	"NJ": "America/New_York",
	"NV": "America/Los_Angeles",
	"TX": "America/Chicago",
}

// Columns of the package's airports.csv.
const (
	iata = iota
	name
	city
	state
	_ // country
	latitude
	longitude
	columnCount
)

// readAirports gives code, name, city, state, latitude, longitude (degrees, as published) and IANA zone of the airports
// with these codes, in their order.
func readAirports(path string, codes []string) (records [][]string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader := csv.NewReader(file)
	reader.FieldsPerRecord = columnCount
	all, err := reader.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, code := range codes {
		i := slices.IndexFunc(all, func(r []string) bool { return r[iata] == code })
		if i < 0 {
			return nil, fmt.Errorf("%s: no airport %q", path, code)
		}
		r := all[i]
		zone, ok := zones[r[state]]
		if !ok {
			return nil, fmt.Errorf("%s: airport %q lies in %q, whose time zone is not known: add it to zones", path, code, r[state])
		}
		records = append(records, []string{r[iata], r[name], r[city], r[state], r[latitude], r[longitude], zone})
	}
	return records, nil
}

func writeAirports(path string, records [][]string) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	writer := csv.NewWriter(file)
	header := []string{"airport", "name", "city", "state", "latitude_deg", "longitude_deg", "zone"}
	return writer.WriteAll(append([][]string{header}, records...))
}
