package attribution

// recover tells of each finding that is over what came back with it: what it had cost a row of all on the last days that it lasted, as many
// as a window has, on the basis that tells what it costs now. Nil where nothing tells.
func (e *Evaluation) recover(x *Index, q Question, h *hits, repairs []repairing) {
	for f := range e.Findings {
		out := &e.Findings[f]
		n := len(out.Episodes)
		if out.State != Resolved || n == 0 || out.Outcome && repairs[f].basis == "" {
			continue
		}
		last := out.Episodes[n-1]
		from := max(last.Onset, *last.End-Day(q.Window))
		var days []int
		for i := range x.days {
			if d := &x.days[i]; d.day >= from && d.day < *last.End && d.closed {
				days = append(days, i)
			}
		}
		w := x.walkOf(q, days, h, len(e.Findings))
		s := &w.affected[f]
		told := repairs[f].basis != "" || s.held()
		weight := 0.0
		for _, p := range w.parts {
			weight += p.weight
		}
		if told && s.rows > 0 && weight > 0 {
			out.Recovered = nineOf(w.phi()[f] / weight)
		}
	}
}
