package report

import (
	"fmt"
	"time"
)

// WeeklySchema is the schema of the weekly report as JSON.
const WeeklySchema = "plumbline.report/v1"

// Weekly is the integrity report of a week: one loop or many. Field order is the order of keys in its JSON; instants are RFC 3339 UTC, days are
// YYYY-MM-DD, losses are in the loop's unit; null says "not known", never 0.
type Weekly struct {
	Schema string       `json:"schema"`
	Week   string       `json:"week"` // ISO: 2013-W29
	From   string       `json:"from"` // Monday
	To     string       `json:"to"`   // the Monday after
	Loops  []WeeklyLoop `json:"loops"`
}

// WeeklyLoop is what a loop's ledger tells of the week: the evaluation at its end, or the last one within it.
type WeeklyLoop struct {
	Name     string          `json:"loop"`
	Boundary *string         `json:"boundary"` // day at which the evaluation was made; null where the ledger holds none of the week
	Findings *Findings       `json:"evaluation"`
	Why      string          `json:"why,omitempty"` // there is no evaluation
	Cost     WeeklyCost      `json:"cost"`
	Trend    []WeeklyPoint   `json:"trend"` // weeks up to this one, ascending; at most 52
	Days     []WeeklyDay     `json:"days"`  // ascending
	Versions []WeeklyVersion `json:"versions"`
	Heat     []WeeklyHeat    `json:"conditions"`
	Cards    []WeeklyCard    `json:"findings"`
	Maturity WeeklyMaturity  `json:"maturity"`
	Balance  Counts          `json:"balance"` // of the week
	Seams    []WeeklySeam    `json:"seams"`
	Promises []WeeklyPromise `json:"promises"`
	Unseen   []string        `json:"not_looked_at"`
}

// WeeklyCost is what the open findings cost, as far as it is known.
type WeeklyCost struct {
	Known   float64 `json:"known"`   // mean loss of the window that mending returns
	Unknown int     `json:"unknown"` // open findings whose cost is not known
	Open    int     `json:"open"`    // findings of medium or high that are not over
}

// WeeklyPoint is a week of the past.
type WeeklyPoint struct {
	Week      string   `json:"week"`
	Boundary  string   `json:"boundary"`
	Loss      *float64 `json:"loss"`
	Integrity *float64 `json:"integrity"`
	Verdict   string   `json:"verdict"`
	Findings  int      `json:"findings"` // of medium or high, not over
}

// WeeklyDay is a day of the chart.
type WeeklyDay struct {
	Day    string   `json:"day"`
	Loss   *float64 `json:"loss"`   // mean of the day
	Window *float64 `json:"window"` // mean of the window that ends with the day, as its evaluation has it
	Low    *float64 `json:"low"`    // 95 % of the window's mean, over days like these
	High   *float64 `json:"high"`
	Counts Counts   `json:"counts"`
}

// WeeklyVersion is the first day of a model version within the days of the chart, of which the days before hold none.
type WeeklyVersion struct {
	Version string `json:"version"`
	From    string `json:"from"`
}

// WeeklyHeat is how large a share of a day's predictions is off what is nominal under a condition, day by day; null without predictions.
type WeeklyHeat struct {
	Condition string     `json:"condition"`
	First     string     `json:"first_day"`
	Shares    []*float64 `json:"shares"`
}

// WeeklyCard is a finding with what shows it.
type WeeklyCard struct {
	Finding *Finding   `json:"finding"`
	About   string     `json:"about"`
	Way     []WayStep  `json:"way"`
	Days    []CardDay  `json:"days"`
	Values  []Compared `json:"values"`
}

// WayStep is a step of the way from a job to the model.
type WayStep struct {
	What string `json:"what"`
	Name string `json:"name"`
}

// CardDay is how many of a day's predictions a finding hits.
type CardDay struct {
	Day   string  `json:"day"`
	Rows  int64   `json:"rows"`
	Share float64 `json:"share"`
}

// Compared lays the values that a feature was served with beside those that its declaration gives, of the predictions that show the finding.
type Compared struct {
	Feature  string    `json:"feature"`
	Rows     int       `json:"rows"`
	Low      float64   `json:"low"`
	High     float64   `json:"high"`
	Served   []float64 `json:"served"`   // shares by bin of [low, high]
	Replayed []float64 `json:"replayed"` // likewise
}

// WeeklyMaturity is how outcomes come in.
type WeeklyMaturity struct {
	Ages    []float64 `json:"ages"`   // days from the end of the prediction's day
	Shares  []float64 `json:"shares"` // of predictions whose outcome is known by that age, of days that are as old
	Pending int64     `json:"pending"`
	Due     []Due     `json:"due"` // when the last of what is pending may come, by day
}

// Due is what is pending of a day, and when its horizon is over.
type Due struct {
	Day  string `json:"day"`
	Rows int64  `json:"rows"`
	By   string `json:"by"`
}

// WeeklySeam is a hand-over from a source to a feature: of the week, and day by day.
type WeeklySeam struct {
	Seam
	Days []*float64 `json:"agree_by_day"` // null without predictions
}

// WeeklyPromise is a promise of the loop file, and the share of the week's predictions for which it was kept.
type WeeklyPromise struct {
	Input   string   `json:"input"`
	Promise string   `json:"promise"`
	Kept    *float64 `json:"kept"` // null where nothing tells
	Broken  bool     `json:"broken"`
}

// WeekOf gives the Monday at which an ISO week such as 2013-W29 begins; ok is false for a text that names none.
func WeekOf(text string) (monday time.Time, ok bool) {
	var year, week int
	if n, err := fmt.Sscanf(text, "%d-W%d", &year, &week); err != nil || n != 2 || year < 1 || year > 9999 {
		return time.Time{}, false
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // is in week 1
	monday = fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(week-1))
	y, w := monday.ISOWeek()
	return monday, y == year && w == week && WeekName(monday) == text
}

// WeekName is the ISO week of a day, as in 2013-W29.
func WeekName(day time.Time) string {
	year, week := day.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}
