package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// failed wraps err with the stage, and with the reason of ctx where the driver does not tell it. Want of memory or disk is
// a fault that says which option gives more.
func (db *DB) failed(ctx context.Context, stage string, err error) error {
	if cause := ctx.Err(); cause != nil {
		if !errors.Is(err, cause) {
			err = fmt.Errorf("%w: %w", cause, err)
		}
		return fmt.Errorf("stage %s: %w", stage, err)
	}
	var said *duckdb.Error
	if !errors.As(err, &said) {
		return fmt.Errorf("stage %s: %w", stage, err)
	}
	where, message := "stage "+stage, firstLine(said.Msg)
	full := strings.Contains(message, "No space left on device") || strings.Contains(said.Msg, "max_temp_directory_size")
	switch {
	case full:
		return fault.Data(where, fmt.Sprintf("free space on the disk of %s, or name another folder with --tmp", db.options.Temp),
			"the disk is full: %s", message)
	case said.Type == duckdb.ErrorTypeOutOfMemory:
		return fault.Data(where, "raise --memory, or lower --threads: each thread holds rows of its own",
			"it needs more than the %s of --memory: %s", binary(db.options.Memory), message)
	}
	return fmt.Errorf("stage %s: %w", stage, err)
}

// binary writes bytes in the largest unit that leaves a whole number.
func binary(bytes int64) string {
	for _, unit := range []struct {
		name string
		size int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if bytes >= unit.size {
			return fmt.Sprintf("%.4g %s", float64(bytes)/float64(unit.size), unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// firstLine is what a message of DuckDB says first, without the name of its kind.
func firstLine(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	if _, after, ok := strings.Cut(message, " Error: "); ok {
		message = after
	}
	return strings.TrimSpace(message)
}

// OfRows tells an error that the rows of a file, or an expression over them, may have caused, and what DuckDB says of it,
// in one line. An error that is a fault already, an interrupt, and the want of memory or of a file are none.
func OfRows(err error) (string, bool) {
	var said *duckdb.Error
	var known *fault.Fault
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &said) {
		return "", false
	}
	switch said.Type {
	case duckdb.ErrorTypeInterrupt, duckdb.ErrorTypeOutOfMemory, duckdb.ErrorTypeConnection, duckdb.ErrorTypeFatal:
		return "", false
	}
	return csvLine(said.Msg), true
}

// csvLine is firstLine; of a message about a CSV file it keeps what was found and drops the advice on DuckDB's options.
func csvLine(message string) string {
	first := firstLine(message)
	if !strings.HasPrefix(first, "CSV Error") {
		return first
	}
	var kept []string
	for _, line := range strings.Split(message, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "Possible ") {
			break
		}
		kept = append(kept, strings.TrimPrefix(line, "Invalid Input Error: "))
	}
	text := []rune(strings.Join(kept, "; "))
	return string(text[:min(len(text), 300)])
}
