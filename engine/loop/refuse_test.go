package loop

import (
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// refusal is a mistake in a loop file: more follows the minimal file (its first line is line 6), or old is replaced in
// the minimal file by new. Want lists "line:col what" of each fault; hint is part of the first fault's Fix.
type refusal struct {
	name     string
	more     string
	old, new string
	src      string // a whole file, in place of all the above
	want     []string
	hint     string
}

func (r refusal) file() string {
	switch {
	case r.src != "":
		return r.src
	case r.old != "":
		return strings.Replace(minimal, r.old, r.new, 1) + r.more
	}
	return minimal + r.more
}

func check(t *testing.T, tests []refusal) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Parse("loop.yaml", []byte(tt.file()))
			if err == nil {
				t.Fatalf("Parse gave %+v, want faults", l)
			}
			faults := fault.All(err)
			var got []string
			for _, f := range faults {
				if !f.Usage || f.Fix == "" {
					t.Errorf("%v: usage = %t, hint = %q; want true and a hint", f, f.Usage, f.Fix)
				}
				where := strings.TrimPrefix(f.Where, "loop.yaml:")
				got = append(got, where+" "+f.What)
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(tt.want, "\n\t"))
			}
			if len(faults) > 0 && !strings.Contains(faults[0].Fix, tt.hint) {
				t.Errorf("hint = %q, want one with %q", faults[0].Fix, tt.hint)
			}
		})
	}
}

func TestRefusesHead(t *testing.T) {
	check(t, []refusal{
		{name: "unknown key", more: "fratures: {}\n", want: []string{"6:1 fratures: unknown key"},
			hint: `did you mean "features"? allowed here: version, loop,`},
		{name: "unknown key, nothing near", more: "xyz: {}\n", want: []string{"6:1 xyz: unknown key"}, hint: "allowed here: version, loop,"},
		{name: "no keys at all", src: "{}", want: []string{"1:1 version: missing", "1:1 loop: missing", "1:1 task: missing",
			"1:1 predictions: missing", "1:1 outcomes: missing"}, hint: `write "version: 1"`},
		{name: "version", old: "version: 1", new: "version: 2", want: []string{"1:10 version: is 2, want a number equal to 1"}},
		{name: "version as text", old: "version: 1", new: `version: "1"`, want: []string{`1:10 version: is "1", want a number`}},
		{name: "loop as a file name", old: "loop: small", new: "loop: a/b", want: []string{`2:7 loop: "a/b" cannot be part of a file name`},
			hint: "letters, digits"},
		{name: "loop with a dot first", old: "loop: small", new: "loop: ..", want: []string{`2:7 loop: ".." cannot be part of a file name`}},
		{name: "loop empty", old: "loop: small", new: "loop:", want: []string{"2:1 loop: is empty, want text"}},
		{name: "loop as a list", old: "loop: small", new: "loop: [a]", want: []string{"2:7 loop: is a list, want text"}},
		{name: "task", old: "task: binary", new: "task: binray", want: []string{`3:7 task: is "binray", want one of binary, regression`},
			hint: `did you mean "binary"?`},
		{name: "loss of the other task", more: "loss: brier", old: "task: binary", new: "task: regression",
			want: []string{"6:7 loss: brier does not fit task regression"}, hint: "write one of absolute_error, squared_error"},
		{name: "loss", more: "loss: logloss", want: []string{`6:7 loss: is "logloss", want one of log_loss, brier, zero_one`},
			hint: `did you mean "log_loss"?`},
		{name: "time zone", more: "timezone: Europe/Nowhere", want: []string{`6:11 timezone: unknown time zone "Europe/Nowhere"`}, hint: "America/New_York"},
		{name: "time zone of the machine", more: "timezone: Local", want: []string{`6:11 timezone: unknown time zone "Local"`}},
		{name: "retain", more: "retain: 0d", want: []string{"6:9 retain: is 0d, want more than 0"}, hint: "such as 35d"},
		{name: "retain without unit", more: "retain: 35", want: []string{`6:9 retain: "35" has no unit after 35`}, hint: "units are w, d, h, m, s"},
		{name: "retain negative", more: "retain: -3d", want: []string{`6:9 retain: is "-3d", want a duration without a sign`}},
		{name: "max_invalid above", more: "max_invalid: 1.5", want: []string{"6:14 max_invalid: is 1.5, want a number in [0, 1]"}, hint: "such as 0.001"},
		{name: "max_invalid below", more: "max_invalid: -0.1", want: []string{"6:14 max_invalid: is -0.1, want a number in [0, 1]"}},
		{name: "max_invalid infinite", more: "max_invalid: .inf", want: []string{"6:14 max_invalid: is .inf, want a finite number"}},
		{name: "max_invalid too large", more: "max_invalid: 1e999", want: []string{"6:14 max_invalid: is 1e999, want a finite number"}},
		{name: "max_invalid as text", more: "max_invalid: 1%", want: []string{`6:14 max_invalid: is "1%", want a number`}},
		{name: "every mistake at once, in the file's order", more: "retain: x\nsources: 7\nmax_invalid: 2\n", old: "loop: small\n", new: "",
			want: []string{"1:1 loop: missing", `5:9 retain: "x" is no duration`, "6:10 sources: is 7, want a mapping",
				"7:14 max_invalid: is 2, want a number in [0, 1]"}},
	})
}

