package report

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from data fit to be shown: one line, and nothing that moves the cursor or does not print.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return r
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return s
}

// Cut is clean text of at most n characters.
func Cut(s string, n int) string {
	s = Clean(s)
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// heading begins a part of a text.
func heading(b *bytes.Buffer, title string) { fmt.Fprintf(b, "\n%s\n", title) }

// paragraph writes text in lines that begin with indent.
func paragraph(b *bytes.Buffer, indent, text string) {
	for _, line := range wrap(text, width-utf8.RuneCountInString(indent)) {
		fmt.Fprintf(b, "%s%s\n", indent, line)
	}
}

// wrap parts text at blanks into lines of at most n characters; words that are longer are parted too.
func wrap(text string, n int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(Clean(text)) {
		letters := []rune(word)
		if used > 0 && used+1+len(letters) > n {
			lines, line, used = append(lines, line), "", 0
		}
		for len(letters) > n {
			lines = append(lines, string(letters[:n]))
			letters = letters[n:]
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+string(letters), used+len(letters)
	}
	return append(lines, line)
}

// pairs is names with what they are, written in two columns.
type pairs [][2]string

func (p *pairs) add(name, text string) { *p = append(*p, [2]string{Clean(name), text}) }

func (p pairs) write(b *bytes.Buffer, indent string) {
	most := 0
	for _, one := range p {
		most = max(most, utf8.RuneCountInString(one[0]))
	}
	most = min(most, width/3)
	for _, one := range p {
		name := Cut(one[0], most)
		for _, line := range wrap(one[1], width-len(indent)-most-2) {
			fmt.Fprintf(b, "%s%s\n", indent, strings.TrimRight(padded(name, most, false)+"  "+line, " "))
			name = ""
		}
	}
}

// padded fills text up to n characters, numbers from the left.
func padded(s string, n int, number bool) string {
	blank := strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
	if number {
		return blank + s
	}
	return s + blank
}

// columns writes a table; the last column is left out where the lines would be too long with it. The columns from
// first on, but the last, end alike, as numbers do.
func columns(b *bytes.Buffer, indent string, cells [][]string, first int) {
	widths := make([]int, len(cells[0]))
	for _, line := range cells {
		for i := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(line[i]))
		}
	}
	sum := len(indent) - 2
	for _, w := range widths {
		sum += w + 2
	}
	shown := len(widths)
	if sum > width {
		shown--
	}
	for _, line := range cells {
		text := indent
		for i, cell := range line[:shown] {
			text += padded(cell, widths[i], i >= first && i < len(widths)-1) + "  "
		}
		fmt.Fprintf(b, "%s\n", strings.TrimRight(text, " "))
	}
}

// Counted writes a count with a comma before every third digit from the right.
func Counted(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Percent writes a share with one decimal; what is not nothing is not shown as nothing, and what is not all not as all.
func Percent(share float64) string {
	text := strconv.FormatFloat(100*share, 'f', 1, 64)
	switch {
	case math.IsNaN(share):
		return "-"
	case share > 0 && text == "0.0":
		text = "<0.1"
	case share < 1 && text == "100.0":
		text = ">99.9"
	}
	return text + " %"
}

// Short writes a number with four significant digits.
func Short(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// Instant writes an RFC 3339 instant as people do; a text that is none stays as it is.
func Instant(stamp string) string {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	at = at.UTC()
	if at.Second() == 0 && at.Nanosecond() == 0 {
		return at.Format("2006-01-02 15:04") + " UTC"
	}
	return at.Format("2006-01-02 15:04:05") + " UTC"
}

// DayOf is the UTC day of an RFC 3339 instant.
func DayOf(stamp string) string {
	text, _, _ := strings.Cut(stamp, "T")
	return text
}

// OrDash is a text, or - for none.
func OrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
