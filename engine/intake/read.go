package intake

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sync"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/objectstore"
)

// scanned is a file, or why it cannot be used.
type scanned struct {
	File
	store *objectstore.Access // nil: a local file
	err   error
}

// read opens each file once: Parquet footers several at a time, CSV files one after the other.
func (o *opener) read(ctx context.Context, inputs []input) error {
	var parquets, texts []*scanned
	for _, in := range inputs {
		for _, r := range in.refs {
			if o.byPath[r.path] != nil {
				continue
			}
			s := &scanned{File: File{Path: r.path, Name: r.name, Format: r.format}, store: r.store}
			o.byPath[r.path] = s
			if r.format == CSV {
				texts = append(texts, s)
			} else {
				parquets = append(parquets, s)
			}
		}
	}
	queue := make(chan *scanned)
	var workers sync.WaitGroup
	for range min(len(parquets), 2*runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for s := range queue {
				s.readParquet(ctx)
			}
		})
	}
	for _, s := range parquets {
		if ctx.Err() != nil {
			break
		}
		queue <- s
	}
	close(queue)
	workers.Wait()
	for _, s := range texts {
		if ctx.Err() != nil {
			break
		}
		if s.err = regular(s.Path); s.err == nil {
			s.Rows = -1
			s.err = s.readCSV(ctx, o.db)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, in := range inputs {
		for _, r := range in.refs {
			if err := o.byPath[r.path].err; err != nil {
				fix := fileFix(in.key, o.loop.Where(in.key+".path"))
				if errors.Is(err, fs.ErrPermission) {
					fix = "let the user that runs plumbline read it, as with chmod"
				}
				o.fault(fault.Data(r.name, fix, "%v", err))
			}
		}
	}
	return nil
}

func fileFix(key, where string) string {
	return fmt.Sprintf("write the file again, or take it out of %s.path, %s", key, where)
}

func (s *scanned) readParquet(ctx context.Context) {
	foot, size, err := openParquet(ctx, s.Path, s.store)
	if err != nil {
		s.err = err
		return
	}
	names := make([]string, len(foot.columns))
	for i, c := range foot.columns {
		names[i] = c.Name
	}
	s.err = twice(names)
	s.Size, s.Rows, s.Digest, s.Writer = size, foot.rows, foot.digest, foot.writer
	s.void, s.Ranges, s.Zones = foot.void, foot.ranges, foot.zones
	s.setColumns(foot.columns)
}

// regular refuses what is no plain file: opening a pipe would wait for its writer.
func regular(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return plain(err)
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	return nil
}

// setColumns keeps the columns and the schema's id: the first 16 bits of sha256 over each column's name, type and flag,
// ended by a zero byte each; 1 where they are 0.
func (s *scanned) setColumns(columns []Column) {
	sum := sha256.New()
	for _, c := range columns {
		for _, part := range []string{c.Name, c.Type, string(c.Flag)} {
			sum.Write([]byte(part))
			sum.Write([]byte{0})
		}
	}
	s.Columns = columns
	s.SchemaID = max(1, binary.BigEndian.Uint16(sum.Sum(nil)))
}

// findEmpty marks the columns of CSV files that DuckDB calls text only because they hold nothing.
func (o *opener) findEmpty(ctx context.Context, files []*scanned) error {
	for _, f := range files {
		text := slices.ContainsFunc(f.Columns, func(c Column) bool { return c.Type == "VARCHAR" })
		if !text || f.void != nil {
			continue
		}
		var err error
		if f.void, err = emptyColumns(ctx, o.db, f); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}
