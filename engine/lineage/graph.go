package lineage

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// graph is how jobs and datasets hang together. Nodes that are one dataset under several names are one.
type graph struct {
	nodes []node
	byKey map[string]int
	root  []int // of a node: the one that it is the same as, or itself
	edges map[[2]int]bool
	next  [][]int // after close: by node, those that it leads to, by name
	back  [][]int // and those that lead to it
}

type node struct {
	job   jobName // of a job
	isSet bool
	names []place // of a dataset, in order
}

func (g *graph) add(key string, n node) int {
	if i, ok := g.byKey[key]; ok {
		return i
	}
	if g.byKey == nil {
		g.byKey, g.edges = map[string]int{}, map[[2]int]bool{}
	}
	i := len(g.nodes)
	g.byKey[key] = i
	g.nodes, g.root = append(g.nodes, n), append(g.root, i)
	return i
}

// job gives the node of a job.
func (g *graph) job(j jobName) int {
	return g.add("job\x00"+j.namespace+"\x00"+j.name, node{job: j})
}

// dataset gives the node of a dataset; partitions are those of the dataset that they belong to.
func (g *graph) dataset(p place) int {
	p = p.whole()
	return g.add(fmt.Sprintf("dataset\x00%d\x00%s", p.kind, p), node{isSet: true, names: []place{p}})
}

// alias makes a dataset go by another name, too.
func (g *graph) alias(set int, p place) {
	a, b := g.find(set), g.find(g.dataset(p))
	if a != b {
		g.root[max(a, b)] = min(a, b)
	}
}

// find gives the node that stands for all that are the same. After close, root says it.
func (g *graph) find(i int) int {
	for g.root[i] != i {
		g.root[i] = g.root[g.root[i]]
		i = g.root[i]
	}
	return i
}

// edge says that a leads to b.
func (g *graph) edge(a, b int) { g.edges[[2]int{a, b}] = true }

// close gathers names and neighbours once all nodes, names and edges are in.
func (g *graph) close() {
	names := make([][]place, len(g.nodes))
	for i := range g.nodes {
		r := g.find(i)
		g.root[i] = r
		names[r] = append(names[r], g.nodes[i].names...)
	}
	for i := range names {
		slices.SortFunc(names[i], func(a, b place) int {
			return cmp.Or(cmp.Compare(a.kind, b.kind), strings.Compare(a.String(), b.String()))
		})
		g.nodes[i].names = names[i]
	}
	g.next, g.back = make([][]int, len(g.nodes)), make([][]int, len(g.nodes))
	seen := map[[2]int]bool{}
	for e := range g.edges {
		a, b := g.root[e[0]], g.root[e[1]]
		if !seen[[2]int{a, b}] {
			seen[[2]int{a, b}] = true
			g.next[a], g.back[b] = append(g.next[a], b), append(g.back[b], a)
		}
	}
	for i := range g.nodes {
		slices.SortFunc(g.next[i], g.compare)
		slices.SortFunc(g.back[i], g.compare)
	}
}

// compare orders nodes by what they are called.
func (g *graph) compare(a, b int) int {
	x, y := &g.nodes[a].job, &g.nodes[b].job
	return cmp.Or(strings.Compare(g.name(a), g.name(b)), strings.Compare(x.namespace, y.namespace), cmp.Compare(a, b))
}

// name is what a node is called, after close: a job's name, or a dataset's location before a table's name.
func (g *graph) name(i int) string {
	n := &g.nodes[g.root[i]]
	if !n.isSet {
		return named(n.job.name)
	}
	if len(n.names) == 0 {
		return ""
	}
	return named(n.names[0].String())
}

// Node is an end of a chain: a job, with its namespace where that is known, or a dataset as Declared writes it.
type Node struct{ Job, Namespace, Dataset string }

