package warehouse

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// departures are the columns that the tests read.
func departures() []Column {
	return []Column{
		{"a", "INTEGER"}, {"b", "DOUBLE"}, {"s", "VARCHAR"}, {"flag", "BOOLEAN"}, {"ts", "TIMESTAMP"},
		{"tz", "TIMESTAMP WITH TIME ZONE"}, {"ns", "TIMESTAMP_NS"}, {"d", "DATE"}, {"Dep Delay", "DOUBLE"}, {`q"x`, "INTEGER"},
		{"list", "INTEGER[]"}, {"st", `STRUCT("f x" INTEGER, g STRUCT(h VARCHAR))`}, {"j", "JSON"}, {"m", "MAP(VARCHAR, INTEGER)"},
		{"e", "ENUM('x', 'it''s')"}, {"money", "DECIMAL(18,3)"}, {"Twin", "INTEGER"}, {"twin", "DOUBLE"}, {"select", "INTEGER"},
		{"current_date", "DATE"}, {"arr", "INTEGER[3]"}, {"u", "UUID"}, {"big", "HUGEINT"}, {"bl", "BLOB"}, {"deep", Nested},
	}
}

// accepted is an expression that is allowed; want is "" where only type and columns matter.
type accepted struct {
	text, want, wantType string
	columns              []string
}

func TestScalarAcceptsOperators(t *testing.T) {
	testAccepted(t, []accepted{
		{"a + 1", `(a + 1)`, "INTEGER", []string{"a"}},
		{"A + B", `(a + b)`, "DOUBLE", []string{"a", "b"}},
		{"b + a + b", `((b + a) + b)`, "DOUBLE", []string{"b", "a"}},
		{`"Dep Delay" > 15`, `("Dep Delay" > 15)`, "BOOLEAN", []string{"Dep Delay"}},
		{`"dep delay"`, `"Dep Delay"`, "DOUBLE", []string{"Dep Delay"}},
		{`"q""x" * 2`, `("q""x" * 2)`, "INTEGER", []string{`q"x`}},
		{`"select"`, `"select"`, "INTEGER", []string{"select"}},
		{"s <> 'cancelled' and not flag", `((s != 'cancelled') AND (NOT flag))`, "BOOLEAN", []string{"s", "flag"}},
		{"s = 'it''s; drop table t --'", `(s = 'it''s; drop table t --')`, "BOOLEAN", []string{"s"}},
		{"case when a > 1 then 'x' else s end", "", "VARCHAR", []string{"a", "s"}},
		{"case a when 1 then 2 end", "", "INTEGER", []string{"a"}},
		{"if(flag, 1, 2)", "", "INTEGER", []string{"flag"}},
		{"coalesce(b, 0)", `COALESCE(b, 0)`, "DOUBLE", []string{"b"}},
		{"nullif(a, 0)", "", "INTEGER", []string{"a"}},
		{"ifnull(a, 0)", "", "INTEGER", []string{"a"}},
		{"a between 1 and 2", "", "BOOLEAN", []string{"a"}},
		{"a not between 1 and 2", "", "BOOLEAN", []string{"a"}},
		{"s in ('x', 'y')", "", "BOOLEAN", []string{"s"}},
		{"s not in ('x', 'y')", "", "BOOLEAN", []string{"s"}},
		{"s like 'x%'", "", "BOOLEAN", []string{"s"}},
		{"s not ilike 'x%' escape '#'", "", "BOOLEAN", []string{"s"}},
		{"s similar to 'x.*'", "", "BOOLEAN", []string{"s"}},
		{"s is null or a is not null", "", "BOOLEAN", []string{"s", "a"}},
		{"a is distinct from b", "", "BOOLEAN", []string{"a", "b"}},
		{"flag is true", "", "BOOLEAN", []string{"flag"}},
		{"try(cast(s as integer))", "", "INTEGER", []string{"s"}},
		{"lpad(s, 8, '0')", "", "VARCHAR", []string{"s"}},
		{"repeat('0', 3) || s", "", "VARCHAR", []string{"s"}},
		{"list_sum(range(1, 10, 2))", "", "HUGEINT", nil},
		{"true", "", "BOOLEAN", nil},
		{"flag is not false", "", "BOOLEAN", []string{"flag"}},
		{"list[2:]", "", "INTEGER[]", []string{"list"}},
		{"map {'a': a}['a']", "", "INTEGER", []string{"a"}},
		{"null", "", "INTEGER", nil},
		{"nullif(sqrt(b), 0) / nullif(a, 0)", "", "DOUBLE", []string{"b", "a"}},
		{"e", "", "ENUM('x', 'it''s')", []string{"e"}},
		{"1", `1`, "INTEGER", nil},
		{"-a", `-(a)`, "INTEGER", []string{"a"}},
		{"a::double", `CAST(a AS DOUBLE)`, "DOUBLE", []string{"a"}},
	})
}

