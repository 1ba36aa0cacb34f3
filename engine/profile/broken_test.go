package profile_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// lightLoop is the flights' loop with a few of its features.
const lightLoop = `version: 1
loop: flights
task: binary
loss: log_loss
timezone: UTC
predictions: {path: predictions.parquet, id: prediction_id, at: predicted_at, score: score, version: model_version}
outcomes: {path: outcomes.parquet, on: {flight_id: flight_id}, value: late15, at: event_time, known_at: recorded_at, horizon: 3d}
sources:
  weather: {path: weather.parquet, key: {station: origin}, at: event_ts, known_at: available_ts, expect: one, fresh_within: 3h}
  departures: {path: flights.parquet, key: {origin: origin}, at: dep_ts}
  arrivals: {path: flights.parquet, key: {tailnum: tailnum}, at: arr_ts}
features:
  wx_temp_f: {source: weather, value: temp_f, within: 7h, default: {v1: 35.06, v2: 57.02}}
  wx_pressure_mb: {source: weather, value: pressure_mb, within: 7h, default: {v1: 1019.3, v2: 1016.1}}
  origin_dep_delay_mean_6h: {source: departures, aggregate: avg(dep_delay_min), window: 6h, tolerance: 0.00051, default: {v1: 3.069, v2: 3.345}}
  tail_last_arr_delay: {source: arrivals, value: arr_delay_min, within: 72h, default: {v1: -4.0, v2: -5.0}}
`

// half keeps every other flight, by a hash.
var half = map[string]string{
	"predictions.parquet": " and hash(flight_id) % 2 = 0", "outcomes.parquet": " and hash(flight_id) % 2 = 0", "flights.parquet": " and hash(flight_id) % 2 = 0",
}

// broken writes half of the flights of late May to July, one of their files by a query in which "it" stands for the file as it is.
func broken(t *testing.T, file, query string) string {
	t.Helper()
	data := lake.Shared(t, "flights-nyc2013")
	db := lake.Duck(t)
	folder := t.TempDir()
	for name, clock := range map[string]string{
		"predictions.parquet": "predicted_at", "outcomes.parquet": "recorded_at", "flights.parquet": "sched_dep_ts", "weather.parquet": "event_ts",
	} {
		it := "(select * from '" + filepath.Join(data, name) + "' where " + clock + " between '2013-05-20' and '2013-07-31'" + half[name] + ")"
		made := "select * from " + it
		if name == file {
			made = strings.ReplaceAll(query, " it ", " "+it+" as it ")
		}
		if _, err := db.Exec("copy (" + made + ") to '" + filepath.Join(folder, name) + "' (format parquet)"); err != nil { // lint:sql a test's own rows
			t.Fatalf("%s: %v", name, err)
		}
	}
	loop := filepath.Join(folder, "loop.yaml")
	if err := os.WriteFile(loop, []byte(lightLoop), 0o600); err != nil {
		t.Fatal(err)
	}
	return loop
}

