package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/fault"
)

const base = `version: 1
loop: small
task: binary
loss: log_loss
predictions:
  path: predictions.parquet
  id: id
  at: at
  score: score
  version: version
  segments: [site]
outcomes:
  path: outcomes.parquet
  on: {id: id}
  value: y
  at: at
  horizon: 1d
sources:
  weather:
    path: weather.parquet
    key: {station: site}
    at: event_ts
    known_at: known_ts
  sites:
    path: sites.csv
    key: {code: site}
features:
  temp: {source: weather, value: temp_f}
`

// files are what base and its variants are held against.
func files() map[string]string {
	return map[string]string{
		"predictions.parquet": `select 'p' as id, now() as at, 0.5::double as score, 'v1' as version, 'JFK' as site, 7::integer as site_no,
			1.5::double as temp, true as raining, 'fog' as sky, now() as wx_at, now()::timestamp as seen, 3::bigint as n, 12::bigint as epoch,
			date '2024-01-01' as day, [1] as list, 1.5::double as part, '2024-01-01' as words, 1::utinyint as tiny, 5::ubigint as big`,
		"outcomes.parquet": `select 'p' as id, 1::tinyint as y, now() as at, 'x' as word, 3.5::double as delay, [1] as list`,
		"weather.parquet": `select 'JFK' as station, now() as event_ts, now() as known_ts, 40.5::float as temp_f, 'fog' as sky, true as raining,
			now()::timestamp as local_ts, 5 as station_no, date '2024-01-01' as day, {'a': 1} as nested, '2024-01-01T00:00:00Z' as words, time '10:00' as clock`,
		"sites.csv": "code,name,opened,opened_utc,flag\n007,a,2024-01-01 00:00:00,2024-01-01T00:00:00Z,true\n",
	}
}

