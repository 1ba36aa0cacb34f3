package lineage

import (
	"errors"
	"path"
	"strings"
)

// globs are the characters that make a pattern of an element of a path.
const globs = "*?["

// checkPattern tells a pattern that does not parse.
func checkPattern(pattern []string) error {
	for _, p := range pattern {
		if _, err := path.Match(p, ""); err != nil {
			return errors.New("the pattern does not parse: a [ without its ]")
		}
	}
	return nil
}

// matchOne holds one element of a path against one of a pattern.
func matchOne(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// matchParts holds the elements of a path against those of a pattern, in which ** stands for any number of them. It
// takes no more steps than there are pairs of elements.
func matchParts(pattern, parts []string) bool {
	// reach[i] tells whether the pattern up to the element at hand matches parts[:i].
	reach := make([]bool, len(parts)+1)
	reach[0] = true
	for _, p := range pattern {
		next := make([]bool, len(parts)+1)
		if p == "**" {
			open := false
			for i := range reach {
				open = open || reach[i]
				next[i] = open
			}
		} else {
			for i, name := range parts {
				next[i+1] = reach[i] && matchOne(p, name)
			}
		}
		reach = next
	}
	return reach[len(parts)]
}

// split gives the elements of a path that name something: no empty ones, no single dots, and of dots in pairs none that
// lead it.
func split(s string) []string {
	var parts []string
	for part := range strings.SplitSeq(s, "/") {
		switch {
		case part == "" || part == ".":
		case part == "..":
			parts = parts[:max(0, len(parts)-1)]
		default:
			parts = append(parts, part)
		}
	}
	return parts
}