func TestRefusesPredictionsAndOutcomes(t *testing.T) {
	check(t, []refusal{
		{name: "unknown key", old: "id: id", new: "idd: id", want: []string{"4:1 predictions.id: missing", "4:32 predictions.idd: unknown key"},
			hint: `write "id: <column>"`},
		{name: "nothing in predictions", old: "{path: p.parquet, id: id, at: at, score: s}", new: "",
			want: []string{"4:1 predictions.path: missing", "4:1 predictions.id: missing", "4:1 predictions.at: missing", "4:1 predictions.score: missing"}},
		{name: "nothing in outcomes", old: "{path: o.parquet, on: [id], value: y, at: at, horizon: 1d}", new: "{}",
			want: []string{"5:1 outcomes.path: missing", "5:1 outcomes.on: missing", "5:1 outcomes.value: missing", "5:1 outcomes.at: missing",
				"5:1 outcomes.horizon: missing"}},
		{name: "predictions as text", old: "{path: p.parquet, id: id, at: at, score: s}", new: "p.parquet",
			want: []string{`4:14 predictions: is "p.parquet", want a mapping`}},
		{name: "path and table", old: "path: p.parquet,", new: "path: p.parquet, table: t,",
			want: []string{"4:32 predictions.table: path and table are both written"}},
		{name: "table without a warehouse", old: "path: p.parquet", new: "table: t",
			want: []string{"4:15 predictions.table: a table needs a warehouse, and the loop file names none"}, hint: "warehouse: {trino:"},
		{name: "path with a warehouse", more: "warehouse: {trino: {url: http://h:1, catalog: c, schema: s}}\n", old: "path: p.parquet", new: "table: t",
			want: []string{"5:12 outcomes.path: the warehouse is Trino, which reads tables, not files"}, hint: `write "table: <table>"`},
		{name: "neither with a warehouse", more: "warehouse: {trino: {url: http://h:1, catalog: c, schema: s}}\n", old: "path: p.parquet, ", new: "",
			want: []string{"4:1 predictions.table: missing", "5:12 outcomes.path: the warehouse is Trino, which reads tables, not files"}},
		{name: "duplicates", old: "score: s", new: "score: s, duplicates: last",
			want: []string{`4:70 predictions.duplicates: is "last", want one of first, latest, reject`}, hint: "write one of first, latest, reject"},
		{name: "segments as text", old: "score: s", new: "score: s, segments: origin",
			want: []string{`4:68 predictions.segments: is "origin", want a list`}, hint: `"segments: [a, b]"`},
		{name: "segments twice", old: "score: s", new: "score: s, segments: [a, b, a]",
			want: []string{`4:75 predictions.segments.2: column "a" is listed twice`}},
		{name: "segments of mappings", old: "score: s", new: "score: s, segments: [{a: b}]",
			want: []string{`4:69 predictions.segments.0: is a mapping, want text`}},
		{name: "column with a line break", old: "score: s", new: `score: "a\nb"`,
			want: []string{`4:55 predictions.score: holds a control character: "a\nb"`}},
		{name: "on as text", old: "on: [id]", new: "on: id", want: []string{`5:33 outcomes.on: is "id", want a mapping or a list of columns`},
			hint: "{prediction column: outcome column}"},
		{name: "on empty", old: "on: [id]", new: "on: []", want: []string{"5:33 outcomes.on: names no column"}},
		{name: "on half written", old: "on: [id]", new: "on: {id: }", want: []string{"5:34 outcomes.on.id: is empty, want text"}},
		{name: "value and derive", old: "value: y", new: `value: y, derive: "x > 1"`,
			want: []string{"5:49 outcomes.derive: value and derive are both written"}},
		{name: "horizon of nothing", old: "horizon: 1d", new: "horizon: 0h", want: []string{"5:66 outcomes.horizon: is 0h, want more than 0"}},
		{name: "horizon beyond all", old: "horizon: 1d", new: "horizon: 999999999w",
			want: []string{`5:66 outcomes.horizon: "999999999w" is longer than 292 years`}},
		{name: "snapshot as text", old: "horizon: 1d", new: "horizon: 1d, snapshot: yes",
			want: []string{`5:80 outcomes.snapshot: is "yes", want true or false`}, hint: `write "snapshot: true"`},
		{name: "snapshot and reject", old: "horizon: 1d", new: "horizon: 1d, known_at: k, snapshot: true, duplicates: reject",
			want: []string{`5:99 outcomes.duplicates: every snapshot after the first repeats the outcomes before it, which reject refuses`}},
		{name: "snapshot without known_at", old: "horizon: 1d", new: "horizon: 1d, snapshot: true",
			want: []string{`5:70 outcomes.snapshot: needs known_at`}},
		{name: "definition of nothing", old: "horizon: 1d", new: "horizon: 1d, definitions: {old: {}}",
			want: []string{"5:84 outcomes.definitions.old.value: missing"}},
		{name: "definition of both", old: "horizon: 1d", new: "horizon: 1d, definitions: {old: {value: a, derive: b}}",
			want: []string{"5:100 outcomes.definitions.old.derive: value and derive are both written"}},
	})
}

