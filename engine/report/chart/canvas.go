package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"github.com/plumbline-data/plumbline/engine/report"
)

// ink is a colour that the page decides: a custom property of its style sheet. Plotters pass it on as any colour.
type ink struct {
	property string // such as --c-line
	alpha    float64
	halo     bool // of text: an outline in the page's colour
}

// RGBA is never asked for by the canvas; it makes ink a color.Color.
func (ink) RGBA() (r, g, b, a uint32) { return 0, 0, 0, 0xffff }

func of(property string) ink               { return ink{property: property, alpha: 1} }
func faint(property string, a float64) ink { return ink{property: property, alpha: a} }

// state is what Push saves.
type state struct {
	color color.Color
	width vg.Length
	dash  []vg.Length
	m     [6]float64 // affine matrix a b c d e f, y up
}

// canvas is a vg.Canvas that writes SVG whose colours are the page's custom properties, and whose text the browser aligns.
type canvas struct {
	w, h   vg.Length
	out    bytes.Buffer
	states []state
	anchor string // of the next text: "", middle or end

	// What is filled one after the other in one opaque colour is one element.
	filled      strings.Builder
	filledColor string
}

func newCanvas(w, h vg.Length) *canvas {
	c := &canvas{w: w, h: h, states: []state{{m: [6]float64{1, 0, 0, 1, 0, 0}, width: 1}}}
	vg.Initialize(c)
	return c
}

func (c *canvas) top() *state { return &c.states[len(c.states)-1] }

// Size is in pixels of the page, where the chart is not scaled.
func (c *canvas) Size() (w, h vg.Length) { return c.w, c.h }

// SetLineWidth and the others set what Stroke, Fill and FillString use.
func (c *canvas) SetLineWidth(w vg.Length) { c.top().width = w }

// SetLineDash sets the pattern; where it begins does not matter here.
func (c *canvas) SetLineDash(pattern []vg.Length, _ vg.Length) { c.top().dash = pattern }

// SetColor sets the colour of lines, areas and text.
func (c *canvas) SetColor(x color.Color) { c.top().color = x }

// Push saves what is set.
func (c *canvas) Push() { c.states = append(c.states, *c.top()) }

// Pop restores it.
func (c *canvas) Pop() { c.states = c.states[:len(c.states)-1] }

func (c *canvas) transform(n [6]float64) {
	m := c.top().m
	c.top().m = [6]float64{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1], m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

// Rotate turns what follows by an angle in radians.
func (c *canvas) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	c.transform([6]float64{cos, sin, -sin, cos, 0, 0})
}

// Translate moves what follows.
func (c *canvas) Translate(p vg.Point) {
	c.transform([6]float64{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}

// Scale scales what follows.
func (c *canvas) Scale(x, y float64) { c.transform([6]float64{x, 0, 0, y, 0, 0}) }

// at gives a point as SVG has it, y down.
func (c *canvas) at(p vg.Point) (x, y string) {
	m, px, py := c.top().m, float64(p.X), float64(p.Y)
	return decimal(m[0]*px + m[2]*py + m[4]), decimal(float64(c.h) - (m[1]*px + m[3]*py + m[5]))
}

func (c *canvas) point(p vg.Point) string {
	x, y := c.at(p)
	return x + " " + y
}

// decimal writes a coordinate with one digit, which is less than anybody sees.
func decimal(v float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

const arcSteps = 16 // an arc is drawn as so many lines: the dots of a line are no larger

func (c *canvas) path(p vg.Path) string {
	if r, ok := c.rectangle(p); ok {
		return r
	}
	var b strings.Builder
	for _, part := range p {
		switch part.Type {
		case vg.MoveComp:
			b.WriteString("M" + c.point(part.Pos))
		case vg.LineComp:
			b.WriteString("L" + c.point(part.Pos))
		case vg.CurveComp:
			if len(part.Control) == 1 {
				b.WriteString("Q" + c.point(part.Control[0]) + " " + c.point(part.Pos))
			} else {
				b.WriteString("C" + c.point(part.Control[0]) + " " + c.point(part.Control[1]) + " " + c.point(part.Pos))
			}
		case vg.ArcComp:
			for i := range arcSteps + 1 {
				sin, cos := math.Sincos(part.Start + part.Angle*float64(i)/arcSteps)
				verb := "L"
				if i == 0 && b.Len() == 0 {
					verb = "M"
				}
				b.WriteString(verb + c.point(vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)}))
			}
		case vg.CloseComp:
			b.WriteString("Z")
		}
	}
	return b.String()
}

// rectangle writes a path along the axes from corner to corner, which most are, in few letters.
func (c *canvas) rectangle(p vg.Path) (string, bool) {
	if len(p) != 5 && len(p) != 6 || p[len(p)-1].Type != vg.CloseComp || p[0].Type != vg.MoveComp {
		return "", false
	}
	var x, y [4]string
	for i := range 4 {
		if i > 0 && p[i].Type != vg.LineComp {
			return "", false
		}
		x[i], y[i] = c.at(p[i].Pos)
	}
	if len(p) == 6 && (p[4].Type != vg.LineComp || p[4].Pos != p[0].Pos) {
		return "", false
	}
	if x[0] == x[3] && x[1] == x[2] && y[0] == y[1] && y[2] == y[3] {
		return "M" + x[0] + " " + y[0] + "H" + x[1] + "V" + y[2] + "H" + x[0] + "Z", true
	}
	return "", false
}

// paint is a colour as CSS has it, and how opaque it is.
func paint(x color.Color) (css string, alpha float64) {
	switch v := x.(type) {
	case ink:
		return "var(" + v.property + ")", v.alpha
	case nil:
		return "currentColor", 1
	}
	n, _ := color.NRGBAModel.Convert(x).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B), float64(n.A) / 255
}

