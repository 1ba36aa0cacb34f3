package attribution

import "github.com/plumbline-data/plumbline/engine/fingerprint"

// Aside is how many of a day's predictions are off what is nominal under one condition, and how many of these break a promise.
type Aside struct {
	Day         Day
	Condition   string
	Predictions int64
	Off, Broken int64
}

// Asides tells for each condition and day in [from, to) what is off the nominal, which the days of a baseline decide. A condition that is
// never off is not left out.
func (x *Index) Asides(baseline []Day, from, to Day) []Aside {
	var base []int
	for _, d := range baseline {
		if i := x.dayAt(d); i >= 0 {
			base = append(base, i)
		}
	}
	counted := x.count(base)
	nominal := x.nominal(&counted)
	var all []Aside
	for i := range x.days {
		d := x.days[i].day
		if d < from || d >= to {
			continue
		}
		day := x.count([]int{i})
		by := make([]Aside, len(x.conditions))
		for k := range by {
			by[k] = Aside{Day: d, Condition: x.conditions[k].Name(), Predictions: day.predictions}
		}
		for l, level := range x.levels {
			n := day.levels[l]
			if n == 0 || nominal[l] {
				continue
			}
			by[level.condition].Off += n
			if x.standing(int32(l)) == fingerprint.Broken {
				by[level.condition].Broken += n
			}
		}
		all = append(all, by...)
	}
	return all
}

// DayLoss is what the predictions of a day lost, as far as known, under one model version.
type DayLoss struct {
	Day          Day
	Version      string
	Rows         int64
	Weight, Loss Fixed
}

// DayLosses adds up the losses of each day and version, in that order.
func (x *Index) DayLosses() []DayLoss {
	var all []DayLoss
	for i := range x.days {
		by := make([]DayLoss, len(x.versionNames))
		for _, c := range x.days[i].cells {
			v := &by[x.groups[c.group].version]
			v.Rows += c.rows
			v.Weight = v.Weight.Add(c.weight)
			v.Loss = v.Loss.Add(c.loss)
		}
		for version, v := range by {
			if v.Rows != 0 {
				v.Day, v.Version = x.days[i].day, x.versionNames[version]
				all = append(all, v)
			}
		}
	}
	return all
}
