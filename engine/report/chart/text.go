package chart

import (
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/plumbline-data/plumbline/engine/report"
)

// anchored lays text out as text.Plain does, but leaves it to the browser to align it: a label stays in its place whatever font the reader has.
type anchored struct{ text.Plain }

func init() { plot.DefaultTextHandler = anchored{text.Plain{Fonts: font.DefaultCache}} }

// Draw writes text on a canvas of this package.
func (h anchored) Draw(on vg.Canvas, s string, style text.Style, at vg.Point) {
	c := beneath(on)
	if c == nil {
		h.Plain.Draw(on, s, style, at)
		return
	}
	if s == "" {
		return
	}
	face := h.Fonts.Lookup(style.Font, style.Font.Size)
	dy := style.Height(s)*vg.Length(style.YAlign) - face.Extents().Ascent + style.Font.Size
	c.Push()
	c.SetColor(style.Color)
	c.Translate(at)
	if style.Rotation != 0 {
		c.Rotate(style.Rotation)
	}
	c.anchor = map[text.XAlignment]string{draw.XCenter: "middle", draw.XRight: "end"}[style.XAlign]
	c.FillString(face, vg.Point{Y: dy}, s)
	c.anchor = ""
	c.Pop()
}

// beneath finds the canvas that others wrap; nil where it is not one of this package.
func beneath(c vg.Canvas) *canvas {
	for {
		switch v := c.(type) {
		case *draw.Canvas:
			c = v.Canvas
		case draw.Canvas:
			c = v.Canvas
		case *canvas:
			return v
		default:
			return nil
		}
	}
}

// fit shortens text until it is no wider than most.
func fit(style draw.TextStyle, s string, most vg.Length) string {
	s = report.Cut(s, longestLabel)
	if style.Width(s) <= most {
		return s
	}
	letters := []rune(s)
	n := sort.Search(len(letters), func(k int) bool { return style.Width(string(letters[:k])+"…") > most })
	return string(letters[:max(0, n-1)]) + "…"
}
