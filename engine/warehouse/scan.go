package warehouse

import (
	"fmt"
	"slices"
	"strings"
)

// scanned is what a reading of SQL text found outside strings, quoted names and comments.
type scanned struct {
	params     []string // names after $, sorted, each once
	statements int      // texts between semicolons that hold anything
	holes      []hole
}

// hole is a place in a template's skeleton where an action prints.
type hole struct{ quoted, comment bool }

// mark stands for a printing action in a template's skeleton. NUL occurs in no SQL text.
const mark = '\x00'

// scanSQL reads text as DuckDB's lexer does, as far as strings ('..', E'..', $tag$..$tag$), quoted names, comments
// (block comments nest), parameters and semicolons go.
func scanSQL(text string) (scanned, error) {
	s := scanner{text: text}
	for s.pos < len(s.text) {
		if err := s.step(); err != nil {
			return scanned{}, err
		}
	}
	if s.pending {
		s.found.statements++
	}
	slices.Sort(s.found.params)
	s.found.params = slices.Compact(s.found.params)
	return s.found, nil
}

type scanner struct {
	text    string
	pos     int
	pending bool // the statement at hand holds something
	found   scanned
}

// step reads one token.
func (s *scanner) step() error {
	c := s.text[s.pos]
	rest := s.text[s.pos:]
	switch {
	case strings.HasPrefix(rest, "--"):
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		s.skip(end, true)
		return nil
	case strings.HasPrefix(rest, "/*"):
		return s.blockComment()
	case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v':
		s.pos++
		return nil
	case c == ';':
		if s.pending {
			s.found.statements++
		}
		s.pending = false
		s.pos++
		return nil
	}
	s.pending = true
	switch {
	case c == mark:
		s.found.holes = append(s.found.holes, hole{})
		s.pos++
	case c == '\'' || c == '"':
		return s.quoted(c, false)
	case (c == 'e' || c == 'E') && strings.HasPrefix(rest[1:], "'"):
		s.pos++
		return s.quoted('\'', true)
	case wordStart(c):
		s.pos += wordLen(rest)
	case c == '$':
		return s.dollar()
	default:
		s.pos++
	}
	return nil
}

// skip passes n bytes of a string or comment, noting the holes in them.
func (s *scanner) skip(n int, comment bool) {
	for range strings.Count(s.text[s.pos:s.pos+n], string(mark)) {
		s.found.holes = append(s.found.holes, hole{quoted: !comment, comment: comment})
	}
	s.pos += n
}

func (s *scanner) blockComment() error {
	depth := 0
	for i := s.pos; i+1 < len(s.text); i++ {
		switch s.text[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
		}
		if depth == 0 {
			s.skip(i+1-s.pos, true)
			return nil
		}
	}
	return fmt.Errorf("line %d: a comment that does not end", s.line())
}

// quoted reads a string or quoted name that begins at pos; in an E string a backslash guards the next byte.
func (s *scanner) quoted(quote byte, escapes bool) error {
	for i := s.pos + 1; i < len(s.text); i++ {
		switch {
		case escapes && s.text[i] == '\\':
			i++
		case s.text[i] == quote && i+1 < len(s.text) && s.text[i+1] == quote:
			i++
		case s.text[i] == quote:
			s.skip(i+1-s.pos, false)
			return nil
		}
	}
	return fmt.Errorf("line %d: a quote that does not end", s.line())
}

// dollar reads a parameter, or a dollar-quoted string.
func (s *scanner) dollar() error {
	rest := s.text[s.pos+1:]
	n := 0
	for n < len(rest) && wordPart(rest[n]) && rest[n] != '$' {
		n++
	}
	if n < len(rest) && rest[n] == '$' {
		tag := s.text[s.pos : s.pos+n+2]
		end := strings.Index(s.text[s.pos+len(tag):], tag)
		if end < 0 {
			return fmt.Errorf("line %d: a string in %s that does not end", s.line(), tag)
		}
		s.skip(2*len(tag)+end, false)
		return nil
	}
	if n == 0 {
		return fmt.Errorf("line %d: a $ without a name", s.line())
	}
	s.found.params = append(s.found.params, rest[:n])
	s.pos += 1 + n
	return nil
}

func (s *scanner) line() int { return 1 + strings.Count(s.text[:s.pos], "\n") }

func wordStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func wordPart(c byte) bool { return wordStart(c) || c >= '0' && c <= '9' || c == '$' }

// wordLen is the length of the word that text begins with.
func wordLen(text string) int {
	n := 1
	for n < len(text) && wordPart(text[n]) {
		n++
	}
	return n
}
