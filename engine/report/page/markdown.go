package page

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/report/chart"
)

// marks are the letters that Markdown, or HTML within it, gives a meaning.
var marks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`, "<", `&lt;`, ">", `&gt;`, "&", "&amp;", "#", `\#`, "|", `\|`, "~", `\~`, "!", `\!`)

// md makes a text fit for Markdown: it means nothing but itself.
func md(s string) string { return marks.Replace(report.Cut(s, wordy)) }

// WriteMarkdown writes the report without its charts.
func WriteMarkdown(out io.Writer, w *report.Weekly) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Integrity report, week %s\n\n%s up to, but without, %s; days are UTC.\n\n**%s**\n\n", w.Week, w.From, w.To, md(headline(w)))
	b.WriteString("| loop | verdict | retrain? | integrity | loss | change | known cost | open |\n| --- | --- | --- | ---: | ---: | ---: | --- | ---: |\n")
	for i := range w.Loops {
		l := &w.Loops[i]
		words, _ := verdictWords(verdictOf(l))
		integrity, loss, change := "-", "-", "-"
		if f := l.Findings; f != nil {
			integrity, loss, change = or(f.Integrity.Current, report.Percent), or(f.Loss.Current, report.Short), or(f.Loss.Delta, chart.Signed)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %d |\n", md(l.Name), words, retrainWords(l.Findings), integrity, loss, change, costOf(l), l.Cost.Open)
	}
	for i := range w.Loops {
		markdownOf(&b, &w.Loops[i])
	}
	_, err := out.Write(b.Bytes())
	return err
}

// markdownOf writes a loop's section.
func markdownOf(b *bytes.Buffer, l *report.WeeklyLoop) {
	fmt.Fprintf(b, "\n## %s\n\n", md(l.Name))
	if l.Findings == nil {
		fmt.Fprintf(b, "%s.\n", md(l.Why))
	} else {
		f := l.Findings
		fmt.Fprintf(b, "%s\n\nJudged at %s, as of %s; the window is %s, the baseline %s.\n", md(f.Summary), *l.Boundary, report.Instant(f.AsOf), span(f.Window.From, f.Window.To), baselineWords(f))
		if f.Loss.Baseline != nil && f.Loss.Current != nil && len(f.Attribution) > 0 {
			b.WriteString("\n### What the change is made of\n\n| part | change | known by |\n| --- | ---: | --- |\n")
			fmt.Fprintf(b, "| baseline | %s | |\n", report.Short(*f.Loss.Baseline))
			for k := range f.Attribution {
				t := &f.Attribution[k]
				fmt.Fprintf(b, "| %s | %s | %s |\n", md(nameOf(t, f)), deltaWords(t), strings.ReplaceAll(t.Basis, "_", " "))
			}
			fmt.Fprintf(b, "| window | %s | |\n", report.Short(*f.Loss.Current))
		}
		b.WriteString("\n### Findings\n\n")
		if len(l.Cards) == 0 {
			b.WriteString("Nothing was found.\n")
		}
		for k := range l.Cards {
			f := l.Cards[k].Finding
			fmt.Fprintf(b, "- **%s at %s** (%s, %s, %s): since %s; hits %s of the predictions; %s; owner %s. %s\n", md(f.Cause), md(f.Node), md(f.ID), f.Severity, f.State,
				report.Instant(f.Onset), report.Percent(f.RowShare), costWords(f), md(report.OrDash(f.Owner)), md(f.Action))
		}
	}
	c := &l.Balance
	fmt.Fprintf(b, "\n### Outcomes\n\n%s predictions = %s invalid + %s superseded + %s hindsight + %s matched + %s pending + %s missing.\n", report.Counted(c.Predictions), report.Counted(c.Invalid),
		report.Counted(c.Superseded), report.Counted(c.Hindsight), report.Counted(c.Matched), report.Counted(c.Pending), report.Counted(c.Missing))
	if len(l.Seams) > 0 {
		b.WriteString("\n### Seams\n\n| source | feature | agrees | default | null | differs |\n| --- | --- | ---: | ---: | ---: | ---: |\n")
		for k := range l.Seams {
			s := &l.Seams[k]
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", md(s.Source), md(s.Feature), or(s.Agree, report.Percent), or(s.Default, report.Percent), or(s.Null, report.Percent), or(s.Differs, report.Percent))
		}
	}
	if len(l.Promises) > 0 {
		b.WriteString("\n### Data contracts\n\n| source | promise | kept |\n| --- | --- | ---: |\n")
		for _, p := range l.Promises {
			kept := or(p.Kept, report.Percent)
			if p.Broken {
				kept += " (broken)"
			}
			fmt.Fprintf(b, "| %s | %s | %s |\n", md(p.Input), md(p.Promise), kept)
		}
	}
	if len(l.Unseen) > 0 {
		b.WriteString("\n### What was not looked at, and why\n\n")
		for _, u := range l.Unseen {
			fmt.Fprintf(b, "- %s\n", md(u))
		}
	}
}
