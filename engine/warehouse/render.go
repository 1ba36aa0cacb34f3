package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	sqlfiles "github.com/plumbline-data/plumbline/sql"
)

// Render gives the text of a stage, named without folder and extension, for data. What a stage may print is narrow:
// each printing action ends in one of
//
//	ident    a column or table name, quoted
//	expr     an Expression, in parentheses
//	utc      a Clock as a TIMESTAMP in UTC
//	unzoned  a BOOLEAN: a Clock of text holds a time without offset and no zone says how to read it
//	zone     the name of an IANA time zone, as a string
//	key      a column name and the type of a join key: the column under that cast
//	name     a bare word of letters, digits and _
//	num      a whole number; a time.Duration as microseconds
//	path     the path of a file, as a string, where DuckDB takes no parameter (attach)
//	literal  any text, as a string, where DuckDB takes no parameter (comment on)
//
// and add, seq and last help to range. What stages share stands in duckdb/partials, each a {{define}}.
func Render(stage string, data any) (string, error) {
	text, err := render(stage, data)
	if err != nil {
		return "", fmt.Errorf("stage %s: %w", stage, err)
	}
	return text, nil
}

// compiled holds the templates of stages that were rendered: stage to *template.Template.
var compiled sync.Map

func render(stage string, data any) (string, error) {
	if known, ok := compiled.Load(stage); ok {
		return execute(known.(*template.Template), data)
	}
	text, err := fs.ReadFile(sqlfiles.Files, "duckdb/"+stage+".sql")
	if errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("no such stage")
	}
	if err != nil {
		return "", err
	}
	t, err := parseText(string(text))
	if err != nil {
		return "", err
	}
	compiled.Store(stage, t)
	return execute(t, data)
}

// parseText parses the text of a stage together with the partials, and makes sure that they print only what Render
// allows.
func parseText(text string) (*template.Template, error) {
	t := template.New("sql").Option("missingkey=error").Funcs(helpers()).Funcs(printers())
	partials, err := fs.Glob(sqlfiles.Files, "duckdb/partials/*.sql")
	if err != nil {
		return nil, err
	}
	for _, path := range partials {
		shared, err := fs.ReadFile(sqlfiles.Files, path)
		if err != nil {
			return nil, err
		}
		if _, err := t.New(path).Parse(string(shared)); err != nil {
			return nil, err
		}
	}
	if t, err = t.Parse(text); err != nil {
		return nil, err
	}
	for _, named := range t.Templates() {
		if named.Tree == nil {
			continue
		}
		if err := checkTree(named.Tree); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// fragment renders one of the partials of clock.sql, for the functions of that meaning.
func fragment(name string, data any) (string, error) {
	text, err := fs.ReadFile(sqlfiles.Files, "duckdb/partials/clock.sql")
	if err != nil {
		return "", err
	}
	t, err := template.New("clock").Option("missingkey=error").Funcs(printers()).Parse(string(text))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.ExecuteTemplate(&b, name, data)
	return b.String(), err
}

// execute renders a template that parseText gave.
func execute(t *template.Template, data any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", err
	}
	if strings.ContainsRune(b.String(), mark) {
		return "", errors.New("the text holds a NUL")
	}
	return b.String(), nil
}

// checkTree refuses a template whose actions could print anything but what Render allows, or print a name, expression
// or literal inside a string, quoted name or comment.
func checkTree(tree *parse.Tree) error {
	w := treeWalk{tree: tree}
	if err := w.list(tree.Root); err != nil {
		return err
	}
	found, err := scanSQL(w.skeleton.String())
	if err != nil {
		return fmt.Errorf("template: %w", err)
	}
	if len(found.holes) != len(w.actions) {
		return errors.New("template: a printing action stands where it cannot be checked")
	}
	for i, h := range found.holes {
		action := w.actions[i]
		bare := action.printer == "name" || action.printer == "num"
		if (h.quoted || h.comment) && !bare {
			return fmt.Errorf("template: %s stands in a string, quoted name or comment", action.text)
		}
	}
	return nil
}

// treeWalk gathers a template's text, with a mark for each printing action.
type treeWalk struct {
	tree     *parse.Tree
	skeleton strings.Builder
	actions  []printing
}

type printing struct{ printer, text string }

func (w *treeWalk) list(list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		if err := w.node(node); err != nil {
			return err
		}
	}
	return nil
}

func (w *treeWalk) node(node parse.Node) error {
	switch n := node.(type) {
	case *parse.TextNode:
		if slices.Contains(n.Text, mark) {
			return errors.New("template: the text holds a NUL")
		}
		w.skeleton.Write(n.Text)
	case *parse.ActionNode:
		return w.action(n)
	case *parse.IfNode:
		return w.branches(n.List, n.ElseList)
	case *parse.RangeNode:
		return w.branches(n.List, n.ElseList)
	case *parse.WithNode:
		return w.branches(n.List, n.ElseList)
	case *parse.TemplateNode:
		w.skeleton.WriteByte(mark)
		w.actions = append(w.actions, printing{printer: "template", text: n.String()})
	case *parse.CommentNode, *parse.BreakNode, *parse.ContinueNode:
	default:
		return fmt.Errorf("template: %s is not allowed", node)
	}
	return nil
}

// branches reads both branches of a choice, set apart by blanks so that no word grows out of two.
func (w *treeWalk) branches(list, other *parse.ListNode) error {
	for _, branch := range []*parse.ListNode{list, other} {
		w.skeleton.WriteByte(' ')
		if err := w.list(branch); err != nil {
			return err
		}
		w.skeleton.WriteByte(' ')
	}
	return nil
}

// action accepts a declaration, which prints nothing, and a pipeline whose last command is a call of a printer.
func (w *treeWalk) action(n *parse.ActionNode) error {
	if len(n.Pipe.Decl) > 0 {
		return nil
	}
	last := n.Pipe.Cmds[len(n.Pipe.Cmds)-1]
	called, ok := last.Args[0].(*parse.IdentifierNode)
	if ok {
		_, ok = printers()[called.Ident]
	}
	if !ok {
		where, _ := w.tree.ErrorContext(n)
		return fmt.Errorf("template: %s: %s prints unchecked text; end it in ident, expr, utc or the like", where, n)
	}
	w.skeleton.WriteByte(mark)
	w.actions = append(w.actions, printing{printer: called.Ident, text: n.String()})
	return nil
}
