package warehouse

import (
	"strings"
	"testing"
	"time"
)

type word string

type rendering struct{ name, text, want, failed string }

func TestRenderPrints(t *testing.T) {
	testRender(t, []rendering{
		{name: "ident", text: `select {{ident .Name}}`, want: `select "Dep ""Delay"""`},
		{name: "pipe", text: `select {{.Name | ident}}`, want: `select "Dep ""Delay"""`},
		{name: "expr", text: `select {{expr .Expr}}, {{expr .Pointer}}`, want: `select (a + 1), (b)`},
		{name: "zone", text: `select {{zone .Zone}}`, want: `select 'America/New_York'`},
		{name: "num", text: `t_{{num .Index}} + {{num .Age}} + {{num .Unsigned}}`, want: `t_3 + 10800000000 + 7`},
		{name: "name", text: `cast(x as {{name .Kind}})`, want: `cast(x as BIGINT)`},
		{name: "name in a string", text: `'{{name .Kind}}' -- {{num .Index}}`, want: `'BIGINT' -- 3`},
		{name: "key", text: `{{key .Name .Kind}}, {{key "a" .Time}}`, want: `cast("Dep ""Delay""" as BIGINT), make_timestamp(epoch_us("a"))`},
		{name: "utc", text: `{{utc .At}}`, want: `("at" at time zone 'UTC')`},
		{name: "range", text: `{{range $i, $n := .List}}{{if $i}}, {{end}}{{ident $n}}{{end}}`, want: `"a", "b"`},
		{name: "helpers", text: `{{range $i, $n := .List}}{{ident $n}}{{if not (last $i $.List)}}, {{end}}{{end}}{{range seq 2}}{{num (add . 1)}}{{end}}`, want: `"a", "b"12`},
		{name: "declaration", text: `{{$n := .Plain}}{{ident $n}}`, want: `"x; drop table t"`},
		{name: "define", text: `{{define "q"}}{{ident .}}{{end}}{{template "q" .Name}}`, want: `"Dep ""Delay"""`},

		{name: "path", text: `attach {{path "/tmp/it's.duckdb"}}`, want: `attach '/tmp/it''s.duckdb'`},
		{name: "literal", text: `is {{literal .Plain}}, {{literal "'; drop -- \\"}}`, want: `is 'x; drop table t', '''; drop -- \'`},
		{name: "branches", text: `{{if .Plain}}end{{else}}$a{{end}}`, want: `end`},
	})
}