func TestScalarAcceptsFunctionsAndTypes(t *testing.T) {
	testAccepted(t, []accepted{
		{"try_cast(s as integer)", `TRY_CAST(s AS INTEGER)`, "INTEGER", []string{"s"}},
		{"cast(s as decimal(10, 2))", "", "DECIMAL(10,2)", []string{"s"}},
		{"s::json->>'$.a'", "", "VARCHAR", []string{"s"}},
		{"extract(hour from ts)", "", "BIGINT", []string{"ts"}},
		{"ts + interval 3 hour", "", "TIMESTAMP", []string{"ts"}},
		{"ts - interval '3 days'", "", "TIMESTAMP", []string{"ts"}},
		{"date_diff('minute', ts, ns)", "", "BIGINT", []string{"ts", "ns"}},
		{"tz at time zone 'UTC'", "", "TIMESTAMP", []string{"tz"}},
		{"d = date '2013-07-22'", "", "BOOLEAN", []string{"d"}},
		{"age(ts, ts)", "", "INTERVAL", []string{"ts"}},
		{"st.\"f x\" + 1", "", "INTEGER", []string{"st"}},
		{"st.g.h", "", "VARCHAR", []string{"st"}},
		{"(st).g.h", "", "VARCHAR", []string{"st"}},
		{"list[1]", "", "INTEGER", []string{"list"}},
		{"list[1:2]", "", "INTEGER[]", []string{"list"}},
		{"len(list)", "", "BIGINT", []string{"list"}},
		{"list_sum([a, 2])", "", "HUGEINT", []string{"a"}},
		{"arr[2]", "", "INTEGER", []string{"arr"}},
		{"m['x']", "", "INTEGER", []string{"m"}},
		{"{'x': a, 'y z': 2}['x']", "", "INTEGER", []string{"a"}},
		{"json_extract_string(j, '$.a')", "", "VARCHAR", []string{"j"}},
		{"e = 'x'", "", "BOOLEAN", []string{"e"}},
		{"money * 2", "", "DECIMAL(18,3)", []string{"money"}},
		{"u::varchar", "", "VARCHAR", []string{"u"}},
		{"big % 7", "", "HUGEINT", []string{"big"}},
		{"octet_length(bl)", "", "BIGINT", []string{"bl"}},
		{"s collate nocase = 'X'", "", "BOOLEAN", []string{"s"}},
		{"upper(trim(both 'x' from s)) || 'y'", "", "VARCHAR", []string{"s"}},
		{"substring(s from 2 for 3)", "", "VARCHAR", []string{"s"}},
		{"regexp_replace(s, '\\s+', ' ')", "", "VARCHAR", []string{"s"}},
		{"UPPER(s)", "", "VARCHAR", []string{"s"}},
		{"a // 2 + a % 2 - a ** 2 + ~a + (a & 1)", "", "DOUBLE", []string{"a"}},
		{"a -- a comment", `a`, "INTEGER", []string{"a"}},
		{"a /* a comment */ + 1", `(a + 1)`, "INTEGER", []string{"a"}},
		{"current_date", "", "DATE", []string{"current_date"}},
		{"1.5e300 + 170141183460469231731687303715884105727", "", "DOUBLE", nil},
		{"split_part(s, '-', 1)", "", "VARCHAR", []string{"s"}},
		{"greatest(a, b, 0)", "", "DOUBLE", []string{"a", "b"}},
		{"md5(s)", "", "VARCHAR", []string{"s"}},
		{"'$x ? $1 {{.}}'", "", "VARCHAR", nil},
		{"'élan — 日本 \U0001F600'", "", "VARCHAR", nil},
		{"'a\nb'", "", "VARCHAR", nil},
	})
}

