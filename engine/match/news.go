package match

import (
	"context"
	"database/sql"
	"time"

	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// News is what became known of a day's predictions after an instant.
type News struct {
	Day       time.Time // a UTC midnight
	Delivered int64     // predictions that became known, and others with their ids
	Came      int64     // predictions whose outcome first became known
	Changed   int64     // predictions whose known outcome was corrected, withdrawn, restored or contradicted
}

// Slack is how much later than it says a row may be delivered, for NewsSince to list its day.
const Slack = 24 * time.Hour

// NewsSince lists the days of the predictions of which something became known after an instant and by as-of, in order, and with zeros those of
// which it says that it became known within the Slack before: it may have been delivered since. It needs what Stage leaves as of that. A row
// that says of an outcome what is known already is no news.
func NewsSince(ctx context.Context, db *warehouse.DB, p *plan.Plan, since, asOf time.Time) ([]News, error) {
	var all []News
	params := map[string]any{"paths": p.Inventory.Predictions.Paths(), "since": since, "slack": since.Add(-Slack), "as_of": asOf}
	err := db.Query(ctx, "017_out_news", predictionData(p), params, func(rows *sql.Rows) error {
		var n News
		err := rows.Scan(&n.Day, &n.Delivered, &n.Came, &n.Changed)
		n.Day = n.Day.UTC()
		all = append(all, n)
		return err
	})
	return all, err
}

// Newest is the newest instant at which an outcome row became known, of those that Stage read; zero where there is none.
func Newest(ctx context.Context, db *warehouse.DB) (newest time.Time, err error) {
	err = db.Query(ctx, "019_out_newest", nil, nil, func(rows *sql.Rows) error {
		var at sql.NullTime
		err := rows.Scan(&at)
		newest = at.Time.UTC()
		return err
	})
	return newest, err
}