// match gives the nodes that a Node stands for, ordered by name.
func (g *graph) match(n Node) []int {
	t := readDeclared(n.Dataset)
	var found []int
	for i := range g.nodes {
		at := &g.nodes[i]
		if g.root[i] != i {
			continue
		}
		if at.isSet && slices.ContainsFunc(at.names, t.matches) || !at.isSet && isJob(n.Job, n.Namespace, at.job) {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, g.compare)
	return found
}

// Chain is the shortest way along which data gets from one node to another: names of jobs and of datasets by turns, both
// ends included. It is nil where there is none.
func (e *Evidence) Chain(from, to Node) []string {
	if e == nil || e.graph == nil {
		return nil
	}
	g := e.graph
	goal := map[int]bool{}
	for _, i := range g.match(to) {
		goal[i] = true
	}
	came := map[int]int{} // the node before, -1 at the start
	queue := g.match(from)
	for _, i := range queue {
		came[i] = -1
	}
	for ; len(queue) > 0; queue = queue[1:] {
		i := queue[0]
		if goal[i] {
			var chain []string
			for ; i >= 0; i = came[i] {
				chain = append(chain, g.name(i))
			}
			slices.Reverse(chain)
			return chain
		}
		for _, n := range g.next[i] {
			if _, seen := came[n]; !seen {
				came[n] = i
				queue = append(queue, n)
			}
		}
	}
	return nil
}

// Common is the job nearest to all of the datasets (as Declared writes them) that each of them comes from, by one step or
// by several; of equally near ones the one that data gets to last. There is none where a dataset is not known, where they
// have no job in common, or where several could be meant.
func (e *Evidence) Common(datasets []string) (job string, ok bool) {
	if e == nil || e.graph == nil || len(datasets) == 0 {
		return "", false
	}
	g := e.graph
	var far, sum map[int]int // by job that all datasets so far come from: steps to the farthest, and to all
	for k, d := range datasets {
		steps := g.ancestors(g.match(Node{Dataset: d}))
		if k == 0 {
			far, sum = steps, maps.Clone(steps)
			continue
		}
		for i := range far {
			if n, ok := steps[i]; ok {
				far[i], sum[i] = max(far[i], n), sum[i]+n
			} else {
				delete(far, i)
			}
		}
	}
	common := slices.SortedFunc(maps.Keys(far), func(a, b int) int {
		return cmp.Or(cmp.Compare(far[a], far[b]), cmp.Compare(sum[a], sum[b]), g.compare(a, b))
	})
	if i := slices.IndexFunc(common, func(j int) bool { return far[j] != far[common[0]] || sum[j] != sum[common[0]] }); i >= 0 {
		common = common[:i]
	}
	const most = 64 // equally near ones that are looked at
	if len(common) <= most {
		common = g.lowest(common)
	}
	if len(common) != 1 {
		return "", false
	}
	return g.name(common[0]), true
}

// ancestors gives the jobs that lead to any of the nodes, and by how many steps.
func (g *graph) ancestors(of []int) map[int]int {
	steps, jobs := map[int]int{}, map[int]int{}
	queue := slices.Clone(of)
	for _, i := range queue {
		steps[i] = 0
	}
	for ; len(queue) > 0; queue = queue[1:] {
		i := queue[0]
		if !g.nodes[i].isSet {
			jobs[i] = steps[i]
		}
		for _, b := range g.back[i] {
			if _, seen := steps[b]; !seen {
				steps[b] = steps[i] + 1
				queue = append(queue, b)
			}
		}
	}
	return jobs
}

// lowest leaves out the jobs from which data gets to another of the jobs, and not back.
func (g *graph) lowest(jobs []int) []int {
	above := map[int]map[int]int{}
	for _, j := range jobs {
		above[j] = g.ancestors([]int{j})
	}
	return slices.DeleteFunc(slices.Clone(jobs), func(i int) bool {
		return slices.ContainsFunc(jobs, func(j int) bool {
			_, under := above[j][i]
			_, over := above[i][j]
			return i != j && under && !over
		})
	})
}
