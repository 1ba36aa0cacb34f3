package intake

import (
	"encoding/binary"
	"errors"
)

// maxDepth is how deep a footer's structs and lists may nest; those of real files stay under ten.
const maxDepth = 32

var errThrift = errors.New("damaged Parquet footer: its lengths do not add up")

// checkCounts walks a footer in Thrift's compact protocol without building anything, and fails where a list, map or
// text claims more than the bytes that are left, or where values nest deeper than maxDepth. The decoder that runs after
// it trusts those claims: a few bytes could otherwise make it allocate gigabytes or overflow the stack, and neither can
// be recovered from.
func checkCounts(data []byte) error {
	w := walker{data: data}
	w.structure(0)
	if w.failed || w.at != len(data) {
		return errThrift
	}
	return nil
}

type walker struct {
	data   []byte
	at     int
	failed bool
}

// Types of the compact protocol.
const (
	compactTrue   = 1
	compactFalse  = 2
	compactByte   = 3
	compactI16    = 4
	compactI32    = 5
	compactI64    = 6
	compactDouble = 7
	compactBinary = 8
	compactList   = 9
	compactSet    = 10
	compactMap    = 11
	compactStruct = 12
	compactUUID   = 13
)

func (w *walker) structure(depth int) {
	for !w.failed {
		head := w.byte()
		if w.failed || head == 0 {
			return
		}
		if head>>4 == 0 {
			w.varint()
		}
		if kind := head & 0xF; kind != compactTrue && kind != compactFalse { // a field's boolean is its type
			w.value(kind, depth)
		}
	}
}

func (w *walker) value(kind byte, depth int) {
	if depth > maxDepth {
		w.failed = true
		return
	}
	switch kind {
	case compactTrue, compactFalse, compactByte:
		w.skip(1)
	case compactI16, compactI32, compactI64:
		w.varint()
	case compactDouble:
		w.skip(8)
	case compactBinary:
		w.skip(w.varint())
	case compactList, compactSet:
		head := w.byte()
		n := uint64(head >> 4)
		if n == 0xF {
			n = w.varint()
		}
		w.values(n, depth, head&0xF)
	case compactMap:
		if n := w.varint(); n > 0 {
			kinds := w.byte()
			w.values(n, depth, kinds>>4, kinds&0xF)
		}
	case compactStruct:
		w.structure(depth + 1)
	case compactUUID:
		w.skip(16)
	default:
		w.failed = true
	}
}

// values walks n values, or n tuples of values of the given kinds. Every value takes a byte at least.
func (w *walker) values(n uint64, depth int, kinds ...byte) {
	if n > uint64(len(w.data)-w.at) {
		w.failed = true
	}
	for ; n > 0 && !w.failed; n-- {
		for _, kind := range kinds {
			w.value(kind, depth+1)
		}
	}
}

func (w *walker) byte() byte {
	if w.failed || w.at >= len(w.data) {
		w.failed = true
		return 0
	}
	w.at++
	return w.data[w.at-1]
}

func (w *walker) varint() uint64 {
	if w.failed {
		return 0
	}
	v, n := binary.Uvarint(w.data[w.at:])
	if n <= 0 {
		w.failed = true
		return 0
	}
	w.at += n
	return v
}

func (w *walker) skip(n uint64) {
	if w.failed || n > uint64(len(w.data)-w.at) {
		w.failed = true
		return
	}
	w.at += int(n)
}