// changed is base with lines replaced: old, new, old, new, ...
func changed(t *testing.T, pairs ...string) string {
	t.Helper()
	text := base
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("base does not hold %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

const (
	aSource  = "    known_at: known_ts\n"
	aFeature = "  temp: {source: weather, value: temp_f}\n"
	aValue   = "  value: y\n"
)

func TestBuildFaults(t *testing.T) {
	dir := put(t, files())
	db := house(t, dir)
	tests := []struct {
		name  string
		pairs []string
		want  string
	}{
		{"nothing wrong", nil, ``},
		{"misspelt", []string{"at: event_ts", "at: event_tss"},
			`loop.yaml:22:5: sources.weather.at: column "event_tss" is not in weather.parquet [did you mean "event_ts"?]`},
		{"case", []string{"id: id\n", "id: ID\n"},
			`loop.yaml:7:3: predictions.id: column "ID" is not in predictions.parquet [write "id": names are spelt as in the file]`},
		{"nothing near", []string{"  at: at\n  horizon", "  at: completely_other\n  horizon"},
			`loop.yaml:16:3: outcomes.at: column "completely_other" is not in outcomes.parquet [its columns are "id", "y", "at", "word", "delay", "list"]`},
		{"all at once", []string{"id: id\n", "id: idd\n", "score: score", "score: site", "segments: [site]", "segments: [site, sit]", "station: site}", "station: epoch}"},
			`loop.yaml:7:3: predictions.id: column "idd" is not in predictions.parquet [did you mean "id"?]
loop.yaml:9:3: predictions.score: column "site" of predictions.parquet is VARCHAR, want a number [log the probability of the positive class as DOUBLE]
loop.yaml:11:20: predictions.segments: column "sit" is not in predictions.parquet [did you mean "site"?]
loop.yaml:21:11: sources.weather.key: column "epoch" of predictions.parquet is BIGINT, column "station" of weather.parquet is VARCHAR: they can never be equal [write both with one type]`},
		{"epoch", []string{"at: at\n  score", "at: epoch\n  score"},
			`loop.yaml:8:3: predictions.at: column "epoch" of predictions.parquet is BIGINT, want instants [write it as a UTC timestamp]`},
		{"instant of booleans", []string{"at: at\n  score", "at: raining\n  score"},
			`loop.yaml:8:3: predictions.at: column "raining" of predictions.parquet is BOOLEAN, want a timestamp, a date or text in ISO 8601 [write it as a UTC timestamp]`},
		{"nested", []string{"id: id\n", "id: list\n"},
			`loop.yaml:7:3: predictions.id: column "list" of predictions.parquet is nested (a list, map or struct) or a geometry [write it as a column of its own]`},
		{"weight", []string{"  version: version\n", "  version: version\n  weight: site\n"},
			`loop.yaml:11:3: predictions.weight: column "site" of predictions.parquet is VARCHAR, want a number [write the weight as DOUBLE]`},
		{"outcome of text", []string{"value: y", "value: word"},
			`loop.yaml:15:3: outcomes.value: it is VARCHAR, want a boolean or a number [write an expression that is true or 1 for the positive class, as derive: "delay > 15"]`},
		{"outcome derived", []string{"value: y", "derive: word || 'x'"},
			`loop.yaml:15:3: outcomes.derive: it is VARCHAR, want a boolean or a number [write an expression that is true or 1 for the positive class, as derive: "delay > 15"]`},
		{"regression of booleans", []string{"task: binary\nloss: log_loss", "task: regression\nloss: absolute_error", "value: y", "derive: delay > 15"},
			`loop.yaml:15:3: outcomes.derive: it is BOOLEAN, want a number [write an expression that gives the predicted quantity]`},
		{"outcome rival", []string{aValue, aValue + "  definitions: {old: {derive: \"word\"}}\n"},
			`loop.yaml:16:23: outcomes.definitions.old.derive: it is VARCHAR, want a boolean or a number [write an expression that is true or 1 for the positive class, as derive: "delay > 15"]`},
		{"where of numbers", []string{aSource, aSource + "    where: temp_f + 1\n"},
			`loop.yaml:24:5: sources.weather.where: it is FLOAT, want a boolean [write a condition, as quality <> 'bad']`},
		{"feature not served", []string{"  temp: {", "  temperature: {"},
			`loop.yaml:28:3: features.temperature: column "temperature" is not in predictions.parquet [its columns are "id", "at", "score", "version", "site", "site_no", "temp", "raining", "sky", "wx_at", "seen", "n" and 7 more]`},
		{"served otherwise", []string{"value: temp_f}", "value: temp_f, served: tempo}"},
			`loop.yaml:28:42: features.temp.served: column "tempo" is not in predictions.parquet [did you mean "temp"?]`},
		{"classes", []string{"value: temp_f", "value: sky"},
			`loop.yaml:28:27: features.temp.value: it is VARCHAR (text), column "temp" was served as number [cast the expression to what is served]`},
		{"time of day", []string{"value: temp_f", "value: clock"},
			`loop.yaml:28:27: features.temp.value: it is TIME, which cannot be compared [give a number, a boolean, text or a timestamp]`},
		{"sum of booleans", []string{"value: temp_f", "aggregate: sum(temp_f > 3), window: 6h"},
			`loop.yaml:28:27: features.temp.aggregate: sum of BOOLEAN, want a number [give it a number, as cast(... as integer)]`},
		{"count served as text", []string{"temp: {source: weather, value: temp_f", "sky: {source: weather, aggregate: count(*), window: 6h"},
			`loop.yaml:28:26: features.sky.aggregate: it gives a number, column "sky" was served as text [name the column that was served as a number]`},
		{"max of text", []string{"value: temp_f", "aggregate: max(sky), window: 6h"},
			`loop.yaml:28:27: features.temp.aggregate: it is VARCHAR (text), column "temp" was served as number [cast the expression to what is served]`},
		{"rival", []string{"value: temp_f}", "value: temp_f, definitions: {old: {value: sky}, new: {where: temp_f}}}"},
			`loop.yaml:28:62: features.temp.definitions.old.value: it is VARCHAR (text), column "temp" was served as number [cast the expression to what is served]
loop.yaml:28:81: features.temp.definitions.new.where: it is FLOAT, want a boolean [write a condition, as quality <> 'bad']`},
		{"default", []string{"value: temp_f}", "value: temp_f, default: {v1: cold, v2: 1}}"},
			`loop.yaml:28:52: features.temp.default.v1: cold (text) cannot stand in column "temp", which was served as number [write a number]`},
		{"default of text", []string{"temp: {source: weather, value: temp_f}", "sky: {source: weather, value: sky, default: 7}"},
			`loop.yaml:28:38: features.sky.default: 7 (number) cannot stand in column "sky", which was served as text [write it in quotes: "7"]`},
		{"default of instants", []string{"temp: {source: weather, value: temp_f}", "wx_at: {source: weather, value: event_ts, default: noon}"},
			`loop.yaml:28:45: features.wx_at.default: noon cannot stand in column "wx_at", which was served as instants [write it as "2013-01-31T00:00:00Z"]`},
		{"versions", []string{"  version: version\n", "", "value: temp_f}", "value: temp_f, default: {v1: 1}}"},
			`loop.yaml:27:42: features.temp.default: defaults by version need a version column [write version: in predictions, or one default for all]`},
		{"logs", []string{aSource, aSource + "    served_at: n\n    served_rows: part\n"},
			`loop.yaml:24:5: sources.weather.served_at: column "n" of predictions.parquet is BIGINT, want instants [write it as a UTC timestamp]
loop.yaml:25:5: sources.weather.served_rows: column "part" of predictions.parquet is DOUBLE, want whole numbers [write it as BIGINT]`},
		{"logs of a feature", []string{"value: temp_f}", "value: temp_f, served_at: temp, served_rows: site}"},
			`loop.yaml:28:42: features.temp.served_at: column "temp" of predictions.parquet is DOUBLE, want instants [write it as a UTC timestamp]
loop.yaml:28:59: features.temp.served_rows: column "site" of predictions.parquet is VARCHAR, want whole numbers [write it as BIGINT]`},
		{"key of a feature", []string{"source: weather, value", "source: weather, key: {station_no: sit}, value"},
			`loop.yaml:28:33: features.temp.key: column "sit" is not in predictions.parquet [did you mean "site"?]`},
		{"clock with zone and without", []string{"station: site}", "event_ts: seen}"},
			`loop.yaml:21:11: sources.weather.key: column "seen" of predictions.parquet is TIMESTAMP, column "event_ts" of weather.parquet is TIMESTAMP WITH TIME ZONE: they can never be equal [write both with one type]`},
		{"CSV clock without zone", []string{"key: {code: site}", "key: {code: site}\n    at: opened"},
			`loop.yaml:27:5: sources.sites.at: column "opened" of sites.csv holds times without a zone, and no timezone is written [write timezone: UTC, or the zone that the clock was in, beside it]`},
		{"columns of the scorer", []string{"  temp: {", "  Prediction_ID: {served: temp, ", "version: 1\n", "version: 1\nscorer: {command: [score]}\n"},
			`loop.yaml:29:3: features.Prediction_ID: the scorer's file has a column "prediction_id" already, the prediction's id [name the feature otherwise, and its column with served:]`},
		{"key that is an instant in CSV", []string{"key: {code: site}", "key: {opened: seen}\n    timezone: UTC\n    at: opened"},
			`loop.yaml:26:11: sources.sites.key: "seen" and "opened" are a key and an instant, and one of them is read from CSV as text [write the file as Parquet, or the key in a column of its own]`},
	}
	for _, test := range tests {
		p, err := built(t, db, dir, changed(t, test.pairs...))
		if got := told(err); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
		if err != nil && (p != nil || !fault.IsUsage(err)) {
			t.Errorf("%s: a plan beside the error, or no usage faults", test.name)
		}
	}
}

// What the warehouse says of an expression gets its place in the loop file; the hints are its own.
func TestExpressionFaults(t *testing.T) {
	dir := put(t, files())
	db := house(t, dir)
	for _, value := range []string{"tmp_f", "nested.a", "(select 1)", "temp_f +", "random()"} {
		_, err := built(t, db, dir, changed(t, "value: temp_f", `value: "`+value+`"`))
		faults := fault.All(err)
		if len(faults) != 1 || !faults[0].Usage || faults[0].Fix == "" || !strings.HasPrefix(faults[0].Error(), "loop.yaml:28:27: features.temp.value: ") {
			t.Errorf("%s: got %s", value, told(err))
		}
	}
}

func TestClocksAndZones(t *testing.T) {
	dir := put(t, files())
	db := house(t, dir)
	tests := []struct {
		name  string
		pairs []string
		want  string // prediction clock, then weather's
	}{
		{"zoned", nil, "{at zoned } {event_ts zoned }"},
		{"naive", []string{"at: at\n  score", "at: seen\n  score"}, "{seen naive UTC} {event_ts zoned }"},
		{"naive, zone of the loop", []string{"task:", "timezone: Europe/Berlin\ntask:", "at: event_ts", "at: local_ts"}, "{at zoned } {local_ts naive Europe/Berlin}"},
		{"naive, zone of the source", []string{"task:", "timezone: Europe/Berlin\ntask:", "at: event_ts", "timezone: America/New_York\n    at: local_ts", "at: at\n  score", "at: day\n  score"},
			"{day date Europe/Berlin} {local_ts naive America/New_York}"},
		{"words", []string{"at: event_ts", "at: words", "at: at\n  score", "timezone: UTC\n  at: words\n  score"}, "{words text UTC} {words text }"},
	}
	for _, test := range tests {
		p, err := built(t, db, dir, changed(t, test.pairs...))
		if err != nil {
			t.Errorf("%s: %s", test.name, told(err))
			continue
		}
		if got := fmt.Sprint(p.At, " ", p.Sources[0].At); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if r := p.Reading("predictions"); len(r.Types) > 0 || len(r.Void) > 0 {
			t.Errorf("%s: types for Parquet columns: %+v", test.name, r)
		}
	}
}

// CSV columns that hold instants or names are read as text; a column that is also a value is not.
func TestTextColumns(t *testing.T) {
	all := files()
	all["predictions.csv"] = "id,at,score,version,site,site_no,temp,hour\n1,2024-01-01T00:00:00Z,0.5,1.10,3,7,1,5\n"
	all["outcomes.csv"] = "id,y,at\n1,true,2024-01-01T00:00:00Z\n"
	dir := put(t, all)
	p, err := built(t, house(t, dir), dir, changed(t, "predictions.parquet", "predictions.csv", "outcomes.parquet", "outcomes.csv",
		"segments: [site]", "segments: [site, hour]", "features:\n", "features:\n  hour: {}\n", "code: site}", "code: site_no}"))
	if err != nil {
		t.Fatal(told(err))
	}
	want := map[string]string{"predictions": "[id at version site site_no]", "outcomes": "[at]", "weather": "[]", "sites": "[]", "none": "[]"}
	for input, columns := range want {
		if got := fmt.Sprint(asText(p, input)); got != columns {
			t.Errorf("%s: got %s, want %s", input, got, columns)
		}
	}
	if p.Keys[0].Kind != KeyText || p.OutcomeKeys[0].Kind != KeyInteger || fmt.Sprint(p.At) != "{at text }" || p.OutcomeValue.Type != "BOOLEAN" {
		t.Errorf("got %v %v %v %v", p.Keys, p.OutcomeKeys, p.At, p.OutcomeValue)
	}
}

func TestJoinsAndLookups(t *testing.T) {
	dir := put(t, files())
	p, err := built(t, house(t, dir), dir, changed(t, aFeature, `  temp: {source: weather, value: temp_f, where: temp_f > 0, within: 2h}
  part: {source: weather, value: TEMP_F, where: "TEMP_F>0"}
  n: {source: weather, aggregate: count(*), window: {length: 2d, offset: 1d, align: day}, key: {sky: sky, station: site}}
  tiny: {source: weather, aggregate: count_distinct(sky), window: 6h, where: raining, key: {station: site, sky: sky}}
  sky: {source: weather, value: sky, where: temp_f > 0}
  raining: {source: weather, value: raining, key: {station_no: site_no}}
  score: {source: weather, value: temp_f, key: {station_no: site_no}, where: raining}
  big: {source: weather, aggregate: max(station_no), window: 1h, key: {station_no: n}, where: raining}
  site_no: {source: weather, value: temp_f, key: {temp_f: n}}
  epoch: {source: weather, value: temp_f, served_at: wx_at, key: {sky: site}, within: 3h}
  seen: {source: weather, value: local_ts, served: seen, default: "2024-01-01T02:00:00+02:00"}
  wx_at: {source: weather, aggregate: max(event_ts), window: 6h}
`, aSource, aSource+"    timezone: America/New_York\n    served_at: wx_at\n    fresh_within: 1h\n",
		"key: {code: site}", "key: {code: site}\n    expect: one"))
	if err != nil {
		t.Fatal(told(err))
	}
	golden(t, "testdata/joins.txt", dump(p))
	var names []string
	for _, j := range p.Joins {
		if slices.Contains(names, j.Name) {
			t.Errorf("two joins are named %s", j.Name)
		}
		names = append(names, j.Name)
		if p.Lookups[j.Head].Join != j.Index {
			t.Errorf("%s: the head is of another join", j.Name)
		}
	}
}
