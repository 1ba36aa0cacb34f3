package intake

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/plumbline-data/plumbline/engine/objectstore"
)

// maxFooter bounds the memory that one footer may take before it is decoded, in bytes.
const maxFooter = 256 << 20

// tail is the length of what ends a Parquet file: four bytes of footer length and four of magic.
const tail = 8

// footer is what one Parquet file says of itself.
type footer struct {
	rows    int64
	digest  string
	writer  string
	columns []Column
	void    map[string]bool // columns that hold nothing but nulls, by name
	ranges  []Range
	zones   []string
}

// openParquet reads the footer of the file at path, in an object store or none.
func openParquet(ctx context.Context, path string, store *objectstore.Access) (footer, int64, error) {
	if store != nil {
		object, size, err := store.Open(ctx, path)
		if err != nil {
			return footer{}, 0, err
		}
		defer object.Close()
		foot, err := readFooter(object, size)
		return foot, size, err
	}
	if err := regular(path); err != nil {
		return footer{}, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return footer{}, 0, plain(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return footer{}, 0, plain(err)
	}
	foot, err := readFooter(f, info.Size())
	return foot, info.Size(), err
}

// readFooter decodes the footer of a Parquet file of size bytes. It reads the first four bytes and the footer, nothing
// else. Whatever the bytes are, it returns an error rather than panic: the decoder beneath may panic on hostile input,
// which is caught here.
func readFooter(r io.ReaderAt, size int64) (foot footer, err error) {
	defer func() {
		if p := recover(); p != nil {
			foot, err = footer{}, fmt.Errorf("damaged Parquet footer: %v", p)
		}
	}()
	raw, err := footerBytes(r, size)
	if err != nil {
		return footer{}, err
	}
	if err := checkCounts(raw[:len(raw)-tail]); err != nil {
		return footer{}, err
	}
	var meta format.FileMetaData
	if err := thrift.Unmarshal(&thrift.CompactProtocol{}, raw[:len(raw)-tail], &meta); err != nil {
		return footer{}, fmt.Errorf("damaged Parquet footer: %w", err)
	}
	if err := checkRowGroups(&meta, size-int64(len(raw))); err != nil {
		return footer{}, err
	}
	sum := sha256.New()
	sum.Write(strconv.AppendInt(nil, size, 10))
	sum.Write([]byte{'\n'})
	sum.Write(raw)
	foot = footer{rows: meta.NumRows, writer: meta.CreatedBy, digest: hex.EncodeToString(sum.Sum(nil))}
	foot.ranges, foot.zones = ranges(&meta), zones(meta.KeyValueMetadata)
	foot.columns, foot.void, err = flatten(meta.Schema)
	return foot, err
}

// footerBytes reads the footer with the eight bytes that follow it.
func footerBytes(r io.ReaderAt, size int64) ([]byte, error) {
	if size == 0 {
		return nil, errors.New("empty (0 bytes)")
	}
	var head, end [tail]byte
	if size < 4+tail {
		return nil, fmt.Errorf("not a Parquet file: it has %d bytes", size)
	}
	if _, err := r.ReadAt(head[:4], 0); err != nil {
		return nil, plain(err)
	}
	if string(head[:4]) == "PARE" {
		return nil, errors.New("an encrypted Parquet file, which cannot be read here")
	}
	if string(head[:4]) != "PAR1" {
		return nil, errors.New("not a Parquet file: it does not begin with PAR1")
	}
	if _, err := r.ReadAt(end[:], size-tail); err != nil {
		return nil, plain(err)
	}
	if string(end[4:]) != "PAR1" {
		return nil, errors.New("cut short: it begins as a Parquet file does, but does not end in a footer")
	}
	length := int64(binary.LittleEndian.Uint32(end[:4]))
	if length == 0 || length > size-4-tail {
		return nil, fmt.Errorf("damaged Parquet footer: it claims %d bytes of a file of %d", length, size)
	}
	if length > maxFooter {
		return nil, fmt.Errorf("a Parquet footer of %d bytes, more than the %d that are read", length, maxFooter)
	}
	raw := make([]byte, length+tail)
	if _, err := r.ReadAt(raw, size-length-tail); err != nil && !errors.Is(err, io.EOF) {
		return nil, plain(err)
	}
	return raw, nil
}

// checkRowGroups tells a footer whose row groups cannot lie in the size bytes before it.
func checkRowGroups(meta *format.FileMetaData, size int64) error {
	var rows int64
	for i, group := range meta.RowGroups {
		if group.NumRows < 0 {
			return fmt.Errorf("damaged Parquet footer: row group %d claims %d rows", i, group.NumRows)
		}
		rows += group.NumRows
		for _, chunk := range group.Columns {
			m := &chunk.MetaData
			start := m.DataPageOffset
			if m.DictionaryPageOffset > 0 && m.DictionaryPageOffset < start {
				start = m.DictionaryPageOffset
			}
			if start < 0 || m.TotalCompressedSize < 0 || start > size || m.TotalCompressedSize > size-start {
				return fmt.Errorf("cut short: column %q of row group %d lies beyond its end",
					strings.Join(m.PathInSchema, "."), i)
			}
		}
	}
	if meta.NumRows != rows {
		return fmt.Errorf("damaged Parquet footer: it claims %d rows, its row groups hold %d", meta.NumRows, rows)
	}
	return nil
}

// flatten turns the schema, a tree listed depth first, into the columns at its top.
func flatten(schema []format.SchemaElement) ([]Column, map[string]bool, error) {
	if len(schema) == 0 || schema[0].NumChildren.V < 1 {
		return nil, nil, errors.New("it has no columns")
	}
	var columns []Column
	void := map[string]bool{}
	at := 1
	for range schema[0].NumChildren.V {
		if at >= len(schema) {
			return nil, nil, errors.New("damaged Parquet footer: the schema ends early")
		}
		e := &schema[at]
		next, err := subtree(schema, at)
		if err != nil {
			return nil, nil, err
		}
		column := Column{Name: e.Name, Type: Nested}
		if next == at+1 && e.RepetitionType.V != format.Repeated && e.Type.Valid {
			l, err := leafType(e)
			if err != nil {
				return nil, nil, fmt.Errorf("column %q %w", e.Name, err)
			}
			column.Type, column.Flag = l.Type, l.Flag
			if l.Void {
				void[e.Name] = true
			}
		}
		columns = append(columns, column)
		at = next
	}
	if at != len(schema) {
		return nil, nil, errors.New("damaged Parquet footer: the schema does not end")
	}
	return columns, void, nil
}

// subtree returns the index after the element at index at and all that is nested in it. It counts rather than recurses:
// a hostile schema may nest as deep as it is long.
func subtree(schema []format.SchemaElement, at int) (int, error) {
	open := 1
	for open > 0 {
		if at >= len(schema) {
			return 0, errors.New("damaged Parquet footer: the schema ends early")
		}
		children := int(schema[at].NumChildren.V)
		if children < 0 || children > len(schema) {
			return 0, fmt.Errorf("damaged Parquet footer: column %q claims %d fields", schema[at].Name, children)
		}
		open += children - 1
		at++
	}
	return at, nil
}

// plain drops the path from a file system error: the fault around it names the file.
func plain(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
