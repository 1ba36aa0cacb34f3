package page

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/plumbline-data/plumbline/engine/report"
)

// hostile is text that means something to HTML, SVG, CSS, scripts, terminals or the direction of writing.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'--></style></svg></script><svg onload=alert(1)>`, "a\nb\r\tc", "\u202egnp.exe\u2066", strings.Repeat("x", 10_000),
	`{{.}}`, `javascript:alert(1)`, `]]><!--`, "\x00\x1b[31m", `&lt;b&gt;`, `|a|b|`, "`code` *b* [l](http://x)", string([]byte{0xff, 0xfe}),
}

func pointer[T any](v T) *T { return &v }

// full is a loop in which everything is told, with a text everywhere that text from data can be.
func full(text string, weeks int) report.WeeklyLoop {
	monday := time.Date(2013, 7, 22, 0, 0, 0, 0, time.UTC)
	day := func(n int) string { return monday.AddDate(0, 0, n).Format(time.DateOnly) }
	f := report.Finding{
		ID: "F-" + text, Severity: "high", State: "new", Cause: text, Node: text, Features: []string{text, text}, Sources: []string{text}, Owner: text, Job: text, Onset: day(-3) + "T00:00:00Z",
		Episodes: []report.Episode{{Onset: day(-3) + "T00:00:00Z"}}, Rows: 1234, RowShare: 0.5, ExcessLoss: pointer(0.0123), Tier: "replayed", Proven: true,
		Proof: &report.Proof{Explains: 0.98, Chance: 0.01, RunnerUp: 0.3, Rows: 900, Distinct: 80}, Evidence: []string{text, text}, Action: text, Parameters: map[string]any{"map": map[string]any{text: text}},
	}
	l := report.WeeklyLoop{
		Name: text, Boundary: pointer(day(7)),
		Findings: &report.Findings{
			AsOf: day(7) + "T00:00:00Z", Window: report.Interval{From: day(0) + "T00:00:00Z", To: day(7) + "T00:00:00Z"},
			Baseline: report.Baseline{From: pointer(day(-28) + "T00:00:00Z"), To: pointer(day(0) + "T00:00:00Z"), Days: 28},
			Loss:     report.Loss{Name: "log_loss", Baseline: pointer(0.41), Current: pointer(0.47), Delta: pointer(0.06)}, Integrity: report.Shares{Current: pointer(0.97)},
			Verdict: "intake", Retrain: pointer(false), Summary: text, Findings: []report.Finding{f},
			Attribution: []report.Term{{To: "cause", Finding: f.ID, Delta: 0.05, Basis: "distilled"}, {To: "population", Delta: -0.001}, {To: "model", Delta: 0.011, CI95: &[2]float64{-0.1, 0.1}}},
		},
		Cost:     report.WeeklyCost{Known: 0.0123, Open: 1},
		Versions: []report.WeeklyVersion{{Version: text, From: day(-20)}},
		Cards: []report.WeeklyCard{{Finding: &f, About: "About.", Way: []report.WayStep{{What: text, Name: text}}, Days: []report.CardDay{{Day: day(-2), Share: 0}, {Day: day(-1), Share: 1}},
			Values: []report.Compared{{Feature: text, Rows: 20, Low: 0, High: 4, Served: []float64{0.5, 0.5, 0, 0}, Replayed: []float64{0, 0, 0.5, 0.5}}}}},
		Maturity: report.WeeklyMaturity{Ages: []float64{0, 1, 2}, Shares: []float64{0.1, 0.8, 1}, Pending: 3, Due: []report.Due{{Day: day(6), Rows: 3, By: day(9)}}},
		Seams:    []report.WeeklySeam{{Seam: report.Seam{Source: text, Feature: text, Agree: pointer(0.9)}, Days: []*float64{pointer(1.0), nil, pointer(0.5)}}},
		Promises: []report.WeeklyPromise{{Input: text, Promise: text, Kept: pointer(0.5), Broken: true}, {Input: text, Promise: text}},
		Unseen:   []string{text},
	}
	for n := -84; n < 7; n++ {
		l.Days = append(l.Days, report.WeeklyDay{Day: day(n), Loss: pointer(0.4 + 0.05*math.Sin(float64(n))), Window: pointer(0.42), Low: pointer(0.4), High: pointer(0.44)})
	}
	l.Days[10] = report.WeeklyDay{Day: l.Days[10].Day}
	for w := range weeks {
		l.Trend = append(l.Trend, report.WeeklyPoint{Week: fmt.Sprintf("2013-W%02d", w%52+1), Loss: pointer(0.4 + float64(w)/1000), Verdict: "healthy"})
	}
	for c := range 12 {
		h := report.WeeklyHeat{Condition: fmt.Sprintf("%s%d", text, c), First: day(-28)}
		for d := range 35 {
			h.Shares = append(h.Shares, pointer(float64((c*7+d*3)%11)/10))
		}
		h.Shares[3] = nil
		l.Heat = append(l.Heat, h)
	}
	return l
}

