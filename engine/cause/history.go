package cause

import "time"

// Day counts UTC days from 1970-01-01.
type Day int32

// DayOf gives the UTC day of an instant.
func DayOf(t time.Time) Day {
	s := t.Unix()
	d := s / 86400
	if s%86400 < 0 {
		d--
	}
	return Day(d)
}

// Start is the day's first instant.
func (d Day) Start() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Quantiles are the values at shares SpreadShares of some rows, each one of theirs.
type Quantiles [5]float64

// SpreadShares are the shares that Quantiles are taken at.
var SpreadShares = [5]float64{0.05, 0.25, 0.5, 0.75, 0.95}

// Places of Quantiles.
const (
	P05 = iota
	P25
	P50
	P75
	P95
)

// SourceHistory is what one source delivered, by the UTC day on which its rows became known. What became known on a day is
// settled when the day is over, so that a judgement made that night and one made years later see the same.
type SourceHistory struct {
	Name        string
	Features    []string
	OfKey       bool          // of one key alone
	FreshWithin time.Duration // promised; 0 when not
	Ladders     []Ladder      // of its joins
	Values      []ValueOf     // what features take of its rows, in the order of SourceDay.Values
	Days        []SourceDay   // ascending, days without rows left out
	Hours       []SourceHour  // likewise; only of a source that changed
	Revisions   []Revisions   // by looked-up feature, of sources whose rows have versions
	Keys        []KeyColumn   // the same of its most frequent keys
	Rewritten   []Rewritten   // by value that windows take, likewise
	units       [][]unitRun   // by value, once they were looked for
}

// KeyColumn is what a source delivered of its most frequent keys, by one key column alone.
type KeyColumn struct {
	Column string
	Keys   []KeyHistory // ascending by Key
}

// KeyHistory is the days of one key, and the predictions that asked for it.
type KeyHistory struct {
	Key   string
	Asked []Asked
	SourceHistory
}

// Ladder is the staleness condition of a join.
type Ladder struct {
	Condition string // "weather.staleness"
	Steps     []Step // ascending
	None      string // the level of finding no row
}

// Step is a level of staleness: of rows older than Over.
type Step struct {
	Level string
	Over  time.Duration
}

// ValueOf names a value by the features that take it.
type ValueOf struct {
	Features []string
	Number   bool
	Text     bool
}

// SourceDay is what became known of a source on one day. A row that only gives a new version of one, or repeats it, is not
// among Rows.
type SourceDay struct {
	Day    Day
	Rows   int64 // first versions
	Keys   int64 // distinct keys and instants among Rows
	LastAt time.Time
	Values []ValueDay
	Gaps   []Gap // by length, between successive minutes at which the source had something newer than ever to say
}

// ValueDay is what a day's rows hold of one value.
type ValueDay struct {
	Nulls      int64
	Numbers    int64         // finite ones
	Spread     Quantiles     // of them
	Categories []Count       // of text, the 200 most frequent of the day
	Counts     []NumberCount // of finite numbers, ascending; nil of a day with more different ones than MostNumbers
}

// Count is how many rows hold a text.
type Count struct {
	Text string
	Rows int64
}

// NumberCount is how many rows hold a number.
type NumberCount struct {
	Number float64
	Rows   int64
}

// Gap is a bin of waits: 16 bins to the doubling.
type Gap struct {
	Bin     int32
	Count   int64
	Longest Silence
	Newest  Silence // what the last of them ended with: From, and no To
}

// Silence is a time without news: nothing newer than LastAt became known after From and before To.
type Silence struct {
	From, To time.Time
	LastAt   time.Time // event time of the newest row until then
}

// Asked is how many predictions were made in an hour.
type Asked struct {
	Hour time.Time
	Rows int64
}

// Revisions is how the values that a feature was served from were revised afterwards, beside how the source revises its
// values at all.
type Revisions struct {
	Feature string
	Usual   []RevisedDay // by the day on which a value was first known
	Used    []RevisedDay // by the prediction's day
}

// RevisedDay is one day of Revisions. Sizes are sums over rows of |value|.
type RevisedDay struct {
	Day         Day
	Base        float64 // sum of |value| as first known, or as used
	Predictions int64   // that found a row; 0 in Usual
	Moves       []Move  // ascending by Known
}

// Move is what the revisions that became known on a day changed, in one direction: late reports make counts grow, so that growth
// is another kind of revision than shrinking. Sums of moves over the days before a boundary are the state as known there.
type Move struct {
	Known   Day
	Lowered bool    // the value now is less than it was as first known, or used
	Moved   float64 // change of the sum of |value now - value as first known, or used|

	// Of predictions whose value is now more than RevisedBy off: how many more, those among them whose served value agrees
	// with the replay as known then, and source rows.
	Beyond, Agreeing, Rows int64
	Used, Now              float64 // change of the sums of |value|, as used and as known now, over those predictions

	// Of those that came to be off: since when their values had been known, when they were corrected, and when predicted.
	KnownFrom, CorrectedAt, First, Last time.Time
}

// Rewritten is how the rows of a source were revised that windows take a value of.
type Rewritten struct {
	Features []string
	Window   time.Duration // the longest of theirs
	Hours    RewrittenHours
	Keys     []RewrittenColumn // the same of its most frequent keys
	Served   []ServedDay
}

// RewrittenColumn is Rewritten of the most frequent keys, by one key column alone.
type RewrittenColumn struct {
	Column string
	Keys   []RewrittenKey // ascending by Key
}