// Stroke draws a line.
func (c *canvas) Stroke(p vg.Path) {
	s := c.top()
	if s.width <= 0 {
		return
	}
	c.flush()
	css, alpha := paint(s.color)
	fmt.Fprintf(&c.out, `<path d="%s" style="fill:none;stroke:%s;stroke-width:%s`, c.path(p), css, decimal(float64(s.width)))
	if alpha < 1 {
		fmt.Fprintf(&c.out, ";stroke-opacity:%.2g", alpha)
	}
	if len(s.dash) > 0 {
		var parts []string
		for _, d := range s.dash {
			parts = append(parts, decimal(float64(d)))
		}
		c.out.WriteString(";stroke-dasharray:" + strings.Join(parts, ","))
	}
	c.out.WriteString("\"/>\n")
}

// Fill fills an area; a whole circle is told as such.
func (c *canvas) Fill(p vg.Path) {
	css, alpha := paint(c.top().color)
	if alpha == 0 {
		return
	}
	if at, r, ok := circle(p); ok {
		c.flush()
		x, y := c.at(at)
		fmt.Fprintf(&c.out, `<circle cx="%s" cy="%s" r="%s" style="fill:%s`, x, y, decimal(float64(r)), css)
	} else if alpha == 1 {
		if css != c.filledColor {
			c.flush()
			c.filledColor = css
		}
		c.filled.WriteString(c.path(p))
		return
	} else {
		c.flush()
		fmt.Fprintf(&c.out, `<path d="%s" style="fill:%s`, c.path(p), css)
	}
	if alpha < 1 {
		fmt.Fprintf(&c.out, ";fill-opacity:%.2g", alpha)
	}
	c.out.WriteString("\"/>\n")
}

// flush writes what was filled.
func (c *canvas) flush() {
	if c.filled.Len() > 0 {
		fmt.Fprintf(&c.out, "<path d=\"%s\" style=\"fill:%s\"/>\n", c.filled.String(), c.filledColor)
	}
	c.filled.Reset()
	c.filledColor = ""
}

// circle tells a path that is a whole circle.
func circle(p vg.Path) (center vg.Point, radius vg.Length, ok bool) {
	arcs := 0
	for _, part := range p {
		switch part.Type {
		case vg.ArcComp:
			arcs++
			center, radius, ok = part.Pos, part.Radius, math.Abs(math.Abs(part.Angle)-2*math.Pi) < 1e-9
		case vg.LineComp, vg.CurveComp:
			return center, radius, false
		}
	}
	return center, radius, ok && arcs == 1
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// FillString writes text.
func (c *canvas) FillString(f font.Face, p vg.Point, s string) {
	c.flush()
	css, _ := paint(c.top().color)
	fmt.Fprintf(&c.out, `<text style="fill:%s;font-size:%spx"`, css, decimal(float64(f.Font.Size)))
	if k, ok := c.top().color.(ink); ok && k.halo {
		c.out.WriteString(` class="halo"`)
	}
	if c.anchor != "" {
		fmt.Fprintf(&c.out, ` text-anchor="%s"`, c.anchor)
	}
	x, y := c.at(p)
	if m := c.top().m; m[1] == 0 && m[2] == 0 {
		fmt.Fprintf(&c.out, ` x="%s" y="%s"`, x, y)
	} else {
		fmt.Fprintf(&c.out, ` transform="translate(%s %s) rotate(%s)"`, x, y, decimal(-math.Atan2(m[1], m[0])*180/math.Pi))
	}
	c.out.WriteString(">" + escape.Replace(report.Cut(s, longestLabel)) + "</text>\n")
}

// DrawImage is not called: no chart here holds an image.
func (c *canvas) DrawImage(vg.Rectangle, image.Image) {}

// svg is the chart as an element of a page, with a title and a description for those who cannot see it.
func (c *canvas) svg(id, title, description string) string {
	c.flush()
	return fmt.Sprintf(`<svg viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>`+"\n%s</svg>\n",
		decimal(float64(c.w)), decimal(float64(c.h)), id, id, id, escape.Replace(report.Cut(title, longestText)), id, escape.Replace(report.Cut(description, longestText)), c.out.String())
}

const (
	longestLabel = 120
	longestText  = 600
)
