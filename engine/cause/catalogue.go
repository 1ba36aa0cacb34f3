// Package cause is the catalogue of what breaks a data pipe, and the rules by which a break is proven, likely, or not to be
// told. It is pure Go on figures that others bring home: it knows no SQL and opens no files. Each cause has a file of its
// own, with what it is, how it is looked for, and what a person does about it.
package cause

// Name is an entry of the catalogue, as findings.json has it.
type Name string

// The catalogue. Source: section 5 of the design.
const (
	ColumnDropped      Name = "schema.column_dropped"
	ZoneShift          Name = "time.zone_shift"
	Cutoff             Name = "arrival.cutoff"
	Definition         Name = "definition.diverged"
	Remapped           Name = "encoding.remapped"
	NullHandling       Name = "null.handling"
	Logic              Name = "logic.diverged"
	FanOut             Name = "join.fanout"
	Miss               Name = "join.miss"
	Stale              Name = "feature.stale"
	Window             Name = "window.misaligned"
	Future             Name = "leak.future"
	SourceStopped      Name = "source.stopped"
	SourceRevised      Name = "source.revised"
	SourceChanged      Name = "source.changed"
	OutcomeLate        Name = "outcome.late"
	OutcomeDuplicated  Name = "outcome.duplicated"
	OutcomeTruncated   Name = "outcome.truncated"
	OutcomeZoneShifted Name = "outcome.zone_shifted"
	OutcomeRedefined   Name = "outcome.redefined"
	Unexplained        Name = "unexplained"
)
