package propose

import (
	"slices"
	"strings"
	"unicode"
)

// What a column's name says of its role. A name alone decides nothing that the data can decide; it orders what the data leaves open.

// words parts a name into its words in lower case: at what is neither letter nor digit, and where camel case goes on.
func words(name string) []string {
	var all []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			all = append(all, strings.ToLower(string(word)))
			word = nil
		}
	}
	letters := []rune(name)
	for i, r := range letters {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(letters[i-1]) || unicode.IsUpper(letters[i-1]) && i+1 < len(letters) && unicode.IsLower(letters[i+1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return all
}

// role is what a column may be for.
type role struct {
	names []string // whole names, words joined by _, the likeliest first
	words []string // words that speak for the role
	not   []string // words that speak against it
}

const (
	wholeName = 100 // a name of the list; the later in it, the less by one
	someWord  = 30  // one of the words
)

// fits says how much a name speaks for the role: more than 0 for it, less against.
func (r *role) fits(name string) int {
	parts := words(name)
	if i := slices.Index(r.names, strings.Join(parts, "_")); i >= 0 {
		return wholeName - i
	}
	points := 0
	for _, w := range parts {
		if slices.Contains(r.words, w) {
			points += someWord
		}
		if slices.Contains(r.not, w) {
			points -= 2 * someWord
		}
	}
	return points
}

var (
	idRole = role{
		names: []string{"prediction_id", "inference_id", "databricks_request_id", "client_request_id", "request_id", "invocation_id", "scoring_id", "event_id",
			"identifier", "id", "uuid", "row_id", "record_id", "transaction_id", "order_id"},
		words: []string{"id", "uuid", "guid", "identifier", "key"},
		not:   []string{"model", "version", "user", "customer", "account"},
	}
	atRole = role{
		names: []string{"predicted_at", "prediction_at", "prediction_time", "prediction_timestamp", "prediction_ts", "scored_at", "score_time", "inference_time",
			"inferred_at", "request_time", "requested_at", "log_timestamp", "timestamp", "event_timestamp", "event_time", "submitted_at", "ts", "time",
			"datetime", "at", "as_of", "date", "day", "dt"},
		words: []string{"predicted", "prediction", "scored", "inference", "request", "timestamp", "forecast"},
		not: []string{"features", "feature", "read", "available", "recorded", "loaded", "ingested", "landed", "delivered", "updated", "target", "due", "end", "label",
			"outcome", "lag", "lag1", "last"},
	}
	featuresAtRole = role{
		names: []string{"features_read_at", "features_at", "feature_timestamp", "features_timestamp", "feature_time"},
		words: []string{"features"},
	}
	knownRole = role{
		names: []string{"recorded_at", "known_at", "available_at", "available_ts", "loaded_at", "ingested_at", "inserted_at", "landed_at", "delivered_at", "written_at",
			"received_at", "arrived_at", "updated_at", "created_at", "ingestion_time", "load_time", "labeled_at", "labelled_at"},
		words: []string{"recorded", "known", "available", "loaded", "load", "ingested", "ingestion", "inserted", "landed", "landing", "delivered", "delivery", "written",
			"received", "visible", "published", "updated", "logged"},
	}
	eventRole = role{
		names: []string{"event_time", "event_ts", "event_timestamp", "event_at", "happened_at", "occurred_at", "outcome_time", "outcome_at", "outcome_ts", "observed_at",
			"effective_at", "timestamp", "ts", "time", "datetime", "at", "date", "day", "dt"},
		words: []string{"event", "happened", "occurred", "outcome", "observed", "actual", "effective", "valid"},
		not: []string{"recorded", "known", "available", "loaded", "load", "ingested", "ingestion", "inserted", "landed", "delivered", "written", "received", "updated",
			"sched", "scheduled", "planned", "due"},
	}
	versionRole = role{
		names: []string{"model_version", "version", "model", "model_id", "model_name", "served_entity_id", "served_model_name", "model_version_id", "inferenceservicename"},
		words: []string{"version"},
		not:   []string{"schema", "event"},
	}
	scoreRole = role{
		names: []string{"score", "prediction_score", "y_pred_proba", "predicted_probability", "prediction_probability", "probability", "proba", "prob", "y_score",
			"prediction_probas", "prediction", "predicted_value", "y_pred", "predicted", "yhat", "y_hat", "forecast", "estimate", "output", "p"},
		words: []string{"score", "proba", "probability", "prob", "prediction", "predicted", "pred", "forecast", "estimate", "yhat"},
		not:   []string{"id", "at", "ts", "time", "default", "is", "n", "count", "lag", "lag1"},
	}
	valueRole = role{
		names: []string{"label", "target", "outcome", "y_true", "actual", "actual_label", "actual_score", "ground_truth", "groundtruth", "truth", "y", "value",
			"actual_value", "result", "observed", "response", "class"},
		words: []string{"label", "target", "outcome", "actual", "truth", "observed", "result", "is", "has", "did", "was"},
		not:   []string{"valid", "id", "at", "ts", "time", "date", "rate", "seq", "source", "row", "version", "count"},
	}
	weightRole = role{
		names: []string{"weight", "sample_weight", "row_weight", "w"},
		words: []string{"weight"},
	}
	keyRole = role{
		names: idRole.names,
		words: idRole.words,
	}
)

// ranked orders the columns that suit by how much their names speak for a role, then by their places; those that speak against it last.
func ranked(columns []*column, r *role, suits func(*column) bool) []*column {
	all := slices.DeleteFunc(slices.Clone(columns), func(c *column) bool { return !suits(c) })
	slices.SortStableFunc(all, func(a, b *column) int { return r.fits(b.Name) - r.fits(a.Name) })
	return all
}

// alike counts the words that two names have in common, and the share of the longer one's words that they are.
func alike(a, b string) (common int, share float64) {
	mine, theirs := words(a), words(b)
	for _, w := range mine {
		if slices.Contains(theirs, w) {
			common++
		}
	}
	return common, float64(common) / float64(max(len(mine), len(theirs), 1))
}
