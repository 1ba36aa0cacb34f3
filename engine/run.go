package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/contract"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/objectstore"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/profile"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Check holds the loop file against its files and reads no rows but those by which the columns of a CSV are told.
func Check(ctx context.Context, o Options) (*Checked, error) {
	l, err := loop.Load(o.LoopFile)
	if err != nil {
		return nil, err
	}
	n, err := open(ctx, o, l)
	if err != nil {
		return nil, err
	}
	defer n.close()
	if _, err := condition.NewDeck(n.plan); err != nil {
		return nil, err
	}
	return &Checked{Plan: n.plan, Breaches: n.plan.Inventory.Broken, Unused: unused(n.plan)}, nil
}

// Admit refuses what Run would refuse before it looks at data: an interval or outputs that cannot be.
func Admit(o Options) error {
	l, err := loop.Load(o.LoopFile)
	if err != nil {
		return err
	}
	_, err = o.withDefaults(l)
	return err
}

// Run takes the interval in, evaluates every day boundary in it, and publishes the ledger and findings.json. Until then
// nothing that was there before is touched. The answer depends on the loop file, the inputs, the interval and as-of alone.
func Run(ctx context.Context, o Options) (*Result, error) {
	l, err := loop.Load(o.LoopFile)
	if err != nil {
		return nil, err
	}
	if o, err = o.withDefaults(l); err != nil {
		return nil, err
	}
	for tries := 0; ; tries++ {
		result, err := runOnce(ctx, o, l, tries)
		if !errors.Is(err, errOvertaken) {
			return result, err
		}
		o.Log.Info().Str("ledger", o.Ledger).Msg("another run published meanwhile: taking the interval in again, by the ledger that it left")
	}
}

// runOnce is Run, which fails with errOvertaken where another run published meanwhile. From the second time on it holds the ledger's lock from
// the beginning, so that there is no third.
func runOnce(ctx context.Context, o Options, l *loop.Loop, tries int) (*Result, error) {
	n, err := open(ctx, o, l)
	if err != nil {
		return nil, err
	}
	defer n.close()
	if tries > 0 {
		if n.hold, err = ledger.TakeHold(ctx, o.Ledger, n.ledgerOptions()); err != nil {
			return nil, err
		}
		defer n.hold.Release()
	}
	for _, key := range unused(n.plan) {
		o.Log.Warn().Str("key", key).Msg("declared and not used by this version")
	}
	if err := n.guardInputs(); err != nil {
		return nil, err
	}
	held, err := n.stateOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := n.judge(ctx, held); err != nil {
		return nil, err
	}
	result, err := n.publish(ctx, held)
	if err == nil && result.FindingsPath != "" {
		err = n.remote(ctx, result)
	}
	return result, err
}

// unused lists the keys that the loop file declares and that this version does nothing with, in the order of the features.
func unused(p *plan.Plan) (keys []string) {
	for i := range p.Features {
		f := &p.Features[i]
		if f.ServedAt.Column != "" {
			keys = append(keys, "features."+f.Decl.Name+".served_at")
		}
		if f.ServedRows != "" && f.Decl.Window == nil {
			keys = append(keys, "features."+f.Decl.Name+".served_rows")
		}
	}
	return keys
}

// maxDays is how many days one run takes in: a hundred years. Each is judged, with or without predictions.
const maxDays = 36525

// withDefaults fills in what is not given, and checks what is.
func (o Options) withDefaults(l *loop.Loop) (Options, error) {
	if !o.To.After(o.From) {
		return o, fault.Usage("interval", "give --from before --to", "%s to %s holds no time", stamp(o.From), stamp(o.To))
	}
	if days := ceilDay(o.To).Sub(floorDay(o.From)) / day; days > maxDays {
		return o, fault.Usage("interval", "give the days that the loop has predictions of", "%s to %s are more than %d days",
			stamp(o.From), stamp(o.To), maxDays)
	}
	if o.AsOf.IsZero() {
		o.AsOf = o.To
	}
	if o.Ledger == "" {
		o.Ledger = filepath.Join(l.Dir, l.Name+".duckdb")
	}
	if o.Findings == "" {
		o.Findings = o.Ledger + ".findings.json"
	}
	return o, o.guardOutputs(l)
}

// night is one run under way.
type night struct {
	options Options
	loop    *loop.Loop
	plan    *plan.Plan
	db      *warehouse.DB
	spill   *spill
	span    span
	tally   match.Tally
	deck    *condition.Deck
	trials  *replay.Trials
	profile *profile.Profile
	clues   clues
	runID   string
	hold    *ledger.Hold // the ledger's lock, where it is held from the beginning; else nil

	scorerDigests   []string // of the files that the scorer's command names
	contractDigests []string // of the contract files, in the order of the sources

	judged   []ledger.Evaluation // every boundary's evaluation as the ledger keeps it, ascending
	sitting  sitting             // what the last of them was judged by
	findings *report.Findings    // the last boundary's of the interval, as findings.json has it
	spared   []attribution.Day   // days that were taken in, and of which the ledger's stay
	matured  []Matured           // days of the ledger that were taken in again
	rejudged []attribution.Day   // boundaries of the ledger that were judged again
	taken    []daysBetween       // parts that were taken in
	remains  bool                // more of the ledger is no longer so, far from these
}