func TestRefusesSourcesAndFeatures(t *testing.T) {
	const w = "sources: {w: {path: w.csv, key: [k], at: ts}, s: {path: s.csv, key: [k]}}\n"
	check(t, []refusal{
		{name: "key missing everywhere", more: "sources: {w: {path: w.csv, at: ts}}\n", want: []string{"6:11 sources.w: key is missing"},
			hint: "{<source column>: <prediction column>}"},
		{name: "key missing for some", more: "sources:\n  w: {path: w.csv, at: ts}\nfeatures:\n  f: {source: w, value: a}\n  g: {source: w, value: a, key: [k]}\n",
			want: []string{"7:3 sources.w: key is missing, and features without a key of their own use the source: f"}},
		{name: "expect", more: "sources: {w: {path: w.csv, key: [k], expect: 1}}",
			want: []string{`6:46 sources.w.expect: is "1", want one of one, optional, many`}},
		{name: "promises of a static source", more: "sources: {w: {path: w.csv, key: [k], fresh_within: 3h, served_at: x}}",
			want: []string{"6:38 sources.w.fresh_within: needs at: a source without it is static", "6:56 sources.w.served_at: needs at: a source without it is static"}},
		{name: "columns and contract", more: "sources: {w: {path: w.csv, key: [k], columns: {a: double}, contract: c.yaml}}",
			want: []string{"6:60 sources.w.contract: columns and contract are both written"}},
		{name: "name empty", more: "sources: {\"\": {path: w.csv, key: [k]}}", want: []string{"6:11 sources.: the name of a source is empty"}},
		{name: "name with a control character", more: `features: {"a\nb": {}}`,
			want: []string{`6:12 "features.a\nb": the name of a feature holds a control character`}},
		{name: "unknown source", more: w + "features: {f: {source: ww, value: a}}", want: []string{`7:24 features.f.source: source "ww" is not declared`},
			hint: `did you mean "w"? declared: s, w`},
		{name: "no sources", more: "features: {f: {source: w, value: a}}", want: []string{`6:24 features.f.source: source "w" is not declared, and no other is`},
			hint: `"sources:"`},
		{name: "neither value nor aggregate", more: w + "features: {f: {source: w}}", want: []string{"7:12 features.f: a feature with a source needs value or aggregate"}},
		{name: "value and aggregate", more: w + "features: {f: {source: w, value: a, aggregate: avg(a), window: 6h}}",
			want: []string{"7:37 features.f.aggregate: value and aggregate are both written"}},
		{name: "aggregate without window", more: w + "features: {f: {source: w, aggregate: avg(a)}}",
			want: []string{"7:27 features.f.aggregate: an aggregate needs a window"}, hint: `write "window: 6h"`},
		{name: "value with window", more: w + "features: {f: {source: w, value: a, window: 6h}}",
			want: []string{"7:37 features.f.window: a value has no window"}, hint: "within"},
		{name: "aggregate with within", more: w + "features: {f: {source: w, aggregate: avg(a), window: 6h, within: 1h}}",
			want: []string{"7:58 features.f.within: an aggregate has no within"}},
		{name: "window on a static source", more: w + "features: {f: {source: s, aggregate: avg(a), window: 6h}}",
			want: []string{`7:46 features.f.window: source "s" has no event time`}, hint: `write "at: <column>" at the source`},
		{name: "within on a static source", more: w + "features: {f: {source: s, value: a, within: 6h}}",
			want: []string{`7:37 features.f.within: source "s" has no event time`}},
		{name: "keys that need a source", more: "features: {f: {where: a, value: a}}",
			want: []string{"6:16 features.f.where: a feature without a source has no where, value"}, hint: `write "source: <name>"`},
		{name: "aggregate of another kind", more: w + "features: {f: {source: w, aggregate: median(a), window: 6h}}",
			want: []string{`7:38 features.f.aggregate: "median" is not an aggregate that can be replayed`}, hint: "avg, sum, count, min, max, count_distinct"},
		{name: "aggregate without parentheses", more: w + "features: {f: {source: w, aggregate: a, window: 6h}}",
			want: []string{`7:38 features.f.aggregate: "a" is not an aggregate of an expression`}},
		{name: "aggregate of nothing", more: w + "features: {f: {source: w, aggregate: count(), window: 6h}}",
			want: []string{`7:38 features.f.aggregate: "count()" is an aggregate of nothing`}},
		{name: "aggregate and more", more: w + "features: {f: {source: w, aggregate: sum(a) / sum(b), window: 6h}}",
			want: []string{`7:38 features.f.aggregate: "sum(a) / sum(b)" goes on after its aggregate`}},
		{name: "count distinct", more: w + "features: {f: {source: w, aggregate: count(distinct a), window: 6h}}",
			want: []string{`7:38 features.f.aggregate: "count(distinct a)" counts distinct values`}, hint: "count_distinct("},
		{name: "comma in braces", more: w + "features: {f: {source: w, window: 6h, aggregate: avg(coalesce(a, 0))}}",
			want: []string{`7:50 features.f.aggregate: "avg(coalesce(a" does not close its parenthesis`, "7:66 features.f.0)): unknown key"},
			hint: "in quotes"},
		{name: "window without length", more: w + "features: {f: {source: w, aggregate: avg(a), window: {offset: 1d}}}",
			want: []string{"7:46 features.f.window.length: missing"}},
		{name: "window out of range", more: w + "features: {f: {source: w, aggregate: avg(a), window: {length: 0d, offset: -1d, align: month}}}",
			want: []string{"7:63 features.f.window.length: is 0d, want more than 0", `7:75 features.f.window.offset: is "-1d", want a duration without a sign`,
				`7:87 features.f.window.align: is "month", want one of hour, day, week`}},
		{name: "tolerance", more: w + "features: {f: {source: w, value: a, tolerance: -1}}", want: []string{"7:48 features.f.tolerance: is -1, want a number of at least 0"}},
		{name: "default of nothing", more: "features: {f: {default: }}", want: []string{"6:16 features.f.default: is empty, want a number, text or boolean"}},
		{name: "default as a list", more: "features: {f: {default: [1]}}", want: []string{"6:25 features.f.default: is a list, want a number, text or boolean"}},
		{name: "default not finite", more: "features: {f: {default: {v1: .nan}}}", want: []string{"6:30 features.f.default.v1: is .nan, want a finite number"}},
		{name: "default without versions", more: "features: {f: {default: {}}}", want: []string{"6:25 features.f.default: names no model version"}},
		{name: "served twice", more: "features: {f: {}, g: {served: f}}", want: []string{`6:19 features.g: column "f" is already served by feature f`}},
		{name: "definition of nothing", more: w + "features: {f: {source: w, value: a, definitions: {old: {}}}}",
			want: []string{"7:51 features.f.definitions.old: the definition says nothing"}},
		{name: "definition that does not fit", more: w + "features: {f: {source: w, value: a, definitions: {a: {aggregate: avg(b)}, b: {window: 1h}}}}",
			want: []string{"7:55 features.f.definitions.a.aggregate: an aggregate needs a window", "7:79 features.f.definitions.b.window: a value has no window"}},
		{name: "definition with an unknown key", more: w + "features: {f: {source: w, value: a, definitions: {a: {wher: b}}}}",
			want: []string{"7:55 features.f.definitions.a.wher: unknown key"}, hint: `did you mean "where"? allowed here: value, aggregate, where, window, within`},
		{name: "one mistaken section is not blamed on another", more: "sources: {w: 7}\nfeatures: {f: {source: w, value: a}}",
			want: []string{"6:14 sources.w: is 7, want a mapping"}},
	})
}

