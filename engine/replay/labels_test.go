package replay_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/replay"
)

// labels gives how many rows of each day and feature each cause names.
func labels(t *testing.T, w *world, from, to time.Time) map[string]int64 {
	t.Helper()
	n := w.take(t, from, to)
	trials, err := replay.Try(context.Background(), n.db, n.plan, replay.Span{From: from, To: to, AsOf: time.UnixMicro(n.asOf).UTC()})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int64{}
	for _, l := range trials.Labels {
		all[fmt.Sprintf("%s %s %d", l.Day.Format(time.DateOnly), l.Feature, l.Code)] += l.Rows
	}
	return all
}

// TestLabelsOfDays: what the rows of a day are named depends on that day alone, whatever other days are taken in with it.
func TestLabelsOfDays(t *testing.T) {
	for _, seed := range []uint64{0, 4} {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			w := newWorld(seed)
			from, to := time.UnixMicro(w.from).UTC(), time.UnixMicro(w.end()).UTC()
			together := labels(t, newWorld(seed), from, to)
			apart := map[string]int64{}
			days := int(to.Sub(from) / (24 * time.Hour))
			for _, cut := range [][2]int{{0, days / 3}, {days / 3, days/3 + 1}, {days/3 + 1, days}} {
				for key, rows := range labels(t, newWorld(seed), from.AddDate(0, 0, cut[0]), from.AddDate(0, 0, cut[1])) {
					apart[key] += rows
				}
			}
			if diff := cmp.Diff(together, apart); diff != "" {
				t.Errorf("rows by day, feature and code, together (-) and apart (+)\n%s", diff)
			}
		})
	}
}
