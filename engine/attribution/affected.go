package attribution

import "slices"

// Affected is what a finding hits of a day under one fingerprint.
type Affected struct {
	Day         Day
	Fingerprint int32  // index into Cube.Fingerprints
	Mask        uint64 // the repair of this finding alone, as in Wanted; 0: it puts nothing right there
	Predictions int64
}

// Scoring is what the rows of a finding are scored anew by.
type Scoring struct {
	Basis   map[string]Basis // by model version; empty where they are not
	Refused string           // why they are not though their values can be put right; "" otherwise
}

// Affected lists what a finding hits on some days, by days, then fingerprints. The finding is named by its place in what Evaluate says of the
// question. Findings rest on more than the one that is asked about, so all are judged.
func (x *Index) Affected(q Question, finding int, days []Day) (all []Affected, by Scoring) {
	s := x.scene(q)
	if finding < 0 || finding >= len(s.candidates) {
		return nil, by
	}
	places := x.places()
	for _, at := range days {
		i := x.dayAt(at)
		if i < 0 {
			continue
		}
		for _, p := range x.days[i].prints {
			if places[p.print] < 0 || !slices.Contains(s.hits.sets[s.hits.of(at, p.print)], finding) {
				continue
			}
			one := Affected{Day: at, Fingerprint: places[p.print], Mask: s.hits.blockOf(finding, at, p.print), Predictions: p.predictions}
			if one.Mask == tooMany {
				one.Mask = 0
			}
			all = append(all, one)
		}
	}
	return all, x.scoring(q, &s, finding)
}

// scoring says what a finding's rows are scored anew by; of outcomes no score is asked.
func (x *Index) scoring(q Question, s *scene, finding int) Scoring {
	by := Scoring{Basis: map[string]Basis{}}
	how := x.settleRepairs(q, s.hits)[finding]
	if how.basis == "" || s.candidates[finding].outcome {
		by.Refused = how.refused
		return by
	}
	for version, basis := range x.repairs.basis {
		by.Basis[x.versionNames[version]] = basis
	}
	return by
}