// testAccepted checks each expression, and that its normalised text is accepted as it stands.
func testAccepted(t *testing.T, tests []accepted) {
	t.Helper()
	db := open(t, nil)
	for _, tt := range tests {
		got, err := db.Scalar(t.Context(), tt.text, departures())
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		want := Expression{SQL: tt.want, Columns: tt.columns, Type: tt.wantType}
		if tt.want == "" {
			want.SQL = got.SQL
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.text, diff)
		}
		again, err := db.Scalar(t.Context(), got.SQL, departures())
		if err != nil || again.SQL != got.SQL {
			t.Errorf("%s: written as %s, which is written as %s, %v", tt.text, got.SQL, again.SQL, err)
		}
	}
}

func TestScalarRefuses(t *testing.T) {
	db := open(t, nil)
	deep := strings.Repeat("(", 400) + "a" + strings.Repeat("+1)", 400)
	tests := []struct{ text, want string }{
		{"", "empty"}, {"  \n\t", "empty"}, {"-- only a comment", "is not one expression"},
		{"a; drop table t", ""}, {"1 from t; select 1", "more than an expression"}, {"1 from t; drop table t", ""}, {"1 from t; drop table t --", ""},
		{"a;", ""}, {"a from t --", ""}, {"a from t /*", ""}, {"a from u", ""}, {"a from t where true --", ""},
		{"a from t union select 1", "more than"}, {"a union select 1", "more than"}, {"a) from t where (1", ""}, {"a)", ""}, {"(a", ""},
		{"a /* open", ""}, {"a 'x", ""}, {"a, b", "2 expressions"}, {"(a, b)", "STRUCT"}, {"distinct a", "more than"},
		{"a as x", "names a value"}, {"a x", "names a value"}, {`a "x"`, "names a value"}, {"a + (b as x)", ""}, {"len(deep)", "is nested"},
		{"all a", "STRUCT"}, {"a order by b", ""}, {"a limit 1", ""}, {"a where a > 1", ""}, {"a group by a", ""}, {"a into x", ""},
		{"*", "star"}, {"* exclude (a)", "star"}, {"* replace (1 as a)", "star"}, {"t.*", "star"}, {"columns(*)", "star"},
		{"columns('a')", "star"}, {"*columns(*)", ""}, {"unpack(columns(*))", ""}, {"coalesce(*columns(*))", "unpack"}, {"a + columns(*)", "star"},
		{"(select 1)", "sub-query"}, {"exists (select 1)", "sub-query"}, {"a in (select 1)", "sub-query"}, {"a = any(select 1)", "sub-query"},
		{"array(select 1)", "sub-query"}, {"a + (from t)", "sub-query"}, {"(values (1))", "sub-query"}, {"(table t)", "sub-query"},
		{"sum(a) over ()", "window"}, {"row_number() over (order by a)", "window"}, {"lag(a) over ()", "window"},
		{"?", "parameter"}, {"$1", "parameter"}, {"$as_of", "parameter"}, {"a + ?", "parameter"}, {"#1", "by position"}, {"default", "default"},
		{"sum(a)", "aggregate"}, {"count(*)", "aggregate"}, {"avg(a) filter (where b > 1)", "aggregate"}, {"first(a)", "aggregate"},
		{"grouping(a)", "grouping"}, {"random()", "another value on every call"}, {"a + RANDOM()", "another value"},
		{`"random"()`, "another value"}, {"uuid()", "another value"}, {"gen_random_uuid()", "another value"}, {"now()", "when or where"},
		{"today()", "when or where"}, {"current_timestamp", `"current_timestamp", which does not exist`}, {"localtimestamp", "does not exist"},
		{"get_current_timestamp()", "when or where"}, {"current_localtimestamp()", "when the query runs"}, {"age(ts)", "when the query runs"},
		{"ago(interval 1 day)", "macro"}, {"nextval('s')", "another value"}, {"setseed(0.5)", "another value"}, {"error('x')", "another value"},
		{"sleep_ms(1)", "another value"}, {"write_log('x')", "another value"}, {"stats(a)", "another value"},
		{"current_setting('threads')", "where the query runs"}, {"getvariable('x')", "where the query runs"}, {"getenv('HOME')", "where the query runs"},
		{"version()", "where the query runs"}, {"current_user", "does not exist"}, {"current_schema()", "macro"}, {"in_search_path('a', 'b')", "when or where"},
		{"pg_sleep(1)", "macro"}, {"txid_current()", "when or where"}, {"hash(a)", "version"}, {"list_aggregate([a], 'sum')", "cannot be checked"},
		{"unnest([1, 2])", "several rows"}, {"generate_subscripts([1], 1)", "several rows"}, {"range(3)", "STRUCT"},
		{"list_sum(range(2000000000))", "may be anything"}, {"len(generate_series(1, a))", "may be anything"}, {"repeat(s, a)", "may be anything"},
		{"lpad(s, 1000000, '0')", "may be anything"}, {"repeat(repeat(s, 1000), 1000)", "may be anything"}, {"rpad(s, 10 * 10, '0')", "may be anything"},
		{"read_text('/etc/passwd')", "not a function of one row"},
		{"read_parquet('x')", "not a function of one row"}, {"read_csv('x')", "not a function"}, {"query('select 1')", "not a function"}, {"glob('*')", "not a function"},
		{"query_table('t')", "not a function"}, {"duckdb_settings()", "not a function"}, {"pragma_version()", "not a function"},
		{"parse_duckdb_log_message('x', 'y')", "engine"}, {"make_type('INTEGER')", "engine"}, {"json_execute_serialized_sql('x')", "engine"},
		{"json_serialize_plan('select 1')", "engine"}, {"__internal_compress_string_utinyint(s)", "engine"}, {"no_such(a)", "not a function"},
		{"a.upper()", "through a schema"}, {"s.upper()", "through a schema"}, {"pg_catalog.upper(s)", "through a schema"}, {"main.upper(s)", "MAIN-OK"},
		{"system.main.upper(s)", "through a schema"}, {"a operator(pg_catalog.+) b", ""},
		{"missing", `column "missing", which does not exist`}, {"t.a", `column "t"`}, {"a.b", "has no fields"}, {"main.t.a", "does not exist"},
		{"rowid", "does not exist"}, {"filename", "does not exist"}, {"Twin", "differ only in case"}, {"TWIN", "differ only in case"},
		{"j -> '$.a'", "lambda"}, {"list_transform(list, x -> x + 1)", "lambda"}, {"list_transform(list, lambda x: x + 1)", "lambda"},
		{"[x + 1 for x in list]", "lambda"}, {"a::my_type", ""}, {"a::other.my_type", ""}, {"a::geometry", "not built in"},
		{"upper(x := s)", "names a value"}, {"upper(a, b, s)", "cannot be computed"}, {"s + 1 + d", "cannot be computed"}, {"upper(distinct s)", "distinct"},
		{"upper(s order by a)", "order"}, {"upper(s) filter (where flag)", "filter"}, {"st.nope", "cannot be computed"},
		{"ts > tz", "explicit time zone"}, {deep, "nests deeper"}, {strings.Repeat("a+", 5001) + "a", "10000"}, {strings.Repeat("not ", 2000) + "flag", ""},
		{strings.Repeat("(", 4000), ""}, {strings.Repeat("[", 3000), ""}, {strings.Repeat("-", 1) + strings.Repeat(" -", 3000) + "a", ""},
		{strings.Repeat("nullif(", 60) + "a" + strings.Repeat(", 1)", 60), "nests nullif deeper"},
		{strings.Repeat("fmod(", 60) + "a" + strings.Repeat(", 7)", 60), "nests fmod deeper"},
		{"a\x00b", "not text"}, {"'\xff'", "not text"}, {"a\u00a0+ 1", "MAYBE"}, {"\u2028a", "MAYBE"}, {"E'\\x00'", ""},
		{"pivot", ""}, {"1e400", "too large"}, {"select a", ""}, {"from t", ""}, {"1; attach 'x' as y", ""}, {"copy t to 'x'", ""}, {"a at (version => 1)", ""},
		{"a from t tablesample 10%", ""}, {"a from t using sample 10%", ""}, {"a qualify true", ""}, {"a window w as ()", ""}, {"a from t at (version => 1)", ""},
		{"a from t as x", ""}, {"a from t, t", ""}, {"a from t offset 1", ""}, {"a from (select 1", ""}, {"a from t for update", ""}, {"$$x", ""}, {"row(a, b)", "STRUCT"},
	}
	for _, tt := range tests {
		name := short(tt.text)
		got, err := db.Scalar(t.Context(), tt.text, departures())
		if err == nil {
			switch tt.want {
			case "MAIN-OK", "MAYBE", "STRUCT": // harmless if accepted
			default:
				t.Errorf("%s: accepted as %s", name, got.SQL)
			}
			continue
		}
		var f *fault.Fault
		if !errors.As(err, &f) || !f.Usage || f.Fix == "" || f.Where != "" || strings.Contains(f.What, "\n") {
			t.Errorf("%s: %#v is not a good usage fault", name, err)
			continue
		}
		if !strings.Contains(f.What, tt.want) && tt.want != "MAYBE" {
			t.Errorf("%s: %s, want %q", name, f.What, tt.want)
		}
		if testing.Verbose() {
			t.Logf("%-40s %s | %s", name, f.What, f.Fix)
		}
	}
	if got := text(t, db, "select 'alive'"); got != "alive" {
		t.Errorf("after all: %s", got)
	}
}

