package attribution

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEpisodes(t *testing.T) {
	at := func(d Day) *Day { d += boundary; return &d }
	for _, c := range []struct {
		name     string
		affected []Day // before the boundary
		window   int
		want     []Episode // relative to the boundary
		state    State
		standing bool
	}{
		{name: "first day of the window", affected: []Day{-7, -6}, window: 7, want: []Episode{{Onset: -7}}, state: New},
		{name: "day before the window", affected: []Day{-8, -7}, window: 7, want: []Episode{{Onset: -8}}, state: Ongoing},
		{name: "gap of six clean days", affected: []Day{-12, -5}, window: 7, want: []Episode{{Onset: -12}}, state: Ongoing},
		{name: "gap of seven clean days", affected: []Day{-13, -5}, window: 7, want: []Episode{{Onset: -13, End: at(-12)}, {Onset: -5}}, state: Regressed},
		{name: "over for seven days", affected: []Day{-9, -8}, window: 14, want: []Episode{{Onset: -9, End: at(-7)}}, state: Resolved},
		{name: "over for six days", affected: []Day{-9, -7}, window: 14, want: []Episode{{Onset: -9}}, state: New},
		{name: "from the first day on", affected: []Day{-40, -34, -28, -22, -16, -10, -4}, window: 7, want: []Episode{{Onset: -40}}, state: Ongoing, standing: true},
		{name: "back after a first day", affected: []Day{-40, -4}, window: 7, want: []Episode{{Onset: -40, End: at(-39)}, {Onset: -4}}, state: Regressed},
	} {
		b := newBuilder(t)
		for d := boundary - 40; d < boundary; d++ {
			b.add(rows{day: d, n: 1000, loss: 0.4})
		}
		for _, d := range c.affected {
			b.add(rows{day: boundary + d, n: 2, loss: 0.4, codes: map[int]uint16{weatherAge: 1}})
		}
		q := question()
		q.Window = c.window
		f := newAlike(b.cube).Evaluate(q).Findings[0]
		want := c.want
		for i := range want {
			want[i].Onset += boundary
		}
		if diff := cmp.Diff(want, f.Episodes); diff != "" {
			t.Errorf("%s: episodes (want, got): %s", c.name, diff)
		}
		if f.State != c.state || f.Standing != c.standing {
			t.Errorf("%s: state %s, standing %v; want %s, %v", c.name, f.State, f.Standing, c.state, c.standing)
		}
		if first, last := boundary+c.affected[0], boundary+c.affected[len(c.affected)-1]; f.FirstDay != first || f.LastDay != last {
			t.Errorf("%s: from day %d to %d, want %d to %d", c.name, f.FirstDay, f.LastDay, first, last)
		}
	}
}

// A promise broken for one row in 500 every day, then for half of them: the break began when the half did.
func TestTrickleDoesNotHideOnset(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 40; d < boundary; d++ {
		n := int64(2)
		if d >= boundary-3 {
			n = 500
		}
		b.add(rows{day: d, n: 1000 - n, loss: 0.4}, rows{day: d, n: n, loss: 0.4, codes: map[int]uint16{weatherAge: 1}})
	}
	f := newAlike(b.cube).Evaluate(question()).Findings[0]
	if f.State != New || f.Standing || len(f.Episodes) != 1 || f.Episodes[0].Onset != boundary-3 {
		t.Errorf("state %s, standing %v, episodes %v; want new on day %d", f.State, f.Standing, f.Episodes, boundary-3)
	}
}

// A few rows on two days that the baseline does not hold, weeks before most of a day breaks, are no earlier episode of it.
func TestStrayDaysAreNoEpisode(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		n := int64(0)
		switch {
		case d == boundary-34 || d == boundary-20:
			n = 10
		case d >= boundary-2:
			n = 990
		}
		b.add(rows{day: d, n: 1000 - n, loss: 0.4}, rows{day: d, n: max(n, 0), loss: 0.4, codes: map[int]uint16{weatherAge: 1}})
	}
	f := newAlike(b.cube).Evaluate(question()).Findings[0]
	if f.State != New || len(f.Episodes) != 1 || f.Episodes[0].Onset != boundary-2 {
		t.Errorf("state %s, episodes %v; want new on day %d", f.State, f.Episodes, boundary-2)
	}
}

// The days of a finding are told from a week before its first affected one, sound ones as well, whatever was before.
func TestDaysOfAFinding(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 40; d < boundary; d++ {
		b.add(rows{day: d, n: 1000, loss: 0.4})
	}
	b.add(rows{day: boundary - 3, n: 1000, loss: 0.4, codes: map[int]uint16{weatherAge: 1}}, rows{day: boundary - 1, n: 3000, loss: 0.4, codes: map[int]uint16{weatherAge: 1}})
	f := newAlike(b.cube).Evaluate(question()).Findings[0]
	var want []DayShare
	for d := boundary - 10; d < boundary; d++ {
		one := DayShare{Day: d}
		switch d {
		case boundary - 3:
			one.Rows, one.Share = 1000, 0.5
		case boundary - 1:
			one.Rows, one.Share = 3000, 0.75
		}
		want = append(want, one)
	}
	if diff := cmp.Diff(want, f.Days); diff != "" {
		t.Errorf("days (want, got): %s", diff)
	}
}
