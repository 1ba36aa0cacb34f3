package lineage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// dbt tells what artifacts say, and puts models and sources into the graph: a model is a job, its relation a dataset.
// Artifacts must be in time order.
func (d *deriver) dbt(artifacts []artifact) {
	relations := map[string]int{} // by unique_id: the node of the relation
	depends := map[string][]string{}
	checksums := map[string]checksum{}
	for i := range artifacts {
		if m := artifacts[i].manifest; m != nil {
			d.manifest(&artifacts[i], relations, depends, checksums)
		}
	}
	for i := range artifacts {
		a := &artifacts[i]
		if a.sources != nil {
			d.freshness(a, relations)
		}
		if a.results != nil {
			d.results(a, relations, depends)
		}
	}
}

// checksum is that of a model's code in one manifest.
type checksum struct {
	text string
	at   time.Time
}

// manifest takes in a manifest. Later ones add to earlier ones.
func (d *deriver) manifest(a *artifact, relations map[string]int, depends map[string][]string, checksums map[string]checksum) {
	for _, nodes := range []map[string]dbtNode{a.manifest.Sources, a.manifest.Nodes} {
		for _, id := range slices.Sorted(maps.Keys(nodes)) {
			n := nodes[id]
			depends[id] = n.DependsOn.Nodes
			if n.Attached != "" {
				depends[id] = []string{n.Attached}
			}
			if n.Relation != "" {
				relations[id] = d.relation(n.Relation)
				if n.External != nil && n.External.Location != "" {
					d.graph.alias(relations[id], fixed(url(n.External.Location)))
				}
			}
			if sum := n.Checksum.Checksum; sum != "" {
				if before := checksums[id]; before.text != "" && before.text != sum {
					d.tell(a.at, CodeMoved, jobName{name: id}, "dbt %s has other code in the manifest of %s than in that of %s",
						named(id), stamp(a.at), stamp(before.at))
				}
				checksums[id] = checksum{sum, a.at}
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.manifest.Nodes)) {
		n := a.manifest.Nodes[id]
		if n.ResourceType != "model" && n.ResourceType != "snapshot" && n.ResourceType != "seed" {
			continue
		}
		job := d.graph.job(jobName{name: id})
		if to, ok := relations[id]; ok {
			d.graph.edge(job, to)
		}
		for _, parent := range n.DependsOn.Nodes {
			if from, ok := relations[parent]; ok {
				d.graph.edge(from, job)
			}
		}
	}
}

// fixed gives the folder that the files of a pattern lie in; a place without a pattern stays as it is.
func fixed(p place) place {
	if i := slices.IndexFunc(p.parts, func(part string) bool { return strings.ContainsAny(part, globs) }); i > 0 {
		p.parts = p.parts[:i:i]
	}
	return p
}

// relation gives the dataset of a relation: that of the events which has this name in full, if it is the only one, else
// one of its own.
func (d *deriver) relation(name string) int {
	p := tablePlace("", name)
	i := d.graph.dataset(p)
	if d.relations == nil {
		d.relations = map[string][]int{}
		for n, at := range d.graph.nodes {
			if at.isSet && at.names[0].kind == table && at.names[0].base != "" {
				key := strings.Join(fold(at.names[0].parts), ".")
				d.relations[key] = append(d.relations[key], n)
			}
		}
	}
	if same := d.relations[strings.Join(fold(p.parts), ".")]; len(same) == 1 {
		d.graph.alias(same[0], p)
	}
	return i
}

// tellDBT adds an event of dbt, found by the datasets of the nodes and by job, if it is one.
func (d *deriver) tellDBT(at time.Time, kind, job string, nodes []int, format string, args ...any) {
	d.tell(at, kind, jobName{name: job}, format, args...)
	d.items[len(d.items)-1].nodes = nodes
}

// freshness tells of sources that are older than promised. They are told at the instant the promise broke.
func (d *deriver) freshness(a *artifact, relations map[string]int) {
	for _, r := range a.sources.Results {
		status := strings.ToLower(r.Status)
		if r.UniqueID == "" || status != "warn" && status != "error" && status != "runtime error" {
			continue
		}
		nodes := d.sourceNodes(r.UniqueID, relations)
		loaded, okLoaded := parseTime(r.MaxLoadedAt)
		seen, okSeen := parseTime(r.SnapshotAt)
		if !okLoaded || !okSeen {
			why := ""
			if r.Error != nil {
				why = ": " + tidy(fmt.Sprint(r.Error), 160)
			}
			d.tellDBT(a.at, DBTFailed, "", nodes, "dbt could not tell the freshness of %s at %s%s", named(r.UniqueID), stamp(a.at), why)
			continue
		}
		promised, limit := r.Criteria.WarnAfter.duration(), ""
		if status == "error" || promised == 0 {
			promised = r.Criteria.ErrorAfter.duration()
		}
		if promised > 0 {
			limit = ", promised within " + length(promised)
		}
		at := loaded.Add(promised)
		if at.After(seen) {
			at = seen
		}
		d.tellDBT(at, Stale, "", nodes, "dbt freshness %s: %s was last loaded at %s, %s before %s%s", status,
			named(r.UniqueID), stamp(loaded), length(seen.Sub(loaded)), stamp(seen), limit)
	}
}

// sourceNodes gives the relation of a source; without a manifest, the table that its unique_id names.
func (d *deriver) sourceNodes(id string, relations map[string]int) []int {
	if n, ok := relations[id]; ok {
		return []int{n}
	}
	if parts := strings.Split(id, "."); len(parts) == 4 && parts[0] == "source" {
		return []int{d.graph.dataset(tablePlace("", parts[2]+"."+parts[3]))}
	}
	return nil
}

// duration of a promise; 0 for none.
func (p *dbtPeriod) duration() time.Duration {
	if p == nil || p.Count == nil || *p.Count <= 0 || *p.Count > 1e6 {
		return 0
	}
	unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[p.Period]
	return time.Duration(min(*p.Count*float64(unit), float64(100*365*24*time.Hour)))
}

// results tells of models and tests that did not go well.
func (d *deriver) results(a *artifact, relations map[string]int, depends map[string][]string) {
	for _, r := range a.results.Results {
		at := a.at
		for _, t := range r.Timing {
			if done, ok := parseTime(t.CompletedAt); ok && (t.Name == "execute" || at.Equal(a.at)) {
				at = done
			}
		}
		why := ""
		if r.Message != "" {
			why = ": " + tidy(r.Message, 160)
		}
		var nodes []int
		if n, ok := relations[r.UniqueID]; ok {
			nodes = []int{n}
		} else if r.Relation != "" {
			nodes = []int{d.relation(r.Relation)}
		}
		id := named(r.UniqueID)
		isTest := strings.HasPrefix(r.UniqueID, "test.") || strings.HasPrefix(r.UniqueID, "unit_test.")
		if isTest {
			nodes = nil
			for _, of := range depends[r.UniqueID] {
				if n, ok := relations[of]; ok {
					nodes = append(nodes, n)
				}
			}
		}
		job := r.UniqueID
		if isTest && len(depends[r.UniqueID]) == 1 {
			job = depends[r.UniqueID][0]
		}
		switch status := strings.ToLower(r.Status); {
		case r.UniqueID == "":
		case status == "fail" || isTest && status == "warn":
			what, on := "failed", ""
			if status == "warn" {
				what = "warned"
			}
			if r.Failures != nil && *r.Failures >= 1 && *r.Failures <= maxRows {
				on = " on " + countRows(int64(*r.Failures))
			}
			d.tellDBT(at, CheckFailed, job, nodes, "dbt %s %s%s at %s%s", id, what, on, stamp(at), why)
		case status == "error" || status == "runtime error":
			d.tellDBT(at, DBTFailed, job, nodes, "dbt %s ended in error at %s%s", id, stamp(at), why)
		case status == "skipped" && !isTest:
			d.tellDBT(at, DBTSkipped, job, nodes, "dbt %s was skipped at %s, so that what it had built before stayed%s", id, stamp(at), why)
		case status == "partial success":
			d.tellDBT(at, DBTFinished, job, nodes, "dbt %s was built in part at %s%s", id, stamp(at), why)
		}
	}
}
