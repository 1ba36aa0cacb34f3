package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// A CSV file is text in UTF-8: lines of as many fields as the first, which names them; fields parted by one of
// delimiters, in double quotes where they hold one or a line break, a quote in them doubled (RFC 4180). All of it is
// looked at before DuckDB is, which guesses at files that are not so, and loses rows where it guesses wrong.

// delimiters may part the fields of a CSV file: the one that is most often in its first line does, the first on a tie.
const delimiters = ",;\t|"

// maxLine is how many bytes a line of a CSV file may have.
const maxLine = 16 << 20

// csvLines is what a walk through a CSV file found.
type csvLines struct {
	Delimiter byte
	Names     []string // of the header, as written
	Digest    string   // 64 hex of sha256 over the bytes, as stored
	Size      int64    // bytes, as stored
}

// walkCSV reads a CSV file once: all of its lines, unzipped if its name ends in .gz, and its digest, which is so of the very
// bytes that were looked at. The error names the first line that is not as it should be.
func walkCSV(ctx context.Context, path string) (csvLines, error) {
	f, err := os.Open(path)
	if err != nil {
		return csvLines{}, plain(err)
	}
	defer f.Close()
	sum := sha256.New()
	stored := io.TeeReader(&stoppable{ctx: ctx, r: f}, sum)
	first := bufio.NewReader(stored)
	if _, err := first.Peek(1); errors.Is(err, io.EOF) {
		return csvLines{}, errors.New("empty (0 bytes)")
	}
	var r io.Reader = first
	if strings.HasSuffix(strings.ToLower(path), ".gz") {
		unzipped, err := gzip.NewReader(first)
		if err != nil {
			return csvLines{}, fmt.Errorf("not a gzip file: %w", err)
		}
		defer unzipped.Close()
		r = unzipped
	}
	w := csvWalker{lines: bufio.NewReaderSize(r, 1<<20)}
	if err := w.walk(); err != nil {
		return csvLines{}, plain(err)
	}
	if _, err := io.Copy(io.Discard, stored); err != nil { // what unzipping did not need
		return csvLines{}, plain(err)
	}
	w.found.Digest = hex.EncodeToString(sum.Sum(nil))
	w.found.Size, err = f.Seek(0, io.SeekCurrent)
	return w.found, err
}

// csvWalker goes through a file line by line.
type csvWalker struct {
	lines  *bufio.Reader
	line   int // from 1
	found  csvLines
	fields int    // of a row, as the header has them
	head   []byte // the header as read so far, when a quoted name holds a line break
}

func (w *csvWalker) walk() error {
	quoted, fields, opened := false, 0, 0 // quoted: inside a quoted field
	for {
		text, err := w.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if w.found.Delimiter == 0 {
			w.found.Delimiter = delimiter(text)
		}
		if !quoted {
			if len(text) == 0 { // skipped, as DuckDB does
				continue
			}
			fields, opened = 1, w.line
		}
		if w.found.Names == nil {
			w.head = append(append(w.head, text...), '\n')
		}
		if quoted, fields, err = w.row(text, quoted, fields); err != nil {
			return err
		}
		if !quoted {
			if err := w.rowEnds(fields, opened); err != nil {
				return err
			}
		}
	}
	if quoted {
		return fmt.Errorf("line %d opens a quote that nothing closes", opened)
	}
	if w.found.Names == nil {
		return errors.New("no header: its first line holds no column names")
	}
	return nil
}

// next gives a line without its end.
func (w *csvWalker) next() ([]byte, error) {
	text, err := w.lines.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		whole := bytes.Clone(text)
		for errors.Is(err, bufio.ErrBufferFull) && len(whole) <= maxLine {
			text, err = w.lines.ReadSlice('\n')
			whole = append(whole, text...)
		}
		if len(whole) > maxLine {
			return nil, fmt.Errorf("line %d has more than %d MiB: that is no line of a CSV file", w.line+1, maxLine>>20)
		}
		text = whole
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(text) == 0) {
		return nil, err
	}
	w.line++
	if w.line == 1 {
		text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	}
	text = bytes.TrimSuffix(text, []byte("\n"))
	text = bytes.TrimSuffix(text, []byte("\r"))
	switch {
	case bytes.IndexByte(text, 0) >= 0:
		return nil, fmt.Errorf("line %d holds a NUL byte: save the file as text in UTF-8", w.line)
	case !utf8.Valid(text):
		return nil, fmt.Errorf("line %d is not UTF-8: save the file as UTF-8", w.line)
	case w.line == 1 && bytes.IndexByte(text, '\r') >= 0:
		return nil, errors.New("its lines end in a carriage return alone")
	}
	return text, nil
}

// delimiter is the one of delimiters that is most often in a header, quoted names aside.
func delimiter(header []byte) byte {
	counts := map[byte]int{}
	inside := false
	for _, c := range header {
		if c == '"' {
			inside = !inside
		} else if !inside {
			counts[c]++
		}
	}
	most := delimiters[0]
	for i := range len(delimiters) {
		if counts[delimiters[i]] > counts[most] {
			most = delimiters[i]
		}
	}
	return most
}

// row goes through one line of a row and gives whether it ends inside a quoted field, and how many fields there were.
func (w *csvWalker) row(text []byte, quoted bool, fields int) (bool, int, error) {
	if !quoted && bytes.IndexByte(text, '"') < 0 {
		return false, fields + bytes.Count(text, []byte{w.found.Delimiter}), nil
	}
	begins := !quoted // at the first byte of a field
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '"' && i+1 < len(text) && text[i+1] == '"':
			i++
		case quoted && c == '"':
			if i+1 < len(text) && text[i+1] != w.found.Delimiter {
				return quoted, fields, fmt.Errorf("line %d goes on after the quote that ends a field: %q", w.line, excerpt(text[i:]))
			}
			quoted = false
		case quoted:
		case c == '"' && begins:
			quoted = true
		case c == w.found.Delimiter:
			fields++
		}
		begins = c == w.found.Delimiter && !quoted
	}
	return quoted, fields, nil
}

func excerpt(text []byte) string {
	runes := []rune(string(text))
	return string(runes[:min(len(runes), 20)])
}

// rowEnds checks the number of fields against the header's, or takes the row as the header.
func (w *csvWalker) rowEnds(fields, line int) error {
	if w.found.Names != nil {
		if fields != w.fields {
			return fmt.Errorf("line %d has %s, the header names %d", line, count(fields, "field"), w.fields)
		}
		return nil
	}
	header := csv.NewReader(bytes.NewReader(w.head))
	header.Comma, header.LazyQuotes = rune(w.found.Delimiter), true
	names, err := header.Read()
	if err != nil {
		return fmt.Errorf("line %d is no header: %w", line, err)
	}
	w.found.Names, w.fields = names, fields
	return nil
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