func TestRefusesSettings(t *testing.T) {
	check(t, []refusal{
		{name: "baseline both", more: "baseline: {trailing: 28d, from: 2013-05-01, to: 2013-06-01}",
			want: []string{"6:12 baseline.trailing: a baseline is fixed (from, to) or trailing, not both"}},
		{name: "baseline half", more: "baseline: {from: 2013-05-01}", want: []string{"6:1 baseline.to: missing"}},
		{name: "baseline reversed", more: "baseline: {from: 2013-06-01, to: 2013-06-01}",
			want: []string{"6:34 baseline.to: is 2013-06-01, not after from (2013-06-01)"}},
		{name: "baseline inside a day", more: "baseline: {from: 2013-05-01T00:00:00-04:00, to: 2013-06-31}",
			want: []string{"6:18 baseline.from: 2013-05-01T00:00:00-04:00 is not midnight UTC, where days begin", `6:49 baseline.to: "2013-06-31" is no date`}},
		{name: "baseline out of reach", more: "baseline: {reach: 14d}", want: []string{"6:19 baseline.reach: is 14d, shorter than trailing (28d)"}},
		{name: "baseline of hours", more: "baseline: {trailing: 36h}", want: []string{"6:22 baseline.trailing: is 1d12h, want whole days"}},
		{name: "window of hours", more: "evaluate: {window: 12h}", want: []string{"6:20 evaluate.window: is 12h, want whole days"}, hint: "such as 7d"},
		{name: "evaluate out of range", more: "evaluate: {min_matched: 0, min_effect: -1, fdr: 1}",
			want: []string{"6:25 evaluate.min_matched: is 0, want a number that is whole and at least 1", "6:40 evaluate.min_effect: is -1, want a number of at least 0",
				"6:49 evaluate.fdr: is 1, want a number between 0 and 1"}},
		{name: "min_matched broken", more: "evaluate: {min_matched: 1.5}", want: []string{"6:25 evaluate.min_matched: is 1.5, want a number that is whole and at least 1"}},
		{name: "scorer of nothing", more: "scorer: {}", want: []string{"6:1 scorer.command: missing"}},
		{name: "scorer empty", more: "scorer: {command: []}", want: []string{"6:19 scorer.command: names no program"}},
		{name: "scorer as text", more: "scorer: {command: ./score --model m}", want: []string{`6:19 scorer.command: is "./score --model m", want a list`}},
		{name: "scorer timeout", more: "scorer: {command: [a], timeout: 0s}", want: []string{"6:33 scorer.timeout: is 0s, want more than 0"}},
		{name: "warehouse both", more: "warehouse: {duckdb: {}, trino: {}}", want: []string{"6:25 warehouse.trino: duckdb and trino are both written"}},
		{name: "duckdb settings", more: "warehouse: {duckdb: {threads: 4}}", want: []string{"6:22 warehouse.duckdb.threads: unknown key"}},
		{name: "another warehouse", more: "warehouse: {spark: {}}", want: []string{"6:13 warehouse.spark: unknown key"}, hint: "allowed here: duckdb, trino"},
		{name: "lineage", more: "lineage: {dbtt: x}", want: []string{"6:11 lineage.dbtt: unknown key"}, hint: `did you mean "dbt"?`},
	})
}