func TestRenderRefuses(t *testing.T) {
	testRender(t, []rendering{
		{name: "no path", text: `{{path ""}}`, failed: "no path"},
		{name: "literal of NUL", text: `{{literal .NUL}}`, failed: "holds a NUL"},
		{name: "literal in a string", text: `'{{literal .Plain}}'`, failed: "stands in a string"},
		{name: "plain", text: `select {{.Plain}}`, failed: "prints unchecked text"},
		{name: "plain variable", text: `{{$n := .Plain}}{{$n}}`, failed: "prints unchecked text"},
		{name: "plain dot", text: `{{range .List}}{{.}}{{end}}`, failed: "prints unchecked text"},
		{name: "plain in else", text: `{{if .Plain}}{{else}}{{.Plain}}{{end}}`, failed: "prints unchecked text"},
		{name: "plain in with", text: `{{with .Plain}}{{.}}{{end}}`, failed: "prints unchecked text"},
		{name: "plain in define", text: `{{define "q"}}{{.}}{{end}}{{template "q" .Plain}}`, failed: "prints unchecked text"},
		{name: "literal", text: `{{"x"}}`, failed: "prints unchecked text"},
		{name: "printf", text: `{{printf "%s" .Plain}}`, failed: "prints unchecked text"},
		{name: "printf last", text: `{{ident .Name | printf "%s"}}`, failed: "prints unchecked text"},
		{name: "print", text: `{{print .Plain}}`, failed: "prints unchecked text"},
		{name: "html", text: `{{.Plain | html}}`, failed: "prints unchecked text"},
		{name: "call", text: `{{call .Plain}}`, failed: "prints unchecked text"},
		{name: "index", text: `{{index .List 0}}`, failed: "prints unchecked text"},
		{name: "parentheses", text: `{{(ident .Name)}}`, failed: "prints unchecked text"},
		{name: "add", text: `{{add 1 2}}`, failed: "prints unchecked text"},
		{name: "ident in a string", text: `select '{{ident .Name}}'`, failed: "stands in a string"},
		{name: "expr in a comment", text: "-- {{expr .Expr}}\nselect 1", failed: "stands in a string"},
		{name: "expr in a block comment", text: `/* /* */ {{expr .Expr}} */ select 1`, failed: "stands in a string"},
		{name: "zone in a quoted name", text: `select "{{zone .Zone}}"`, failed: "stands in a string"},
		{name: "ident in a dollar string", text: `select $q${{ident .Name}}$q$`, failed: "stands in a string"},
		{name: "template in a string", text: `{{define "q"}}{{ident .}}{{end}}'{{template "q" .Name}}'`, failed: "stands in a string"},
		{name: "missing key", text: `{{ident .NoSuch}}`, failed: "NoSuch"},
		{name: "ident of NUL", text: `{{ident .NUL}}`, failed: "cannot be a name"},
		{name: "ident of nothing", text: `{{ident ""}}`, failed: "cannot be a name"},
		{name: "expr of text", text: `{{expr .Plain}}`, failed: "not a checked expression"},
		{name: "expr of nil", text: `{{expr .Nil}}`, failed: "no expression"},
		{name: "expr of nothing", text: `{{expr .Empty}}`, failed: "no text"},
		{name: "zone of text", text: `{{zone .Plain}}`, failed: "no time zone"},
		{name: "zone of no zone", text: `{{zone "Nowhere/City"}}`, failed: "no time zone"},
		{name: "zone of Local", text: `{{zone "Local"}}`, failed: "no time zone"},
		{name: "zone above", text: `{{zone "../../etc/passwd"}}`, failed: "no time zone"},
		{name: "num of text", text: `{{num .Plain}}`, failed: "not a whole number"},
		{name: "num of a float", text: `{{num .Float}}`, failed: "not a whole number"},
		{name: "name of text", text: `{{name .Plain}}`, failed: "is not a word"},
		{name: "key of text", text: `{{key "a" .Plain}}`, failed: "not the type of a key"},
		{name: "open string", text: `select 'x`, failed: "does not end"},
	})
}

func testRender(t *testing.T, tests []rendering) {
	t.Helper()
	data := map[string]any{
		"Plain": "x; drop table t", "Name": `Dep "Delay"`, "Index": 3, "Unsigned": uint8(7), "Age": 3 * time.Hour,
		"Expr": Expression{SQL: "a + 1"}, "Pointer": &Expression{SQL: "b"}, "Nil": (*Expression)(nil), "Empty": Expression{},
		"Zone": "America/New_York", "Kind": word("BIGINT"), "Time": word("TIMESTAMP"), "List": []string{"a", "b"}, "NUL": "a\x00b",
		"At": clock{"at", "zoned", ""}, "Float": 1.5,
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			parsed, err := parseText(tt.text)
			if err == nil {
				got, err = execute(parsed, data)
			}
			if tt.failed != "" {
				if err == nil || !strings.Contains(err.Error(), tt.failed) {
					t.Errorf("%s: %q, %v, want error with %q", tt.text, got, err, tt.failed)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%s: %q, %v, want %q", tt.text, got, err, tt.want)
			}
		})
	}
}

func TestScanSQL(t *testing.T) {
	tests := []struct {
		text       string
		params     string
		statements int
	}{
		{"select $a, $b_2, $a", "a b_2", 1},
		{"select '$a', \"$b\", E'\\'$c', $$ $d $$, $q$ $e $q$ -- $f\n, $g /* $h /* $i */ $j */", "g", 1},
		{"select 1;", "", 1},
		{"select 1; -- done\n", "", 1},
		{"select 1; select 2", "", 2},
		{";;", "", 0},
		{"select ';' as \";\"", "", 1},
		{"select a$b, 'it''s $x'", "", 1},
		{"select $x::timestamp+$y", "x y", 1},
		{"select 1 as e, 'x'", "", 1},
	}
	for _, tt := range tests {
		got, err := scanSQL(tt.text)
		if err != nil || strings.Join(got.params, " ") != tt.params || got.statements != tt.statements {
			t.Errorf("%s: %v, %v; want $%s in %d statements", tt.text, got, err, tt.params, tt.statements)
		}
	}
	for _, text := range []string{"'x", `"x`, "/* x", "$q$ x", "select $"} {
		if _, err := scanSQL(text); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}
