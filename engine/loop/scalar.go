package loop

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// scalar is a value as written: its text, and whether quotes or a block make it text whatever it looks like.
type scalar struct {
	text   string
	quoted bool
}

// scalar returns the text of a node, or false when the node is a mapping, a list, or nothing at all.
func (c cursor) scalar() (scalar, bool) {
	switch n := c.node.(type) {
	case *ast.StringNode:
		quoted := n.Token != nil && (n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType)
		return scalar{n.Value, quoted}, true
	case *ast.LiteralNode:
		if n.Value == nil {
			return scalar{quoted: true}, true
		}
		return scalar{strings.TrimRight(n.Value.Value, "\n"), true}, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode, *ast.NullNode:
		if t := n.GetToken(); t != nil && t.Type != token.ImplicitNullType {
			return scalar{text: t.Value}, true
		}
	}
	return scalar{}, false
}

// describe shows a scalar in an error message.
func (s scalar) describe() string {
	text := []rune(s.text)
	if len(text) > 60 {
		text = append(text[:57], '.', '.', '.')
	}
	if s.value() == s.text {
		return strconv.Quote(string(text))
	}
	return string(text)
}

var number = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)

// value resolves a scalar as YAML 1.2 does: a number (float64), a boolean, nil, or text.
func (s scalar) value() any {
	if s.quoted {
		return s.text
	}
	switch s.text {
	case "", "~", "null", "Null", "NULL":
		return nil
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	case ".nan", ".NaN", ".NAN":
		return math.NaN()
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF":
		return math.Inf(1)
	case "-.inf", "-.Inf", "-.INF":
		return math.Inf(-1)
	}
	if number.MatchString(s.text) {
		f, _ := strconv.ParseFloat(s.text, 64) // out of range gives an infinity, which callers refuse
		return f
	}
	for prefix, base := range map[string]int{"0x": 16, "0o": 8} {
		if digits, ok := strings.CutPrefix(s.text, prefix); ok {
			if n, err := strconv.ParseUint(digits, base, 64); err == nil {
				return float64(n)
			}
		}
	}
	return s.text
}

// text reads the literal text of a scalar: 123 and true are text here. Fix says what to write instead of what is not.
func (c cursor) text(fix string) string {
	if c.refused() {
		return ""
	}
	s, ok := c.scalar()
	if _, null := c.node.(*ast.NullNode); !ok || null {
		c.fail(fix, "is %s, want text", c.found())
		return ""
	}
	text := strings.TrimSpace(s.text)
	if text == "" {
		c.fail(fix, "is empty")
	}
	return text
}

// line is text without control characters.
func (c cursor) line(fix string) string {
	s := c.text(fix)
	if strings.IndexFunc(s, unicode.IsControl) >= 0 {
		c.fail(fix, "holds a control character: %s", strconv.Quote(s))
		return ""
	}
	return s
}

// checkName reports a name, written as a key, that is empty or holds control characters.
func (c cursor) checkName(what string) {
	if strings.TrimSpace(c.name) == "" {
		c.failKey("give it a name", "the name of a %s is empty", what)
	} else if strings.IndexFunc(c.name, unicode.IsControl) >= 0 {
		c.failKey("write a name without line breaks, tabs and other control characters",
			"the name of a %s holds a control character", what)
	}
}

// number reads a finite number.
func (c cursor) number(fix string) (float64, bool) {
	if c.refused() {
		return 0, false
	}
	s, ok := c.scalar()
	f, isNumber := s.value().(float64)
	switch {
	case !ok || !isNumber:
		c.fail(fix, "is %s, want a number", c.found())
	case math.IsNaN(f) || math.IsInf(f, 0):
		c.fail(fix, "is %s, want a finite number", s.text)
	default:
		return f, true
	}
	return 0, false
}

// numberWhere reads a number that must satisfy ok; want describes the range, such as "in [0, 1]".
func (c cursor) numberWhere(want, fix string, ok func(float64) bool) (float64, bool) {
	f, read := c.number(fix)
	if !read {
		return 0, false
	}
	if !ok(f) {
		c.fail(fix, "is %s, want a number %s", strconv.FormatFloat(f, 'g', -1, 64), want)
		return 0, false
	}
	return f, true
}

// boolean reads true or false.
func (m mapping) boolean(key string) bool {
	c, ok := m.get(key)
	if !ok || c.refused() {
		return false
	}
	s, _ := c.scalar()
	b, ok := s.value().(bool)
	if !ok {
		c.fail(fmt.Sprintf(`write "%s: true" or "%s: false", without quotes`, key, key), "is %s, want true or false", c.found())
	}
	return b
}

// choice reads one of several words; otherwise is the default.
func choice[T ~string](m mapping, key string, otherwise T, allowed ...T) T {
	c, ok := m.get(key)
	if !ok {
		return otherwise
	}
	var words []string
	for _, w := range allowed {
		words = append(words, string(w))
	}
	fix := "write one of " + strings.Join(words, ", ")
	text := c.text(fix)
	for _, w := range allowed {
		if text == string(w) {
			return w
		}
	}
	if text != "" {
		if near := nearest(text, words); near != "" {
			fix = `did you mean "` + near + `"? ` + fix
		}
		c.fail(fix, "is %q, want one of %s", text, strings.Join(words, ", "))
	}
	return otherwise
}