func TestAggregate(t *testing.T) {
	db := open(t, nil)
	tests := []struct {
		text   string
		want   Expression
		failed string
	}{
		{text: "avg(a)", want: Expression{SQL: "a", Columns: []string{"a"}, Aggregate: "avg", Type: "INTEGER"}},
		{text: "AVG(A + 1)", want: Expression{SQL: "(a + 1)", Columns: []string{"a"}, Aggregate: "avg", Type: "INTEGER"}},
		{text: "sum(b)", want: Expression{SQL: "b", Columns: []string{"b"}, Aggregate: "sum", Type: "DOUBLE"}},
		{text: "min(s)", want: Expression{SQL: "s", Columns: []string{"s"}, Aggregate: "min", Type: "VARCHAR"}},
		{text: "max(ts)", want: Expression{SQL: "ts", Columns: []string{"ts"}, Aggregate: "max", Type: "TIMESTAMP"}},
		{text: "count(*)", want: Expression{Aggregate: "count"}},
		{text: "count()", want: Expression{Aggregate: "count"}},
		{text: "count(s)", want: Expression{SQL: "s", Columns: []string{"s"}, Aggregate: "count", Type: "VARCHAR"}},
		{text: "count(1)", want: Expression{SQL: "1", Aggregate: "count", Type: "INTEGER"}},
		{text: "count(distinct s)", want: Expression{SQL: "s", Columns: []string{"s"}, Aggregate: "count_distinct", Type: "VARCHAR"}},
		{text: "count_distinct(s)", want: Expression{SQL: "s", Columns: []string{"s"}, Aggregate: "count_distinct", Type: "VARCHAR"}},
		{text: "sum(distinct a)", failed: "distinct sum"},
		{text: "count(distinct *)", failed: "star"},
		{text: "count(distinct a, b)", failed: ""},
		{text: "avg(a) filter (where flag)", failed: "filter"},
		{text: "sum(a order by b)", failed: "order by"},
		{text: "sum(a) over ()", failed: "window"},
		{text: "sum(a) + 1", failed: "+"},
		{text: "median(a)", failed: "median"},
		{text: "first(a)", failed: "first"},
		{text: "a", failed: "is not an aggregate"},
		{text: "avg(avg(a))", failed: "aggregate"},
		{text: "avg(random())", failed: "another value"},
		{text: "avg((select 1))", failed: "sub-query"},
		{text: "avg(s)", failed: "cannot be computed"},
		{text: "sum(ts)", failed: "cannot be computed"},
		{text: "avg(a, b)", failed: "2 arguments"},
		{text: "avg()", failed: "0 arguments"},
		{text: "avg(*)", failed: ""},
		{text: "avg(a), sum(b)", failed: "2 expressions"},
		{text: "avg(a) as x", failed: "names a value"},
		{text: "avg(a) from t where true --", failed: ""},
		{text: "main.avg(a)", failed: "not an aggregate"},
		{text: "avg(missing)", failed: "does not exist"},
		{text: "", failed: "empty"},
	}
	for _, tt := range tests {
		got, err := db.Aggregate(t.Context(), tt.text, departures())
		if tt.failed != "" || tt.want.Aggregate == "" {
			if err == nil || !fault.IsUsage(err) || !strings.Contains(err.Error(), tt.failed) {
				t.Errorf("%s: %v, %v, want usage fault with %q", tt.text, got, err, tt.failed)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.text, diff)
		}
	}
}