func TestRefusesSyntax(t *testing.T) {
	check(t, []refusal{
		{name: "empty", src: " \n# nothing\n", want: []string{"1:1 the loop file is empty"}, hint: "plumbline init"},
		{name: "only a document mark", src: "---\n", want: []string{"1:1 the loop file is empty"}},
		{name: "text", src: "hello\n", want: []string{`1:1 the loop file is "hello", want a mapping`}},
		{name: "list", src: "- a\n", want: []string{`1:1 the loop file is a list, want a mapping`}},
		{name: "two documents", more: "---\nversion: 1\n", want: []string{"7:1 a second YAML document begins here"}},
		{name: "not UTF-8", more: "# caf\xe9\n", want: []string{"6:6 the loop file is not UTF-8 text"}},
		{name: "tabs", more: "sources:\n\tw:\n\t  path: x\n", want: []string{"7:1 a tab indents this line and 1 more"}, hint: "indent with spaces"},
		{name: "open bracket", more: "features: {f: {}\n", want: []string{"6:11 not readable as YAML: could not find flow mapping end token '}'"}, hint: "close the bracket"},
		{name: "open quotes", more: "retain: \"7d\n", want: []string{"6:9 not readable as YAML: could not find end character of double-quoted text"}},
		{name: "colon in a value", more: "timezone: a: b\n", want: []string{"6:11 not readable as YAML: mapping value is not allowed in this context"}, hint: "in quotes"},
		{name: "reserved character", more: "timezone: @a\n", want: []string{"6:11 not readable as YAML: '@' is a reserved character"}},
		{name: "duplicate key", more: "loop: other\n", want: []string{"6:1 loop: is written twice, first on line 2"}},
		{name: "duplicate feature", more: "features: {f: {}, \"f\": {}}\n", want: []string{"6:19 features.f: is written twice, first on line 6"}},
		{name: "anchor", more: "retain: &r 7d\n", want: []string{"6:9 retain: holds an anchor (&), which loop files do not use"}},
		{name: "alias", more: "retain: *r\n", want: []string{"6:9 retain: holds an alias (*), which loop files do not use"}},
		{name: "alias for a section", more: "evaluate: *r\n", want: []string{"6:11 evaluate: holds an alias (*), which loop files do not use"}},
		{name: "merge key", more: "evaluate: {<<: {window: 7d}}\n", want: []string{"6:12 evaluate: holds a merge key (<<), which loop files do not use"}},
		{name: "tag", more: "retain: !!str 7d\n", want: []string{"6:9 retain: holds a tag (!), which loop files do not use"}},
		{name: "complex key", more: "? retain\n: 7d\n", want: []string{"6:1 the loop file holds a complex key (?), which loop files do not use"}},
		{name: "too deep", more: "features: " + strings.Repeat("[", 100000), want: []string{"6:75 not readable as YAML: brackets or dashes nest more than 64 deep"}},
		{name: "too large", src: "#" + strings.Repeat(" ", maxBytes), want: []string{"1:1 the loop file is larger than 512 KiB"}},
	})
}
