// Package fault holds the error that a person can act on: what is wrong, where, and what to do about it.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Fault is an error with a hint. Where names the thing at fault (a file, file:line:col, a stage), What says what was
// found, Fix says what to do.
type Fault struct {
	Where string
	What  string
	Fix   string
	// Usage marks mistakes of the command line, the loop file, or a column or type that it names (exit code 2);
	// all else is data or the run itself (exit code 1).
	Usage bool
	// Err is the error beneath, or nil.
	Err error
}

// Error gives "where: what", without the hint.
func (f *Fault) Error() string {
	what := f.What
	if f.Err != nil {
		if what != "" {
			what += ": "
		}
		what += f.Err.Error()
	}
	if f.Where == "" {
		return what
	}
	return f.Where + ": " + what
}

// Unwrap returns the error beneath.
func (f *Fault) Unwrap() error { return f.Err }

// Data returns a fault of the data: exit code 1.
func Data(where, fix, format string, args ...any) *Fault {
	return &Fault{Where: where, What: fmt.Sprintf(format, args...), Fix: fix}
}

// Usage returns a fault of the command line, the loop file, or a column or type that it names: exit code 2.
func Usage(where, fix, format string, args ...any) *Fault {
	return &Fault{Where: where, What: fmt.Sprintf(format, args...), Fix: fix, Usage: true}
}

// IsUsage tells whether every fault in err is a usage fault, so that the exit code is 2. An err that holds no fault is
// not a usage fault.
func IsUsage(err error) bool {
	faults := All(err)
	for _, f := range faults {
		if !f.Usage {
			return false
		}
	}
	return len(faults) > 0
}

// All returns the faults in err, those joined by errors.Join included, in order.
func All(err error) []*Fault {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Fault
		for _, e := range joined.Unwrap() {
			all = append(all, All(e)...)
		}
		return all
	}
	var f *Fault
	if errors.As(err, &f) {
		return []*Fault{f}
	}
	return nil
}

// Text renders err for a terminal: one line per fault, each followed by its hint, every line led by prefix.
func Text(prefix string, err error) string {
	var b strings.Builder
	for _, e := range flatten(err) {
		fmt.Fprintf(&b, "%s: %s\n", prefix, e.Error())
		var f *Fault
		if errors.As(e, &f) && f.Fix != "" {
			fmt.Fprintf(&b, "%s: hint: %s\n", prefix, f.Fix)
		}
	}
	return b.String()
}

func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	return []error{err}
}
