package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// measures are the fixed-point columns of cells, in the order in which cellScanner reads them.
var measures = []string{"weight", "loss", "score", "outcome", "score_sq", "outcome_sq", "score_outcome", "abs_error"}

// Cube loads the cells of the days in [from, to), ordered by day, version, segment, fingerprint and age; equal ledgers
// give equal cubes. Where the loop file changed between those days, the newest day's conditions and segment columns hold:
// older fingerprints are translated by the names of conditions and levels, a level that the newest layout no longer has
// is appended to it (the cube's layout then has an id of its own), a condition that an older layout lacks has code 0,
// and a segment column that it lacks the value "". Cells that become equal so stay apart: their sums are what counts.
func (c *Contents) Cube(ctx context.Context, from, to attribution.Day) (*attribution.Cube, error) {
	days, err := c.Days(ctx, from, to)
	if err != nil {
		return nil, err
	}
	cube := &attribution.Cube{Layout: &fingerprint.Layout{Words: 1}, Closed: map[attribution.Day]bool{}}
	if len(days) == 0 {
		return cube, nil
	}
	for _, day := range days {
		cube.Closed[day.Day] = day.Closed
	}
	for _, stage := range []string{"560_ledger_cube_versions", "561_ledger_cube_segments", "562_ledger_cube_fingerprints"} {
		if err := c.db.Run(ctx, stage, nil, between(from, to)); err != nil {
			return nil, c.unreadable(ctx, err)
		}
	}
	b := cubeBuilder{contents: c, cube: cube}
	cube.SegmentNames = days[len(days)-1].Segments
	err = errors.Join(b.readVersions(ctx), b.readSegments(ctx, days), b.readFingerprints(ctx, days))
	if err == nil {
		err = b.readCells(ctx, from, to)
	}
	if err != nil {
		return nil, c.unreadable(ctx, err)
	}
	return cube, nil
}

// cubeBuilder fills a cube. Its lists lead from the ids of the temp tables to places in the cube's dictionaries.
type cubeBuilder struct {
	contents     *Contents
	cube         *attribution.Cube
	segments     [][]int32                 // by the day's segment columns, then id
	columns      map[attribution.Day]int32 // which segment columns a day has: a place in segments
	fingerprints []int32
}

func (b *cubeBuilder) readVersions(ctx context.Context) error {
	return b.contents.db.Query(ctx, "563_ledger_read_versions", nil, nil, func(rows *sql.Rows) error {
		var version string
		err := rows.Scan(&version)
		b.cube.Versions = append(b.cube.Versions, version)
		return err
	})
}

// readSegments takes in the dictionary of segments, once for each list of segment columns that the days have.
func (b *cubeBuilder) readSegments(ctx context.Context, days []DayRow) error {
	var lists [][]string // distinct lists of segment columns
	b.columns = map[attribution.Day]int32{}
	for _, day := range days {
		at := slices.IndexFunc(lists, func(l []string) bool { return slices.Equal(l, day.Segments) })
		if at < 0 {
			at = len(lists)
			lists = append(lists, day.Segments)
		}
		b.columns[day.Day] = int32(at)
	}
	b.segments = make([][]int32, len(lists))
	seen := map[string]int32{}
	return b.contents.db.Query(ctx, "564_ledger_read_segments", nil, nil, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		var given []string
		if err := json.Unmarshal([]byte(text), &given); err != nil {
			return fmt.Errorf("segments: %w", err)
		}
		for i, names := range lists {
			at := int32(-1) // values that do not belong to these columns
			if len(names) == len(given) {
				at = b.intern(seen, byName(names, given, b.cube.SegmentNames))
			}
			b.segments[i] = append(b.segments[i], at)
		}
		return nil
	})
}

// intern gives the place of values in the cube's dictionary of segments.
func (b *cubeBuilder) intern(seen map[string]int32, values []string) int32 {
	key := strings.Join(values, "\x00")
	at, ok := seen[key]
	if !ok {
		at = int32(len(b.cube.Segments))
		seen[key] = at
		b.cube.Segments = append(b.cube.Segments, values)
	}
	return at
}

// byName gives the values of the wanted names, "" where there is none.
func byName(names, values, wanted []string) []string {
	if slices.Equal(names, wanted) {
		return values
	}
	found := make([]string, len(wanted))
	for i, name := range wanted {
		if at := slices.Index(names, name); at >= 0 {
			found[i] = values[at]
		}
	}
	return found
}

