// Package chart draws the charts of the weekly report as SVG, on the server. gonum/plot lays them out; the canvas is our own, because the
// library's writes fixed colours: here they are custom properties of the page, so that one picture serves light, dark and print.
package chart

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Shape is how wide a chart is: a page shows the one that fits.
type Shape int

// Shapes. Wide is for a desk, Narrow for a phone.
const (
	Wide Shape = iota
	Narrow
)

// Text is what a chart says to those who cannot see it, and its id on the page.
type Text struct{ ID, Title, Description string }

const letters = 12 // size of the font, pixels

// drawn draws a plot of a size.
func drawn(p *plot.Plot, w, h vg.Length, t Text) string {
	c := newCanvas(w, h)
	p.Draw(draw.New(c))
	return c.svg(t.ID, t.Title, t.Description)
}

func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	face := font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, letters)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.LineStyle.Color, a.LineStyle.Width = of("--c-muted"), of("--c-muted"), 0.7
		a.Tick.Color, a.Tick.LineStyle.Color = of("--c-muted"), of("--c-muted")
		a.Tick.Label.Font, a.Tick.Label.Color = face, of("--c-fg")
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = face, of("--c-fg")
		a.Padding = 0
	}
	p.Title.TextStyle.Font, p.Legend.TextStyle.Font = face, face
	return p
}

func lines() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical.Color = nil
	g.Horizontal = draw.LineStyle{Color: of("--c-grid"), Width: 0.7}
	return g
}

// area is a filled polygon without an outline; nil where it has no points.
func area(c ink, points plotter.XYs) plot.Plotter {
	p, err := plotter.NewPolygon(points)
	if err != nil || len(points) < 3 {
		return nothing{}
	}
	p.Color, p.LineStyle.Width = c, 0
	return p
}

// nothing draws nothing.
type nothing struct{}

func (nothing) Plot(draw.Canvas, *plot.Plot) {}

func rectangle(x0, y0, x1, y1 float64) plotter.XYs {
	return plotter.XYs{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// runs parts values into stretches without a gap: NaN is one.
func runs(values []float64) (all []plotter.XYs) {
	var run plotter.XYs
	for i, v := range append(values, math.NaN()) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			if len(run) > 0 {
				all = append(all, run)
			}
			run = nil
			continue
		}
		run = append(run, plotter.XY{X: float64(i), Y: v})
	}
	return all
}

// path draws the stretches of values as lines, a stretch of one value as a dot.
func path(values []float64, style draw.LineStyle) (all []plot.Plotter) {
	for _, run := range runs(values) {
		if len(run) == 1 {
			all = append(all, dots(run, style.Color.(ink), 1.6)...)
			continue
		}
		if l, err := plotter.NewLine(run); err == nil {
			l.LineStyle = style
			all = append(all, l)
		}
	}
	return all
}

func dots(at plotter.XYs, c ink, radius vg.Length) []plot.Plotter {
	s, err := plotter.NewScatter(at)
	if err != nil {
		return nil
	}
	s.GlyphStyle = draw.GlyphStyle{Color: c, Radius: radius, Shape: draw.CircleGlyph{}}
	return []plot.Plotter{s}
}

// extent is the least and greatest of values, a little apart where they are the same; ok is false where there is none.
func extent(lists ...[]float64) (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, values := range lists {
		for _, v := range values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if low > high {
		return 0, 1, false
	}
	if pad := (high - low) * 0.06; pad > 0 {
		return low - pad, high + pad, true
	}
	pad := math.Max(math.Abs(low)*0.05, 1e-9)
	return low - pad, high + pad, true
}

// steps are about n round values within [low, high], labelled.
func steps(low, high float64, n int) (ticks plot.ConstantTicks) {
	raw := (high - low) / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := power
	for _, f := range []float64{1, 2, 2.5, 5, 10} {
		if step = f * power; step >= raw {
			break
		}
	}
	digits := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	if math.Abs(step/power-2.5) < 1e-9 {
		digits++
	}
	for k := math.Ceil(low/step - 1e-9); k*step <= high+step*1e-9 && len(ticks) < 50; k++ {
		ticks = append(ticks, plot.Tick{Value: k * step, Label: strconv.FormatFloat(k*step+0, 'f', digits, 64)})
	}
	return ticks
}

// dates labels every so many days.
func dates(first time.Time, n, every int) (ticks plot.ConstantTicks) {
	for i := 0; i < n; i += every {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: first.AddDate(0, 0, i).Format("2 Jan")})
	}
	return ticks
}

// mark is a vertical line with a label beside its top. All lines are drawn before all labels.
type mark struct {
	at    float64
	row   int // of the label, from the top
	label string
	style draw.TextStyle
	line  bool
}

// Plot draws the line, or the label.
func (m mark) Plot(c draw.Canvas, p *plot.Plot) {
	x := c.X(p.X.Norm(m.at))
	if !c.ContainsX(x) {
		return
	}
	if m.line {
		c.StrokeLine2(draw.LineStyle{Color: of("--c-event"), Width: 1, Dashes: []vg.Length{4, 3}}, x, c.Min.Y, x, c.Max.Y)
		return
	}
	style := m.style
	style.YAlign, style.XAlign = draw.YTop, draw.XLeft
	label, beside := fit(style, m.label, (c.Max.X-c.Min.X)*0.7), vg.Length(4)
	if x+beside+style.Width(label) > c.Max.X {
		style.XAlign, beside = draw.XRight, -4
	}
	c.FillText(style, vg.Point{X: x + beside, Y: c.Max.Y - vg.Length(m.row)*15}, label)
}

// Signed writes a change: small ones with five digits after the point, not as powers of ten.
func Signed(v float64) string {
	if math.Abs(v) < 0.01 {
		return fmt.Sprintf("%+.5f", v)
	}
	return fmt.Sprintf("%+.4g", v)
}
