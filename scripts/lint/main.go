// Command lint checks what gofmt, vet and staticcheck do not: how long files and functions are, and that SQL is neither
// put together in Go nor run past the stages. It takes the folder to walk, prints one line per offence, and exits 1 when
// there are any.
//
// A line that has to be an exception says why: "lint:sql REASON" in a comment on that line.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const (
	maxFileLines     = 500 // of every Go file
	maxFunctionLines = 80  // of every function outside tests, from its first line to its last
)

// sqlStart is how a SQL statement or clause begins.
var sqlStart = regexp.MustCompile(`(?i)^\s*(select\s|insert\s+into\s|create\s+(or\s+replace\s+)?(temp(orary)?\s+)?(table|view|macro|schema)\s|copy\s+[("]|` +
	`update\s+\S+\s+set\s|delete\s+from\s|drop\s+(table|view|schema)\s|alter\s+table\s|attach\s|from\s+read_|with\s+\w+\s+as\s*\()`)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	offences, err := walk(root)
	for _, o := range offences {
		fmt.Println(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lint:", err)
	}
	if err != nil || len(offences) > 0 {
		os.Exit(1)
	}
}

// walk checks every Go file below root; hidden folders and testdata are left out.
func walk(root string) ([]string, error) {
	var offences []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "vendor") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found, err := check(path, source)
		offences = append(offences, found...)
		return err
	})
	return offences, err
}

// check returns the offences of one file, each as path:line: what.
func check(path string, source []byte) ([]string, error) {
	var offences []string
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	report := func(pos token.Pos, format string, args ...any) {
		offences = append(offences, fmt.Sprintf("%s:%d: %s", path, files.Position(pos).Line, fmt.Sprintf(format, args...)))
	}
	if lines := files.File(file.FileStart).LineCount(); lines > maxFileLines {
		report(file.FileStart, "the file has %d lines, more than %d", lines, maxFileLines)
	}
	if strings.HasSuffix(path, "_test.go") {
		return offences, nil
	}
	excepted := exceptions(files, file)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if lines := files.Position(n.End()).Line - files.Position(n.Pos()).Line + 1; lines > maxFunctionLines {
				report(n.Pos(), "%s has %d lines, more than %d", n.Name.Name, lines, maxFunctionLines)
			}
		case *ast.CallExpr, *ast.BinaryExpr:
			if at, ok := builtSQL(n); ok && !excepted[files.Position(at).Line] {
				report(at, "SQL is put together in Go: move it to sql/ and bind its values")
			}
			if borrowsConnection(n) {
				report(n.Pos(), "the warehouse's connection is for tests to look at: run a stage")
			}
		}
		return true
	})
	return offences, nil
}

// exceptions are the lines with a comment "lint:sql REASON".
func exceptions(files *token.FileSet, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if _, reason, ok := strings.Cut(c.Text, "lint:sql "); ok && strings.TrimSpace(reason) != "" {
				lines[files.Position(c.Pos()).Line] = true
			}
		}
	}
	return lines
}

// builtSQL finds a format string of package fmt, or the left side of a +, that begins like SQL.
func builtSQL(n ast.Node) (token.Pos, bool) {
	switch n := n.(type) {
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return 0, false
		}
		if from, ok := f.X.(*ast.Ident); !ok || from.Name != "fmt" || f.Sel.Name == "Errorf" {
			return 0, false
		}
		for _, arg := range n.Args {
			if isSQL(arg) {
				return arg.Pos(), true
			}
		}
	case *ast.BinaryExpr:
		// Literals joined to literals are one constant; what must not be joined is anything else.
		if n.Op == token.ADD && isSQL(n.X) && !isLiteral(n.Y) {
			return n.X.Pos(), true
		}
	}
	return 0, false
}

// borrowsConnection finds x.Conn(), which is warehouse.DB's; Conn of a pool of package sql takes a context.
func borrowsConnection(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	return ok && f.Sel.Name == "Conn"
}

func isLiteral(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return e.Op == token.ADD && isLiteral(e.X) && isLiteral(e.Y)
	}
	return false
}

func isSQL(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return e.Kind == token.STRING && err == nil && sqlStart.MatchString(text)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && isSQL(e.X)
	}
	return false
}
