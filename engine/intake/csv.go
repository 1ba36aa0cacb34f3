package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// readCSV reads what a CSV file says of itself: its digest over all bytes, as stored, and its columns as DuckDB tells
// them from all of its rows.
func (s *scanned) readCSV(ctx context.Context, db Querier) error {
	lines, err := walkCSV(ctx, s.Path)
	if err != nil {
		return err
	}
	s.Digest, s.Size = lines.Digest, lines.Size
	if err := twice(lines.Names); err != nil {
		return err
	}
	s.Delimiter = string(lines.Delimiter)
	params := map[string]any{"path": s.Path}
	var columns []Column
	err = db.Query(ctx, "005_csv_columns", s, params, func(rows *sql.Rows) error {
		var c Column
		var position int64
		err := rows.Scan(&position, &c.Name, &c.Type)
		columns = append(columns, c)
		return err
	})
	if err != nil {
		if said, ok := warehouse.OfRows(err); ok {
			return fmt.Errorf("DuckDB cannot read it: %s", said)
		}
		return err
	}
	s.setColumns(columns)
	return checkHeader(ctx, db, s)
}

// stoppable is a reader that ends with its context. The context lives as long as one walk.
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

// checkHeader tells a file whose first line holds no column names.
func checkHeader(ctx context.Context, db Querier, s *scanned) error {
	unnamed, values := 0, []string{}
	for i, c := range s.Columns {
		if strings.ContainsFunc(c.Name, func(r rune) bool { return r < ' ' && r != '\t' }) {
			return errors.New("not a CSV file: its first line is no text")
		}
		if c.Name == "column"+strconv.Itoa(i) {
			unnamed++
		}
		if looksLikeValue(c.Name) {
			values = append(values, c.Name)
		}
	}
	if unnamed == len(s.Columns) {
		return errors.New("no header: its first line holds no column names")
	}
	if len(values) == 0 {
		return nil
	}
	named := true
	err := db.Query(ctx, "006_csv_header", s, map[string]any{"path": s.Path}, func(rows *sql.Rows) error {
		return rows.Scan(&named)
	})
	if err == nil && !named {
		err = fmt.Errorf("no header: its first line holds %q where a column name is needed", values[0])
	}
	return err
}

// looksLikeValue tells a header field that could be a number, a date or a time.
func looksLikeValue(name string) bool {
	if _, err := strconv.ParseFloat(name, 64); err == nil {
		return true
	}
	return len(name) >= 8 && name[0] >= '0' && name[0] <= '9' && strings.Trim(name, "0123456789-/:. TZ+") == ""
}

// fileColumn is the column in which the stages have DuckDB name the file that a row came from.
const fileColumn = "plumbline_file"

// twice tells the first name that occurs twice, case aside, or that the stages need for themselves. DuckDB cannot tell
// such columns apart, quoted or not.
func twice(names []string) error {
	seen := map[string]string{fileColumn: fileColumn}
	for _, name := range names {
		lower := strings.ToLower(name)
		if first, ok := seen[lower]; ok && name != "" {
			if lower == fileColumn {
				return fmt.Errorf("column %q bears a name that this program keeps for itself: rename it", name)
			}
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
func emptyColumns(ctx context.Context, db Querier, s *scanned) (map[string]bool, error) {
	empty := map[string]bool{}
	err := db.Query(ctx, "008_csv_filled", s, map[string]any{"path": s.Path}, func(rows *sql.Rows) error {
		var name string
		var filled int64
		err := rows.Scan(&name, &filled)
		if err == nil && filled == 0 {
			empty[name] = true
		}
		return err
	})
	return empty, err
}