// TestBrokenFlights breaks one thing on 2013-07-17 and judges the week in which it happened: that it broke is claimed, when,
// and nothing else (the weather of an hour is known an hour later, arrivals of what left at midnight some hours later); and the
// night that ends the week claims the same (of each third). What is broken for a tenth of the rows is found where a count shows
// it, and missed where only a distribution would.
func TestBrokenFlights(t *testing.T) {
	const tenth = "hash(flight_id) // 2 % 10 = 0"
	tests := []struct {
		name, file, query string
		want              string
	}{
		{"weather stops", "weather.parquet", "select * from it where event_ts < '2013-07-17 06:00:00+00'",
			"source.stopped weather proven map[last_at:2013-07-17T05:00:00Z] [2013-07-17 06:00,)"},
		{"weather pauses for a day", "weather.parquet", "select * from it where event_ts < '2013-07-17 06:00:00+00' or event_ts >= '2013-07-18 06:00:00+00'",
			"source.stopped weather proven map[last_at:2013-07-17T05:00:00Z] [2013-07-17 06:00, 2013-07-18 07:00)"},
		{"weather late by three hours", "weather.parquet", "select * replace (case when event_ts >= '2013-07-17' then available_ts + interval 3 hour else available_ts end as available_ts) from it ", ""},
		{"half of the temperatures go", "weather.parquet", "select * replace (case when event_ts < '2013-07-17' or hash(event_ts) % 2 = 0 then temp_f end as temp_f) from it ",
			"source.changed weather likely map[what:nulls] [2013-07-17 01:00,)"},
		{"temperatures in °C", "weather.parquet", "select * replace (case when event_ts < '2013-07-17' then temp_f else (temp_f - 32) / 1.8 end as temp_f) from it ",
			"source.changed weather likely map[offset:-17.7778 scale:0.555556 what:scale] [2013-07-17 01:00,)"},
		{"pressure in inHg", "weather.parquet", "select * replace (case when event_ts < '2013-07-17' then pressure_mb else pressure_mb * 0.02953 end as pressure_mb) from it ",
			"source.changed weather likely map[offset:0 scale:0.02953 what:scale] [2013-07-17 01:00,)"},
		{"each row of the weather twice", "weather.parquet", "select * from it union all select * from it where event_ts >= '2013-07-17'",
			"source.changed weather likely map[what:duplicates] [2013-07-17 00:00,)"},
		{"three flights in four go", "flights.parquet", "select * from it where dep_ts < '2013-07-17' or hash(flight_id) // 2 % 4 = 0",
			"source.changed departures likely map[factor:0.26 what:rows] [2013-07-17 00:00,)\nsource.changed arrivals likely map[factor:0.26 what:rows] [2013-07-17 06:00,)"},
		{"outcomes late", "outcomes.parquet", "select * replace (case when event_time < '2013-07-17' then recorded_at else recorded_at + interval 4 day end as recorded_at) from it ",
			"outcome.late outcomes proven map[horizon:3d lag_s:345600] [2013-07-16 19:00,)"},
		{"a tenth of the outcomes late", "outcomes.parquet", "select * replace (case when event_time < '2013-07-17' or not (" + tenth + ") then recorded_at else recorded_at + interval 3 day end as recorded_at) from it ",
			"outcome.late outcomes proven map[horizon:3d lag_s:259200] [2013-07-16 19:00,)"},
		{"outcomes of the evening never come", "outcomes.parquet", "select * from it where event_time < '2013-07-17' or hour(event_time at time zone 'UTC') < 22",
			"outcome.truncated outcomes likely map[] [2013-07-17 15:00,)"},
		{"a tenth of the outcomes never comes", "outcomes.parquet", "select * from it where event_time < '2013-07-17' or not (" + tenth + ")",
			"outcome.truncated outcomes likely map[] [2013-07-17 00:00,)"},
		{"outcomes twice, with two answers", "outcomes.parquet", "select * from it union all select * replace (not late15 as late15) from it where recorded_at >= '2013-07-17'",
			"outcome.duplicated outcomes proven map[keys:499] [2013-07-17 09:00,)"},
		{"a tenth of the outcomes with two answers", "outcomes.parquet", "select * from it union all select * replace (not late15 as late15) from it where recorded_at >= '2013-07-17' and " + tenth,
			"outcome.duplicated outcomes proven map[keys:63] [2013-07-17 09:00,)"},
		{"New York's clock taken for UTC", "outcomes.parquet", "select * replace (case when recorded_at < '2013-07-17' then event_time else event_time - interval 4 hour end as event_time) from it ",
			"outcome.zone_shifted outcomes proven map[offsets:[-04:00] zones:[America/New_York America/Santiago]] [2013-07-15 20:00,)"},
		{"late is more than half an hour", "outcomes.parquet", "select * replace (case when recorded_at < '2013-07-17' then late15 else arr_delay_min > 30 end as late15) from it ",
			"outcome.redefined outcomes proven map[column:arr_delay_min from:arr_delay_min > 15 threshold:30 to:arr_delay_min > 30 was:15] [2013-07-15 20:00,)"},
		{"late is on time", "outcomes.parquet", "select * replace (case when recorded_at < '2013-07-17' then late15 else not late15 end as late15) from it ",
			"outcome.redefined outcomes proven map[column:arr_delay_min from:arr_delay_min > 15 to:arr_delay_min <= 15] [2013-07-15 20:00,)"},
		{"a tenth is late after half an hour", "outcomes.parquet", "select * replace (case when recorded_at < '2013-07-17' or not (" + tenth + ") then late15 else arr_delay_min > 30 end as late15) from it ", // five rows a day
			"outcome.redefined outcomes proven map[column:arr_delay_min from:arr_delay_min > 15 threshold:30 to:arr_delay_min > 30 was:15] [2013-07-15 20:00,)"},
	}
	from, boundary := utc(t, "2013-06-17"), utc(t, "2013-07-25")
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			loop := broken(t, test.file, test.query)
			since, b := cause.DayOf(utc(t, "2013-06-20")), cause.DayOf(boundary)
			later := taken(t, loop, from, utc(t, "2013-07-30"), utc(t, "2013-08-15"))
			got := later.Claims(since, b)
			if text := strings.TrimSpace(told(got)); text != test.want {
				t.Errorf("claims\n%s\nwant\n%s", text, test.want)
			}
			if i%3 != 0 {
				return
			}
			night := taken(t, loop, utc(t, "2013-06-20"), boundary, boundary)
			if that := night.Claims(since, b); !reflect.DeepEqual(that, got) {
				t.Errorf("that night\n%+v\nlater\n%+v", that, got)
			}
		})
	}
}