func (b *cubeBuilder) readFingerprints(ctx context.Context, days []DayRow) error {
	layouts := map[string]*fingerprint.Layout{}
	var others []*fingerprint.Layout
	var newest *fingerprint.Layout
	for _, day := range slices.Backward(days) {
		if layouts[day.LayoutID] != nil {
			continue
		}
		l, err := b.contents.Layout(ctx, day.LayoutID)
		if err != nil {
			return err
		}
		layouts[day.LayoutID] = l
		if newest == nil {
			newest = l
		} else {
			others = append(others, l)
		}
	}
	wide, err := widen(newest, others)
	if err != nil {
		return err
	}
	b.cube.Layout = wide
	translators := map[string]*translator{}
	for id, l := range layouts {
		if l != wide {
			translators[id] = newTranslator(l, wide)
		}
	}
	f := fingerprintReader{builder: b, layouts: layouts, translators: translators, seen: map[string]int32{}}
	return b.contents.db.Query(ctx, "565_ledger_read_fingerprints", nil, nil, f.scan)
}

// fingerprintReader takes in the dictionary of fingerprints. Words come from blocks, so that most cost no allocation.
type fingerprintReader struct {
	builder     *cubeBuilder
	layouts     map[string]*fingerprint.Layout
	translators map[string]*translator // of the layouts that are not the cube's
	seen        map[string]int32       // translated words in text; filled only where several layouts meet
	block       []uint64
}

func (f *fingerprintReader) scan(rows *sql.Rows) error {
	var id, text string
	if err := rows.Scan(&id, &text); err != nil {
		return err
	}
	l := f.layouts[id]
	if l == nil {
		return fmt.Errorf("a cell has layout %s, which its day has not", id)
	}
	words, err := f.parse(text, l.Words)
	if err != nil {
		return fmt.Errorf("layout %s: fingerprint %q: %w", id, text, err)
	}
	if t := f.translators[id]; t != nil {
		if words, err = t.translate(words); err != nil {
			return err
		}
	}
	b := f.builder
	at := int32(len(b.cube.Fingerprints))
	if len(f.layouts) > 1 {
		key := fmt.Sprint(words)
		if old, ok := f.seen[key]; ok {
			b.fingerprints = append(b.fingerprints, old)
			return nil
		}
		f.seen[key] = at
	}
	b.cube.Fingerprints = append(b.cube.Fingerprints, words)
	b.fingerprints = append(b.fingerprints, at)
	return nil
}

// parse reads words in decimal with blanks between.
func (f *fingerprintReader) parse(text string, words int) ([]uint64, error) {
	if len(f.block) < words {
		f.block = make([]uint64, max(words, 4096))
	}
	parsed := f.block[:words:words]
	f.block = f.block[words:]
	for i := range parsed {
		word, rest, more := strings.Cut(text, " ")
		if more != (i < words-1) {
			return nil, fmt.Errorf("want %d words", words)
		}
		var err error
		if parsed[i], err = strconv.ParseUint(word, 10, 64); err != nil {
			return nil, err
		}
		text = rest
	}
	return parsed, nil
}

func (b *cubeBuilder) readCells(ctx context.Context, from, to attribution.Day) error {
	db := b.contents.db
	var count int
	err := db.Query(ctx, "567_ledger_count_cells", nil, between(from, to), func(rows *sql.Rows) error {
		return rows.Scan(&count)
	})
	if err != nil {
		return err
	}
	b.cube.Cells = make([]attribution.Cell, 0, count)
	s := newCellScanner()
	data := map[string]any{"Measures": measures}
	err = db.Query(ctx, "566_ledger_read_cells", data, between(from, to), func(rows *sql.Rows) error {
		cell, err := s.scan(rows)
		if err != nil {
			return err
		}
		if err := b.point(&cell); err != nil {
			return err
		}
		b.cube.Cells = append(b.cube.Cells, cell)
		return nil
	})
	if err == nil && len(b.cube.Cells) != count {
		err = fmt.Errorf("%d cells, of which %d can be read", count, len(b.cube.Cells))
	}
	return err
}

// point turns the ids of a cell into places in the cube's dictionaries.
func (b *cubeBuilder) point(cell *attribution.Cell) error {
	columns, ok := b.columns[cell.Day]
	if !ok || int(cell.Segment) >= len(b.segments[columns]) || int(cell.Fingerprint) >= len(b.fingerprints) {
		return fmt.Errorf("cells of %s, a day that the ledger does not list", cell.Day.Start().Format(time.DateOnly))
	}
	cell.Segment, cell.Fingerprint = b.segments[columns][cell.Segment], b.fingerprints[cell.Fingerprint]
	if cell.Segment < 0 {
		return fmt.Errorf("cells of %s have not as many segments as columns", cell.Day.Start().Format(time.DateOnly))
	}
	return nil
}
