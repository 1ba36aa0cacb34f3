package loop

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxDepth bounds how deep brackets may nest: a loop file needs five, and the YAML parser recurses.
const maxDepth = 64

var byteOrderMark = []byte("\xef\xbb\xbf")

// root reads the YAML and returns its one mapping, or reports why there is none.
func (r *reader) root(src []byte) (mapping, bool) {
	src = bytes.TrimPrefix(src, byteOrderMark)
	start := Position{Line: 1, Col: 1}
	if len(src) > maxBytes {
		r.fail(start, "name the loop file, such as loop.yaml", "the loop file is larger than %d KiB", maxBytes>>10)
		return mapping{}, false
	}
	if !utf8.Valid(src) {
		r.fail(invalidUTF8(src), "save the loop file as UTF-8 text", "the loop file is not UTF-8 text")
		return mapping{}, false
	}
	text, ok := r.spaces(string(src))
	if !ok {
		return mapping{}, false
	}
	file, err := parseYAML(text)
	if err != nil {
		r.failSyntax(err)
		return mapping{}, false
	}
	body, ok := r.document(file)
	if !ok {
		return mapping{}, false
	}
	c := cursor{r: r, key: start, pos: positionOf(body, start), node: body}
	m, ok := c.mapping()
	m.pos = c.pos
	return m, ok
}

// document returns the body of the only document.
func (r *reader) document(file *ast.File) (ast.Node, bool) {
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc == nil || doc.Body == nil {
			continue
		}
		if _, directive := doc.Body.(*ast.DirectiveNode); !directive {
			bodies = append(bodies, doc.Body)
		}
	}
	start := Position{Line: 1, Col: 1}
	if len(bodies) == 0 {
		r.fail(start, `begin with "version: 1"; plumbline init proposes a loop file`, "the loop file is empty")
		return nil, false
	}
	if len(bodies) > 1 {
		r.fail(positionOf(bodies[1], start), `write one file per loop, without "---"`, "a second YAML document begins here")
		return nil, false
	}
	return bodies[0], true
}

// spaces puts a space for every tab that only separates, because the YAML lexer miscounts columns after tabs. A tab
// that follows a quote on its line may belong to quoted text and stays. Tabs that indent are refused, as in YAML.
func (r *reader) spaces(text string) (string, bool) {
	if !strings.Contains(text, "\t") {
		return text, true
	}
	lines := strings.Split(text, "\n")
	var first Position
	found := 0
	for i, line := range lines {
		body := strings.TrimLeft(line, " \t")
		indent := line[:len(line)-len(body)]
		tab := strings.IndexByte(indent, '\t')
		if tab >= 0 && strings.TrimSpace(body) != "" && body[0] != '#' {
			if found++; found == 1 {
				first = Position{Line: i + 1, Col: tab + 1}
			}
		}
		quote := strings.IndexAny(line, `"'`)
		if quote < 0 {
			quote = len(line)
		}
		lines[i] = strings.ReplaceAll(line[:quote], "\t", " ") + line[quote:]
	}
	switch {
	case found > 1:
		r.fail(first, "indent with spaces", "a tab indents this line and %d more", found-1)
	case found == 1:
		r.fail(first, "indent with spaces", "a tab indents this line")
	}
	return strings.Join(lines, "\n"), found == 0
}

func invalidUTF8(src []byte) Position {
	p := Position{Line: 1, Col: 1}
	for len(src) > 0 {
		c, n := utf8.DecodeRune(src)
		if c == utf8.RuneError && n == 1 {
			break
		}
		p.Col++
		if c == '\n' {
			p = Position{Line: p.Line + 1, Col: 1}
		}
		src = src[n:]
	}
	return p
}

// syntaxError is a mistake found before the YAML parser runs.
type syntaxError struct {
	pos  Position
	what string
}

func (e *syntaxError) Error() string { return e.what }

// parseYAML turns a panic of the YAML library into an error: it is fed whatever file a person names.
func parseYAML(text string) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			file, err = nil, fmt.Errorf("the YAML reader stopped: %v", p)
		}
	}()
	tokens := lexer.Tokenize(text)
	if err := checkDepth(tokens); err != nil {
		return nil, err
	}
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

func checkDepth(tokens token.Tokens) error {
	depth, run := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
			run++
		case token.SequenceEndType, token.MappingEndType:
			depth--
			run = 0
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			run++
		default:
			run = 0
		}
		if depth > maxDepth || run > maxDepth {
			return &syntaxError{positionOfToken(t, Position{1, 1}), fmt.Sprintf("brackets or dashes nest more than %d deep", maxDepth)}
		}
	}
	return nil
}

// failSyntax reports an error of the YAML library at the token that it names. It does not ask the library for the whole
// message: that prints the file around the token, in time that grows with its square.
func (r *reader) failSyntax(err error) {
	pos, what := Position{Line: 1, Col: 1}, ""
	if e, ok := errors.AsType[yaml.Error](err); ok {
		pos, what = positionOfToken(e.GetToken(), pos), e.GetMessage()
	} else if e, ok := errors.AsType[*syntaxError](err); ok {
		pos, what = e.pos, e.what
	} else {
		what = err.Error()
	}
	r.fail(pos, syntaxFix(what), "not readable as YAML: %s", what)
}

func syntaxFix(what string) string {
	switch {
	case strings.Contains(what, "mapping value is not allowed"):
		return `see that keys of one section start in one column; put a value that holds ": " in quotes`
	case strings.Contains(what, "could not find end character"):
		return "close the quotes"
	case strings.Contains(what, "could not find flow"):
		return "close the bracket"
	case strings.Contains(what, "reserved character"), strings.Contains(what, "directive"):
		return "put the value in quotes"
	case strings.Contains(what, "nest more than"):
		return "write the loop file as mappings and lists, a few levels deep"
	default:
		return `see that each line is "key: value" and that keys of one section start in one column`
	}
}

// positionOf returns where a node begins. Block mappings begin at their first key; the library places them at a colon.
func positionOf(node ast.Node, otherwise Position) Position {
	switch n := node.(type) {
	case nil:
		return otherwise
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return positionOf(n.Values[0], otherwise)
		}
	case *ast.MappingValueNode:
		if n.Key != nil {
			return positionOf(n.Key, otherwise)
		}
	case *ast.DocumentNode:
		return otherwise
	}
	return positionOfToken(node.GetToken(), otherwise)
}

func positionOfToken(t *token.Token, otherwise Position) Position {
	if t == nil || t.Position == nil || t.Type == token.ImplicitNullType {
		return otherwise
	}
	return Position{Line: max(t.Position.Line, 1), Col: max(t.Position.Column, 1)}
}