// open starts the warehouse and resolves the loop against its files.
func open(ctx context.Context, o Options, l *loop.Loop) (*night, error) {
	if l.Warehouse.Trino != nil {
		return nil, fault.Usage(l.Where("warehouse.trino"), "use files with path:, or another warehouse",
			"warehouse.trino: this build runs its SQL on the embedded DuckDB only")
	}
	home := o.Temp
	if o.Ledger != "" && home == "" {
		home = filepath.Dir(o.Ledger)
	}
	spill, err := newSpill(home)
	if err != nil {
		return nil, err
	}
	n := &night{options: o, loop: l, spill: spill}
	if n.contractDigests, err = contract.Fulfil(l); err != nil {
		return nil, errors.Join(err, spill.remove())
	}
	if n.clues, err = gatherClues(l); err != nil {
		return nil, errors.Join(err, spill.remove())
	}
	if n.db, err = openWarehouse(ctx, o, l, spill); err != nil {
		return nil, errors.Join(err, spill.remove())
	}
	inventory, err := intake.Open(ctx, n.db, l)
	if err == nil {
		n.plan, err = plan.Build(ctx, n.db, l, inventory)
	}
	if err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// openWarehouse starts a DuckDB that may read the loop's inputs, and spill.
func openWarehouse(ctx context.Context, o Options, l *loop.Loop, spill *spill) (*warehouse.DB, error) {
	stores, err := objectstore.Accesses(declared(l), os.Getenv)
	if err != nil {
		return nil, err
	}
	allowed := folders(l)
	if o.Ledger != "" {
		allowed = append(allowed, filepath.Dir(o.Ledger))
	}
	if o.Memory == 0 {
		o.Memory = DefaultMemory()
	}
	return warehouse.Open(ctx, warehouse.Options{
		Threads: o.Threads, Memory: o.Memory, Temp: spill.folder, Allowed: allowed, Stores: stores, Buckets: objectstore.Roots(declared(l)),
		Log: o.Log, Progress: o.Progress,
	})
}

// close gives back what open took. What it fails at costs nothing but disk, so it is logged.
func (n *night) close() {
	if err := errors.Join(n.db.Close(), n.spill.remove()); err != nil {
		n.options.Log.Warn().Err(err).Msg("cleaning up")
	}
}

// remote takes in again what of the ledger is no longer so far from the interval: piece by piece, the newest first, each published as it is
// judged, so that one old correction does not have a night take in all days since. The interval's findings are published by then; a run that ends
// before the last piece leaves the rest to the next one.
func (n *night) remote(ctx context.Context, result *Result) (err error) {
	for n.remains {
		// Held from the beginning, so that two runs that have such parts do not overtake each other for ever.
		if n.hold, err = ledger.TakeHold(ctx, n.options.Ledger, n.ledgerOptions()); err != nil {
			return err
		}
		err = n.remotePart(ctx, result)
		n.hold.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// remotePart takes in the newest part, under the ledger's lock.
func (n *night) remotePart(ctx context.Context, result *Result) error {
	held, err := n.stateOf(ctx)
	if err != nil {
		return err
	}
	m, err := n.mature(ctx, held, n.span.asOf)
	if err == nil {
		err = m.corrections(ctx) // sources are staged as of the same instant
	}
	if err != nil {
		return n.diagnose(ctx, err)
	}
	pieces := m.pieces()
	if len(pieces) == 0 { // they were taken in by another run
		n.remains = false
		return n.restate(ctx, held)
	}
	m.core = pieces[len(pieces)-1]
	from := m.core.from.Start()
	if err := n.takeIn(ctx, m, span{from: from, to: from}); err != nil {
		return err
	}
	if err := n.publishPiece(ctx, held); err != nil {
		return err
	}
	result.add(n)
	return nil
}

// judge judges the interval as of the run's own instant, and what of the ledger is no longer so as of the ledger's: the later of its own and the
// run's. Where the ledger's is later than the run's, the interval is judged as of both: for findings.json, and for the ledger.
func (n *night) judge(ctx context.Context, held *ledger.State) (err error) {
	if n.scorerDigests, err = scorerDigests(n.loop); err != nil {
		return err
	}
	if n.deck, err = condition.NewDeck(n.plan); err != nil {
		return err
	}
	asOf := n.options.AsOf
	if held.AsOf.After(asOf) {
		if err := n.judgeAsOf(ctx, &ledger.State{}, asOf); err != nil {
			return err
		}
		asOf = held.AsOf
		n.options.Log.Info().Str("as_of", stamp(n.options.AsOf)).Str("ledger_as_of", stamp(asOf)).Msg("the ledger is as of a later instant: it gets the interval as of that")
	}
	return n.judgeAsOf(ctx, held, asOf)
}

// judgeAsOf takes the interval in, and with it what a ledger holds that is no longer so, until nothing of that is left, and judges it.
func (n *night) judgeAsOf(ctx context.Context, held *ledger.State, asOf time.Time) error {
	n.lookBack(asOf)
	if err := match.Stage(ctx, n.db, n.plan, asOf); err != nil {
		return n.diagnose(ctx, err)
	}
	if err := n.warnBeyond(ctx, asOf); err != nil {
		return err
	}
	m, err := n.mature(ctx, held, asOf)
	if err != nil {
		return n.diagnose(ctx, err)
	}
	return n.takeIn(ctx, m, intervalOf(n.options))
}

// warnBeyond warns of an instant past the interval that lies ahead of what the outcomes tell.
func (n *night) warnBeyond(ctx context.Context, asOf time.Time) error {
	if !asOf.After(ceilDay(n.options.To)) {
		return nil
	}
	newest, err := match.Newest(ctx, n.db)
	if err == nil && asOf.After(newest.Add(n.loop.Outcomes.Horizon).Add(match.Slack)) {
		n.options.Log.Warn().Str("as_of", stamp(asOf)).Str("newest_outcome", stamp(newest)).
			Msg("as-of lies beyond what the outcomes tell: what becomes known until then is found later in days alone that a run looks at anyhow")
	}
	return err
}

// takeIn takes in an interval, which may be empty, and what of the ledger is no longer so near the maturing's core, until nothing of that is
// left, and judges it.
func (n *night) takeIn(ctx context.Context, m *maturing, interval span) (err error) {
	for more := true; more; {
		near, _ := m.split()
		if n.span, err = newSpan(ctx, n.db, n.plan, interval, m.asOf, near); err != nil {
			return n.diagnose(ctx, err)
		}
		if n.findings == nil {
			n.runID = n.identify(n.span.from, n.span.to)
		}
		if err := n.rows(ctx); err != nil {
			return n.diagnose(ctx, err)
		}
		if more, err = n.evaluate(ctx, m); err != nil {
			return err
		}
	}
	n.spared = m.sparedDays()
	n.taken = append(n.taken, daysBetween{attribution.DayOf(n.span.context), attribution.DayOf(n.span.end)})
	n.remains = len(m.pieces()) > 0
	return nil
}

// rows runs every stage that touches rows, from the files to cells.
func (n *night) rows(ctx context.Context) (err error) {
	if n.tally, err = match.Run(ctx, n.db, n.plan, n.span.match()); err != nil {
		return err
	}
	again := n.span.replay()
	if err := replay.Run(ctx, n.db, n.plan, again); err != nil {
		return err
	}
	if err := n.deck.Values(ctx, n.db); err != nil {
		return err
	}
	if n.trials, err = replay.Try(ctx, n.db, n.plan, again); err != nil {
		return err
	}
	if err := n.deck.Run(ctx, n.db, n.trials.Labelled); err != nil {
		return err
	}
	n.profile, err = profile.Run(ctx, n.db, n.plan, again)
	return err
}

// identify names the run that takes in [from, to) by what its answer depends on: 16 hex of sha256 over the loop file, the
// interval, as-of, the digests of the inputs and the engine's version.
func (n *night) identify(from, to time.Time) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "plumbline %s\n%d\n%s", Version, len(n.loop.Bytes), n.loop.Bytes)
	fmt.Fprintf(sum, "\n%s %s %s\n", stamp(from), stamp(to), stamp(n.span.asOf))
	for _, t := range n.plan.Inventory.Tables() {
		for _, f := range t.Files {
			fmt.Fprintf(sum, "%q %q %s\n", t.Input, f.Name, f.Digest)
		}
	}
	for _, f := range n.clues.all.Files() {
		fmt.Fprintf(sum, "lineage %q %s\n", f.Name, f.Digest)
	}
	for _, digest := range n.contractDigests {
		fmt.Fprintf(sum, "contract %s\n", digest)
	}
	for _, digest := range n.scorerDigests {
		fmt.Fprintf(sum, "scorer %s\n", digest)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// scorerDigests gives a digest of each file that the command of a loop's scorer names, its program and models among them, in their order: the
// answer depends on them.
func scorerDigests(l *loop.Loop) (all []string, err error) {
	if l.Scorer == nil {
		return nil, nil
	}
	for _, word := range l.Scorer.Command {
		path := word
		if !filepath.IsAbs(path) {
			path = filepath.Join(l.Dir, path)
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue // a flag, or a program that is found otherwise
		}
		digest, err := ledger.DigestOf(path)
		if err != nil {
			return nil, fault.Data(path, "let it be read by whoever runs plumbline", "scorer: %v", err)
		}
		all = append(all, digest)
	}
	return all, nil
}

// stamp writes an instant as RFC 3339 in UTC.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// replacement says how the days that the run hands over are to be read, and which are not to be put.
func (n *night) replacement(spared []attribution.Day) ledger.Replacement {
	return ledger.Replacement{AsOf: n.span.asOf, Layout: n.deck.Layout, Segments: n.loop.Predictions.Segments, Spared: spared}
}
