package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	const head = "package p\n\nimport \"fmt\"\n\n"
	tests := []struct {
		name, path, source string
		want               string // in the one offence; "" for none
	}{
		{name: "clean", source: head + "func f(x string) string { return fmt.Sprintf(\"%s rows\", x) }\n"},
		{name: "file at the limit", source: head + strings.Repeat("\n", 496)},
		{name: "file too long", source: head + strings.Repeat("\n", 500), want: "a.go:1: the file has 504 lines"},
		{name: "function at the limit", source: head + "func f() {" + strings.Repeat("\n", 79) + "}\n"},
		{name: "function too long", source: head + "func f() {" + strings.Repeat("\n", 80) + "}\n", want: "a.go:5: f has 81 lines"},
		{name: "long function of a test", path: "a_test.go", source: head + "func f() {" + strings.Repeat("\n", 80) + "}\n"},
		{name: "formatted SQL", source: head + "func f(x string) string {\n\treturn fmt.Sprintf(\"select %s from t\", x)\n}\n", want: "a.go:6: SQL"},
		{name: "joined SQL", source: head + "func f(x string) string { return \"DELETE FROM t WHERE x = \" + x + \" \" }\n", want: "a.go:5: SQL"},
		{name: "SQL of literals only", source: head + "const q = \"select a, \" + \"b from t\"\n"},
		{name: "an exception with a reason", source: head + "func f(x string) string {\n\treturn \"attach \" + x // lint:sql a quoted path, ATTACH binds nothing\n}\n"},
		{name: "an exception without a reason", source: head + "func f(x string) string {\n\treturn \"attach \" + x // lint:sql \n}\n", want: "a.go:6: SQL"},
		{name: "the warehouse's connection", source: head + "func f(db d) { fmt.Print(db.Conn()) }\n", want: "a.go:5: the warehouse's connection"},
		{name: "the warehouse's connection in a test", path: "a_test.go", source: head + "func f(db d) { fmt.Print(db.Conn()) }\n"},
		{name: "a connection of a pool", source: head + "func f(p d) { fmt.Print(p.Conn(ctx)) }\n"},
		{name: "words of an error", source: head + "func f(x string) error { return fmt.Errorf(\"select %s from the menu\", x) }\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := tt.path
			if path == "" {
				path = "a.go"
			}
			got, err := check(path, []byte(tt.source))
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) == 0 || !strings.Contains(fmt.Sprint(got), tt.want)) {
				t.Errorf("offences %q, want %q", got, tt.want)
			}
		})
	}
}
