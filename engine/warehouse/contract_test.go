package warehouse

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	sqlfiles "github.com/plumbline-data/plumbline/sql"
)

// TestStageContracts holds each stage against its own header: what it promises, and what no stage may do.
func TestStageContracts(t *testing.T) {
	files, err := fs.Glob(sqlfiles.Files, "duckdb/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("stages %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := fs.ReadFile(sqlfiles.Files, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range contract(filepath.Base(file), string(raw)) {
				t.Error(problem)
			}
		})
	}
}

// contract gives what is wrong with a stage.
func contract(file, raw string) []string {
	number, table, ok := strings.Cut(strings.TrimSuffix(file, ".sql"), "_")
	if !ok || !regexp.MustCompile(`^\d{3}$`).MatchString(number) || !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(table) {
		return []string{"the name is not NNN_name.sql"}
	}
	var problems []string
	header := headerOf(raw)
	for _, part := range []string{"grain", "inputs", "params", "output"} {
		if header[part] == "" {
			problems = append(problems, "the header lacks `-- "+part+":`")
		}
	}
	t, err := parseText(raw)
	if err != nil {
		return append(problems, err.Error())
	}
	body := skeletonOf(t.Tree.Root, func(name string) *parse.Tree {
		if shared := t.Lookup(name); shared != nil {
			return shared.Tree
		}
		problems = append(problems, "there is no partial "+name)
		return nil
	})
	found, err := scanSQL(body)
	if err != nil {
		return append(problems, err.Error())
	}
	if found.statements != 1 {
		problems = append(problems, "the stage does not hold exactly one statement")
	}
	if promised := promisedParams(header["params"]); !slices.Equal(promised, found.params) {
		problems = append(problems, "the header has params "+dollars(promised)+", the body "+dollars(found.params))
	}
	bare := bareCode(body)
	if made := regexp.MustCompile(`^\s*create (?:or replace )?(?:temp )?(?:table|view) (?:if not exists )?([a-z0-9_.]+)`).FindStringSubmatch(bare); made != nil {
		for word := range strings.SplitSeq(made[1][strings.LastIndex(made[1], ".")+1:], "_") {
			if word != "0" && !slices.Contains(strings.Split(table, "_"), word) {
				problems = append(problems, "the stage makes "+made[1]+", which its name does not say")
				break
			}
		}
	}
	for _, f := range []string{`now\(`, `today\(`, `current_date`, `current_timestamp`, `random\(`, `uuid\(`, `hash\(`, `approx_\w+`, `glob\(`} {
		if hit := regexp.MustCompile(`\b` + f).FindString(bare); hit != "" {
			problems = append(problems, "the stage uses "+hit)
		}
	}
	if regexp.MustCompile(`\bselect\s+(distinct\s+)?([a-z0-9_]+\.)?\*`).MatchString(outermost(bare)) {
		problems = append(problems, "the stage ends in select *: list the columns")
	}
	return problems
}

// headerOf reads the comment that a file begins with: text by part.
func headerOf(raw string) map[string]string {
	header := map[string]string{}
	at := ""
	for line := range strings.Lines(raw) {
		rest, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		if m := regexp.MustCompile(`^ ([a-z]+):\s`).FindStringSubmatch(rest); m != nil {
			at, rest = m[1], rest[len(m[0]):]
		}
		header[at] += strings.TrimSpace(rest) + "\n"
	}
	for part, text := range header {
		header[part] = strings.TrimSpace(text)
	}
	return header
}

// promisedParams gives the names after $ in a header, sorted; <N> within one stands for any number.
func promisedParams(text string) []string {
	var names []string
	for _, m := range regexp.MustCompile(`\$((?:[A-Za-z0-9_]|<[A-Za-z]+>)+)`).FindAllStringSubmatch(text, -1) {
		names = append(names, regexp.MustCompile(`<[A-Za-z]+>`).ReplaceAllString(m[1], "0"))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// skeletonOf is the text of a template, partials included and all branches one after the other, with 0 for what an
// action prints.
func skeletonOf(n parse.Node, shared func(string) *parse.Tree) string {
	var b strings.Builder
	var walk func(parse.Node)
	list := func(l *parse.ListNode) {
		if l != nil {
			for _, inner := range l.Nodes {
				walk(inner)
			}
		}
	}
	branches := func(lists ...*parse.ListNode) {
		for _, l := range lists {
			b.WriteString(" ")
			list(l)
			b.WriteString(" ")
		}
	}
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			list(n)
		case *parse.TextNode:
			b.Write(n.Text)
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				b.WriteString("0")
			}
		case *parse.IfNode:
			branches(n.List, n.ElseList)
		case *parse.RangeNode:
			branches(n.List, n.ElseList)
		case *parse.WithNode:
			branches(n.List, n.ElseList)
		case *parse.TemplateNode:
			if tree := shared(n.Name); tree != nil {
				list(tree.Root)
			}
		}
	}
	walk(n)
	return b.String()
}

// bareCode drops comments and the insides of strings, and folds case.
func bareCode(text string) string {
	text = regexp.MustCompile(`'(?:[^']|'')*'|--[^\n]*`).ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '\'' {
			return "''"
		}
		return ""
	})
	return strings.ToLower(text)
}

// outermost drops all that stands in parentheses.
func outermost(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestContractFindsFaults(t *testing.T) {
	const header = "-- grain:   one row\n-- inputs:  none\n-- params:  $a TIMESTAMP, $f<N>_tolerance DOUBLE\n-- output:  x  INTEGER\n"
	const good = "create or replace temp table int_x as\nselect $a as x, {{range .F}}$f{{num .}}_tolerance as t_{{num .}},{{end}}\n"
	if got := contract("110_int_x.sql", header+good); got != nil {
		t.Errorf("a good stage: %v", got)
	}
	tests := []struct{ name, file, text, want string }{
		{"name", "x.sql", header + good, "NNN_name"},
		{"no grain", "110_int_x.sql", strings.Replace(header, "grain", "grains", 1) + good, "grain"},
		{"params", "110_int_x.sql", header + strings.Replace(good, "$a", "$b", 1), "header has params $a, $f0_tolerance, the body $b, $f0_tolerance"},
		{"two statements", "110_int_x.sql", header + good + "; select 1", "exactly one"},
		{"other table", "110_int_y.sql", header + good, "its name does not say"},
		{"now", "110_int_x.sql", header + good + ", now() as y", "uses now("},
		{"approximate", "110_int_x.sql", header + good + ", approx_quantile(y, 0.5) as y", "uses approx_quantile"},
		{"star", "110_int_x.sql", header + good + " union all select * from y", "select *"},
		{"qualified star", "110_int_x.sql", header + good + " union all select y.* from y", "select *"},
		{"unchecked print", "110_int_x.sql", header + good + ", {{.X}}", "prints unchecked text"},
	}
	for _, tt := range tests {
		got := strings.Join(contract(tt.file, tt.text), "; ")
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	harmless := header + good + ", 'now() -- ; select *' as y, (select count(*) from (select * from y) as z) as z -- now()\n"
	if got := contract("110_int_x.sql", harmless); got != nil {
		t.Errorf("a harmless stage: %v", got)
	}
}
