package intake

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readCSV reads what a CSV file says of itself: its digest over all bytes, as stored, and its columns as DuckDB tells
// them from all of its rows.
func readCSV(ctx context.Context, db Querier, path string) (digest string, size int64, columns []Column, err error) {
	digest, size, err = contentDigest(ctx, path)
	if err != nil {
		return "", 0, nil, err
	}
	if size == 0 {
		return "", 0, nil, errors.New("empty (0 bytes)")
	}
	var delimiter string
	err = db.Query(ctx, "005_csv_columns", nil, map[string]any{"path": path}, func(rows *sql.Rows) error {
		var position int64
		var c Column
		if err := rows.Scan(&position, &c.Name, &c.Type, &delimiter); err != nil {
			return err
		}
		columns = append(columns, c)
		return nil
	})
	if err != nil {
		return "", 0, nil, fmt.Errorf("not a CSV file that can be read: %w", err)
	}
	if err := checkHeader(ctx, db, path, delimiter, columns); err != nil {
		return "", 0, nil, err
	}
	return digest, size, columns, nil
}

// contentDigest is sha256 over the bytes of a file, and how many they are.
func contentDigest(ctx context.Context, path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, plain(err)
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, &stoppable{ctx: ctx, r: f})
	if err != nil {
		return "", 0, plain(err)
	}
	return hex.EncodeToString(sum.Sum(nil)), n, nil
}

// stoppable is a reader that ends with its context. The context lives as long as one copy.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// checkHeader tells a file whose first line holds no column names, holds one twice, or that is no text at all.
func checkHeader(ctx context.Context, db Querier, path, delimiter string, columns []Column) error {
	unnamed, values := 0, []string{}
	for i, c := range columns {
		if !utf8.ValidString(c.Name) || strings.ContainsFunc(c.Name, func(r rune) bool { return r < ' ' && r != '\t' }) {
			return errors.New("not a CSV file: its first line is no text")
		}
		if c.Name == "column"+strconv.Itoa(i) {
			unnamed++
		}
		if looksLikeValue(c.Name) {
			values = append(values, c.Name)
		}
	}
	if unnamed == len(columns) {
		return errors.New("no header: its first line holds no column names")
	}
	if len(columns) == 1 && strings.ContainsAny(columns[0].Name, ",;\t|") {
		return fmt.Errorf("its lines do not all hold the same number of fields: %q was read as one", columns[0].Name)
	}
	if len(values) > 0 {
		named := true
		err := db.Query(ctx, "006_csv_header", nil, map[string]any{"path": path}, func(rows *sql.Rows) error {
			return rows.Scan(&named)
		})
		if err != nil {
			return err
		}
		if !named {
			return fmt.Errorf("no header: its first line holds %q where a column name is needed", values[0])
		}
	}
	return repeatedName(path, delimiter)
}

// looksLikeValue tells a header field that could be a number, a date or a time.
func looksLikeValue(name string) bool {
	if _, err := strconv.ParseFloat(name, 64); err == nil {
		return true
	}
	return len(name) >= 8 && name[0] >= '0' && name[0] <= '9' && strings.Trim(name, "0123456789-/:. TZ+") == ""
}

// repeatedName tells a header with two names that are equal or differ only by case: DuckDB renames the second, so that
// the file's own name for it leads nowhere. A first line that does not parse is left to DuckDB.
func repeatedName(path, delimiter string) error {
	f, err := os.Open(path)
	if err != nil {
		return plain(err)
	}
	defer f.Close()
	var r io.Reader = bufio.NewReader(f)
	if strings.HasSuffix(strings.ToLower(path), ".gz") {
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return fmt.Errorf("not a gzip file: %w", err)
		}
		defer unzipped.Close()
		r = unzipped
	}
	header := csv.NewReader(io.LimitReader(r, 1<<20))
	header.LazyQuotes = true
	if runes := []rune(delimiter); len(runes) == 1 && runes[0] != '"' && runes[0] != '\n' && runes[0] != '\r' {
		header.Comma = runes[0]
	}
	names, err := header.Read()
	if err != nil {
		return nil
	}
	return twice(names)
}

// twice tells the first name that occurs twice, case aside. DuckDB cannot tell such columns apart, quoted or not.
func twice(names []string) error {
	seen := map[string]string{}
	for i, name := range names {
		if i == 0 {
			name = strings.TrimPrefix(name, "\ufeff")
		}
		lower := strings.ToLower(name)
		if first, ok := seen[lower]; ok && name != "" {
			if first == name {
				return fmt.Errorf("two columns are named %q", name)
			}
			return fmt.Errorf("columns %q and %q differ only by case, which SQL does not tell apart", first, name)
		}
		seen[lower] = name
	}
	return nil
}

// emptyColumns gives the columns of a CSV file that hold nothing: DuckDB calls them VARCHAR for want of a value.
func emptyColumns(ctx context.Context, db Querier, path string) ([]string, error) {
	var empty []string
	err := db.Query(ctx, "008_csv_filled", nil, map[string]any{"path": path}, func(rows *sql.Rows) error {
		var name string
		var filled int64
		if err := rows.Scan(&name, &filled); err != nil {
			return err
		}
		if filled == 0 {
			empty = append(empty, name)
		}
		return nil
	})
	slices.Sort(empty)
	return empty, err
}