func written(t *testing.T, loops ...report.WeeklyLoop) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, &report.Weekly{Week: "2013-W30", From: "2013-07-22", To: "2013-07-29", Loops: loops}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// elements counts the elements of a page by name, and fails for attributes that run or load something.
func elements(t *testing.T, page string) map[string]int {
	t.Helper()
	count := map[string]int{}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				t.Fatal(z.Err())
			}
			return count
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			count[token.Data]++
			for _, a := range token.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "src", a.Key == "srcdoc", a.Key == "action", a.Key == "data" && token.Data == "object":
					t.Errorf("<%s> has %s=%q", token.Data, a.Key, a.Val)
				case (a.Key == "href" || a.Key == "xlink:href") && !strings.HasPrefix(a.Val, "#"):
					t.Errorf("<%s> leads to %q", token.Data, a.Val)
				case a.Key == "style" && !regexp.MustCompile(`^[a-z0-9:;.,%()# -]*$`).MatchString(a.Val):
					t.Errorf("<%s> has style %q", token.Data, a.Val)
				}
			}
		}
	}
}

// A text from data never makes an element, whatever it is: the page has the same elements as with a harmless one.
func TestHostile(t *testing.T) {
	want := elements(t, written(t, full("plain", 52)))
	if want["script"] != 1 || want["style"] != 1 {
		t.Fatalf("elements %v", want)
	}
	for i, text := range hostile {
		page := written(t, full(text, 52))
		got := elements(t, page)
		for name, n := range got {
			if want[name] != n {
				t.Errorf("%d: %d <%s>, want %d", i, n, name, want[name])
			}
		}
		for _, bad := range []string{"\u202e", "\u2066", "\x00", "\x1b"} {
			if strings.Contains(page, bad) {
				t.Errorf("%d: the page holds %q", i, bad)
			}
		}
		if len(page) > 600_000 {
			t.Errorf("%d: %d bytes", i, len(page))
		}
		for _, chart := range regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(page, -1) {
			if err := wellFormed(chart); err != nil {
				t.Errorf("%d: %v in %s", i, err, chart[:min(300, len(chart))])
			}
		}
		var b bytes.Buffer
		if err := WriteMarkdown(&b, &report.Weekly{Week: "2013-W30", Loops: []report.WeeklyLoop{full(text, 1)}}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "<script") || strings.Contains(b.String(), "<img") || regexp.MustCompile(`[^\\]\]\(http`).MatchString(b.String()) {
			t.Errorf("%d: Markdown holds markup:\n%s", i, b.String())
		}
	}
}

func wellFormed(chart string) error {
	for d := xml.NewDecoder(strings.NewReader(chart)); ; {
		if _, err := d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// Twenty loops of 52 weeks each are under 3 MB, drawn in under 5 s, and the same bytes twice.
func TestMany(t *testing.T) {
	var loops []report.WeeklyLoop
	for i := range 20 {
		l := full(fmt.Sprintf("loop %d of a long enough name", i), 52)
		for range 4 {
			l.Cards = append(l.Cards, l.Cards[0])
		}
		for range 29 {
			l.Seams = append(l.Seams, l.Seams[0])
		}
		loops = append(loops, l)
	}
	started := time.Now()
	page := written(t, loops...)
	t.Logf("%d bytes in %s", len(page), time.Since(started))
	if took := time.Since(started); len(page) > 3_000_000 || took > 5*time.Second {
		t.Errorf("%d bytes in %s", len(page), took)
	}
	if written(t, loops...) != page {
		t.Error("twice is not the same")
	}
}

// Every chart says what it shows to those who cannot see it, and every id is there once.
func TestAccessible(t *testing.T) {
	page := written(t, full("a", 52), full("b", 3), report.WeeklyLoop{Name: "c", Why: "the ledger holds no evaluation of this week"})
	charts := regexp.MustCompile(`(?s)<svg viewBox="[^"]*" role="img" aria-labelledby="([^ "]+) ([^"]+)"><title id="([^"]+)">[^<]+</title><desc id="([^"]+)">[^<]+</desc>`).FindAllStringSubmatch(page, -1)
	if all := strings.Count(page, "<svg"); len(charts) != all || all < 20 {
		t.Errorf("%d of %d charts have a title and a description", len(charts), all)
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			t.Errorf("id %s twice", m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?:aria-labelledby|href)="#?([^"]+)"`).FindAllStringSubmatch(strings.ReplaceAll(page, `href="#"`, ""), -1) {
		for id := range strings.FieldsSeq(m[1]) {
			if !seen[id] && id != "" {
				t.Errorf("nothing has the id %s", id)
			}
		}
	}
	for _, bad := range []string{"NaN", "Inf", "ZgotmplZ"} {
		shown := page[:strings.Index(page, "<script>")]
		if at := strings.Index(shown, bad); at >= 0 {
			t.Errorf("the page shows what is no number, or what the template refused: %s", shown[max(0, at-80):at+20])
		}
	}
	if !strings.Contains(page, "Of 3 loops 2 have a broken intake to mend, 1 was not judged this week.") {
		t.Error("the headline is wrong")
	}
}
