package chart

import (
	"image/color"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/plumbline-data/plumbline/engine/report"
)

// Event is something that happened on a day, counted from the first.
type Event struct {
	Day   int
	Label string
}

// Losses is a loss day by day: NaN is a day without. Window is the mean of the window that ends with the day, Low and High its 95 % interval.
type Losses struct {
	First             time.Time
	Daily             []float64
	Window, Low, High []float64
	Baseline          float64 // NaN for none
	BaselineFrom, To  int     // days that the baseline spans
	Events            []Event
}

// Draw draws it.
func (l Losses) Draw(shape Shape, t Text) string {
	p := newPlot()
	n := len(l.Daily)
	low, high, _ := extent(l.Daily, l.Window, l.Low, l.High, []float64{l.Baseline})
	w, h, every := vg.Length(720), vg.Length(260), max(7, (n/8+6)/7*7)
	if shape == Narrow {
		w, h, every = 350, 240, max(14, (n/4+6)/7*7)
	}
	high += (high - low) * 0.07 * float64(len(l.Events)) // room for labels
	p.Add(lines())
	if !math.IsNaN(l.Baseline) {
		base := plotter.XYs{{X: float64(l.BaselineFrom), Y: l.Baseline}, {X: float64(n - 1), Y: l.Baseline}}
		p.Add(area(faint("--c-base", 0.5), rectangle(float64(l.BaselineFrom), low, float64(l.To), high)))
		if line, err := plotter.NewLine(base); err == nil {
			line.LineStyle = draw.LineStyle{Color: of("--c-muted"), Width: 1, Dashes: []vg.Length{6, 4}}
			p.Add(line)
		}
	}
	highs, lows := runs(l.High), runs(l.Low)
	for i := range min(len(highs), len(lows)) {
		band := append(plotter.XYs{}, highs[i]...)
		for k := len(lows[i]) - 1; k >= 0; k-- {
			band = append(band, lows[i][k])
		}
		p.Add(area(faint("--c-band", 0.45), band))
	}
	for _, run := range runs(l.Daily) {
		p.Add(dots(run, faint("--c-muted", 0.8), 1.4)...)
	}
	p.Add(path(l.Window, draw.LineStyle{Color: of("--c-line"), Width: 1.8})...)
	style := p.X.Tick.Label
	style.Color = ink{property: "--c-fg", alpha: 1, halo: true}
	for _, e := range l.Events {
		p.Add(mark{at: float64(e.Day), line: true})
	}
	for i, e := range l.Events {
		p.Add(mark{at: float64(e.Day), row: i, label: e.Label, style: style})
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = dates(l.First, n, every), steps(low, high, 5)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, float64(max(n-1, 1)), low, high
	return drawn(p, w, h, t)
}

// Step is one step of a waterfall.
type Step struct {
	Name    string
	Delta   float64
	Unknown bool // it stands at 0 because it is not known
}

// Waterfall leads from a value to another by steps that add up to their difference.
type Waterfall struct {
	From, To         float64
	FromName, ToName string
	Steps            []Step
}

// Draw draws it.
func (f Waterfall) Draw(shape Shape, t Text) string {
	p := newPlot()
	n := len(f.Steps) + 2
	w, room := vg.Length(720), vg.Length(230)
	if shape == Narrow {
		w, room = 350, 130
	}
	values := []float64{f.From, f.To}
	at := f.From
	for _, s := range f.Steps {
		at += s.Delta
		values = append(values, at)
	}
	low, high, _ := extent(values)
	low -= (high - low) * 0.15
	high += (high - low) * 0.22 // room for labels
	style := p.X.Tick.Label
	style.XAlign, style.YAlign = draw.XLeft, draw.YCenter
	names := make([]string, n)
	labels := plotter.XYLabels{}
	bar := func(i int, name string, from, to float64, property, label string) {
		y := float64(n - 1 - i)
		names[n-1-i] = fit(p.Y.Tick.Label, name, room)
		p.Add(area(of(property), rectangle(from, y-0.32, to, y+0.32)))
		if i < n-1 {
			if line, err := plotter.NewLine(plotter.XYs{{X: to, Y: y - 0.32}, {X: to, Y: y - 0.68}}); err == nil {
				line.LineStyle = draw.LineStyle{Color: of("--c-muted"), Width: 0.7}
				p.Add(line)
			}
		}
		labels.XYs = append(labels.XYs, plotter.XY{X: math.Max(from, to), Y: y})
		labels.Labels = append(labels.Labels, label)
	}
	bar(0, f.FromName, low, f.From, "--c-total", report.Short(f.From))
	at = f.From
	for i, s := range f.Steps {
		property := "--c-bad"
		if s.Delta < 0 {
			property = "--c-good"
		}
		label := Signed(s.Delta)
		if s.Unknown {
			label = "not known"
		}
		bar(i+1, s.Name, at, at+s.Delta, property, label)
		at += s.Delta
	}
	bar(n-1, f.ToName, low, f.To, "--c-total", report.Short(f.To))
	if l, err := plotter.NewLabels(labels); err == nil {
		for i := range l.TextStyle {
			l.TextStyle[i] = style
		}
		l.Offset = vg.Point{X: 4}
		p.Add(l)
	}
	p.NominalY(names...)
	p.X.Padding = 0
	p.X.Tick.Marker = steps(low, high, map[Shape]int{Wide: 6, Narrow: 3}[shape])
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = low, high, -0.6, float64(n)-0.4
	return drawn(p, w, vg.Length(30+26*n), t)
}

// Heat is shares in [0, 1] of rows by day: NaN is a day without.
type Heat struct {
	First  time.Time
	Rows   []string
	Shares [][]float64 // by row, then day
}

// noticed is the least share that is drawn.
const noticed = 0.005

// heatGrid gives plotter.HeatMap the first row on top. A share of next to nothing is left blank, a day without is drawn as such.
type heatGrid [][]float64

func (g heatGrid) Dims() (columns, rows int) { return len(g[0]), len(g) }
func (g heatGrid) X(c int) float64           { return float64(c) }
func (g heatGrid) Y(r int) float64           { return float64(r) }
func (g heatGrid) Z(c, r int) float64 {
	switch v := g[len(g)-1-r][c]; {
	case math.IsNaN(v):
		return -1
	case v < noticed:
		return math.NaN()
	default:
		return v
	}
}

// Min and Max bound the colours.
func (g heatGrid) Min() float64 { return 0 }

// Max is a share of all.
func (g heatGrid) Max() float64 { return 1 }

type inks []color.Color

func (i inks) Colors() []color.Color { return i }

// Draw draws it; "" where it has no row or day.
func (m Heat) Draw(t Text) string {
	if len(m.Rows) == 0 || len(m.Shares) != len(m.Rows) || len(m.Shares[0]) == 0 {
		return ""
	}
	p := newPlot()
	n, days := len(m.Rows), len(m.Shares[0])
	h := plotter.NewHeatMap(heatGrid(m.Shares), inks{of("--c-h1"), of("--c-h2"), of("--c-h3"), of("--c-h4"), of("--c-h5")})
	h.NaN, h.Underflow = color.Transparent, of("--c-na")
	p.Add(area(faint("--c-grid", 0.5), rectangle(-0.5, -0.5, float64(days)-0.5, float64(n)-0.5)), h)
	names := make([]string, n)
	for i, s := range m.Rows {
		names[n-1-i] = fit(p.Y.Tick.Label, s, 210)
	}
	p.NominalY(names...)
	p.X.Padding = 0
	p.X.Tick.Marker = dates(m.First, days, 7)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(days)-0.5, -0.5, float64(n)-0.5
	return drawn(p, 720, vg.Length(32+20*n), t)
}

// Histograms lays two distributions over each other, as shares of each.
type Histograms struct {
	Low, High float64
	A, B      []float64 // shares by bin
}

// Draw draws it.
func (h Histograms) Draw(t Text) string {
	p := newPlot()
	width := (h.High - h.Low) / float64(max(len(h.A), 1))
	most := 0.0
	bars := func(shares []float64, property string) *plotter.Histogram {
		all := &plotter.Histogram{Width: width, FillColor: faint(property, 0.45), LineStyle: draw.LineStyle{Color: of(property), Width: 1}}
		for i, v := range shares {
			most = math.Max(most, v)
			all.Bins = append(all.Bins, plotter.HistogramBin{Min: h.Low + float64(i)*width, Max: h.Low + float64(i+1)*width, Weight: v})
		}
		return all
	}
	p.Add(lines(), bars(h.A, "--c-a"), bars(h.B, "--c-b"))
	p.X.Tick.Marker, p.Y.Tick.Marker = steps(h.Low, h.High, 4), steps(0, math.Max(most, 0.01), 3)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = h.Low, h.High, 0, math.Max(most*1.05, 0.01)
	return drawn(p, 340, 150, t)
}

// Spark draws values as a small line with a dot at its end; "" where there are fewer than two.
func Spark(values []float64, t Text) string {
	low, high, ok := extent(values)
	if !ok || len(values) < 2 {
		return ""
	}
	p := newPlot()
	p.HideAxes()
	p.Add(path(values, draw.LineStyle{Color: of("--c-line"), Width: 1.5})...)
	if last := values[len(values)-1]; !math.IsNaN(last) {
		p.Add(dots(plotter.XYs{{X: float64(len(values) - 1), Y: last}}, of("--c-event"), 2)...)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -1, float64(len(values)), low, high
	return drawn(p, 130, 30, t)
}

// Curve is the share of outcomes known by an age in days.
type Curve struct {
	Ages   []float64
	Shares []float64
}

// Draw draws it; "" where it has no point.
func (c Curve) Draw(shape Shape, t Text) string {
	if len(c.Ages) == 0 {
		return ""
	}
	p := newPlot()
	var at plotter.XYs
	for i := range c.Ages {
		at = append(at, plotter.XY{X: c.Ages[i], Y: c.Shares[i]})
	}
	last := math.Max(c.Ages[len(c.Ages)-1], 1)
	p.Add(lines())
	if l, err := plotter.NewLine(at); err == nil {
		l.StepStyle, l.LineStyle = plotter.PostStep, draw.LineStyle{Color: of("--c-line"), Width: 1.8}
		p.Add(l)
	}
	w := vg.Length(720)
	if shape == Narrow {
		w = 350
	}
	p.X.Label.Text = "days from the end of the prediction's day"
	p.X.Tick.Marker = steps(0, last, 6)
	p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: "0 %"}, {Value: 0.5, Label: "50 %"}, {Value: 1, Label: "100 %"}}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, last, 0, 1.02
	return drawn(p, w, 190, t)
}