// RewrittenKey is the rows of one key.
type RewrittenKey struct {
	Key   string
	Hours RewrittenHours
}

// RewrittenHours is ascending; hours in which nothing was first known are left out.
type RewrittenHours []RewrittenHour

// RewrittenHour is the rows first known in one hour. Sizes are sums over rows of |value|.
type RewrittenHour struct {
	Hour  time.Time
	Rows  int64
	Base  float64 // as first known
	Moves []RowMove
}

// RowMove is what the revisions that became known on a day changed; sums of them over the days before a boundary are the state
// as known there.
type RowMove struct {
	Known     Day
	Moved     float64       // change of the sum of |value now - value as first known|
	Off       int64         // rows more whose value is now more than RevisedBy off
	Used, Now float64       // change of their sums of |value|, as first known and as known now
	After     time.Duration // of those that came to be off: the median time until they were corrected
}

// ServedDay counts the served values of a day that have a replay, and those that agree with it.
type ServedDay struct {
	Day              Day
	Served, Agreeing int64
}

// RevisedBy is the relative change from which a revision counts as large.
const RevisedBy = 0.2

// OutcomeHistory is what the outcomes were like.
type OutcomeHistory struct {
	Horizon  time.Duration
	Reach    Day // how many days before the first that a judgement looks at predictions were read
	Binary   bool
	Value    string   // the column or expression that is the outcome
	Columns  []string // other numbers in the outcome's rows, in the order of LabelledDay.Columns
	Rivals   []string // names of rival definitions, in the order of LabelledDay.Rivals
	Known    []OutcomeDay
	Waits    []Wait
	Arrivals []Arrival // ascending by Predicted, then Known
	Events   []Event   // ascending by Happened, then Known
	Aheads   []Ahead   // ascending by Day, then Quarter
	Brought  []Delivery
	Labels   []LabelledDay
	Snapshot bool              // each delivery is whole
	rulings  map[string]ruling // by column, label day and the days before it
	KnownAt  bool              // rows say when they became known
}

// knownFrom is the part of Known that holds all predictions whose outcome became known then, of those read for a judgement
// that looks at days from since on.
func (o *OutcomeHistory) knownFrom(since, boundary Day) []OutcomeDay {
	first := since - o.Reach + o.horizonDays() + 1
	days := before(o.Known, boundary, func(d *OutcomeDay) Day { return d.Day })
	for len(days) > 0 && days[0].Day < first {
		days = days[1:]
	}
	return days
}

// horizonDays is the horizon in days, rounded up.
func (o *OutcomeHistory) horizonDays() Day {
	return Day((o.Horizon + 24*time.Hour - 1) / (24 * time.Hour))
}

// OutcomeDay is the outcomes of predictions that first became known on one day, within their horizon.
type OutcomeDay struct {
	Day       Day
	Rows      int64
	Predicted time.Time // 0.05 quantile of when they were predicted
	Ahead     Quantiles // seconds from prediction to event
	Value     Quantiles
	Positives int64 // binary: whose outcome is 1
}

// Wait counts the predictions of a day and hour by the day on which their outcome became known.
type Wait struct {
	Day    Day
	Hour   int8
	Known  Day // meaningless while it never did
	Timely bool
	Late   bool // neither: never
	Torn   bool // never, because rows that contradict each other came, on the day Known
	Rows   int64
}

// Arrival counts the predictions of an hour by the hour in which their outcome first became known, within the horizon or not.
type Arrival struct {
	Predicted, Known time.Time // hours
	Rows             int64
}

// Event counts the predictions whose event happened in an hour, by the hour in which it first became known.
type Event struct {
	Happened, Known time.Time // hours
	Rows            int64
}

// Ahead counts the predictions whose outcome first became known on a day, within the horizon, by the time from prediction to event.
type Ahead struct {
	Day        Day
	Quarter    int64 // of an hour, rounded down
	Rows       int64
	EventFirst time.Time
}

// Delivery is what the outcome files brought in one hour, or in one minute where each delivery is whole.
type Delivery struct {
	At        time.Time
	Keys      int64     // delivered with a value
	Conflicts int64     // of these, with several different values at one instant
	TornFrom  time.Time // when the first events of these happened; zero without any
	Withdrawn int64     // keys that a whole delivery no longer holds
	Restored  int64     // keys that were withdrawn and are back
}

// LabelledDay holds the outcome rows of one day, by when they became known, against the other numbers in them.
type LabelledDay struct {
	Day     Day
	Rows    int64
	Columns []Parted
	Rivals  []Rival
	Bins    [][]Bin // by column, ascending; of columns that tell the day's outcomes well
}

// Bin is the outcome rows of a day whose outcome is One, or 0, and in which a number lies in a narrow range.
type Bin struct {
	One        bool
	Rows       int64
	Low, High  float64
	EventFirst time.Time
	Agrees     []int64 // rows of which a rival definition says the same, in the order of OutcomeHistory.Rivals
}

// Parted is the range of a number among outcomes 0 and among outcomes 1. A count of 0 means that there is no range.
type Parted struct {
	Zeros, Ones      int64
	MinZero, MaxZero float64
	MinOne, MaxOne   float64
}

// Rival is how a rival definition compares with the outcomes as delivered.
type Rival struct {
	Rows    int64 // with both
	Differs int64
}
