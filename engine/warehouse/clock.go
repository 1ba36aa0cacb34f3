package warehouse

import "fmt"

// Clock says how a column becomes a TIMESTAMP in UTC.
type Clock interface {
	// Clock gives the column; its form: zoned (TIMESTAMP WITH TIME ZONE), naive (TIMESTAMP of any unit), date or text;
	// and the IANA zone in which a clock without zone is read, "" with text when none was declared.
	Clock() (column, form, zone string)
}

// clockParts is a Clock for the partial that renders it.
type clockParts struct{ Column, Form, Zone string }

func partsOf(c Clock) (clockParts, error) {
	var p clockParts
	p.Column, p.Form, p.Zone = c.Clock()
	switch p.Form {
	case "zoned", "naive", "date", "text":
		return p, nil
	}
	return p, fmt.Errorf("clock %q has form %q, want zoned, naive, date or text", p.Column, p.Form)
}

// utc renders a Clock as an expression of type TIMESTAMP in UTC, with microseconds; what lies below is cut off towards
// 1970. An instant inside the hour that a zone skips is read as if the clock had not been put forward; one inside the
// hour that it repeats is taken as the second. Text that is no instant is NULL, as is text without an offset when no
// zone is declared.
func utc(c Clock) (string, error) {
	p, err := partsOf(c)
	if err != nil {
		return "", err
	}
	return fragment("clock_utc", p)
}

// unzoned renders a BOOLEAN, never NULL: true where a text clock holds an instant without an offset while no zone says
// how to read it.
func unzoned(c Clock) (string, error) {
	p, err := partsOf(c)
	if err != nil {
		return "", err
	}
	if _, err := ident(p.Column); err != nil {
		return "", err
	}
	return fragment("clock_unzoned", p)
}
