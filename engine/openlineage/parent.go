package openlineage

import (
	"encoding/json"
	"fmt"
	"strings"
)

// runRef names a run of a job.
type runRef struct {
	Run struct {
		RunID string `json:"runId"`
	} `json:"run"`
	Job jobRef `json:"job"`
}

type jobRef struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// parents are the run that started this one, and the run that started all.
type parents struct {
	parent, root *runRef
}

// parentsOf reads OPENLINEAGE_CONTEXT, else OPENLINEAGE_PARENT_ID and OPENLINEAGE_ROOT_PARENT_ID. What is malformed is told and left out: it is no
// reason for a run to fail.
func parentsOf(getenv func(string) string) (parents, error) {
	if text := getenv("OPENLINEAGE_CONTEXT"); text != "" {
		var in struct {
			Parent struct {
				runRef
				Root *runRef `json:"root"`
			} `json:"parent"`
		}
		if err := json.Unmarshal([]byte(text), &in); err != nil {
			return parents{}, fmt.Errorf("OPENLINEAGE_CONTEXT: %w", err)
		}
		p := parents{parent: &in.Parent.runRef, root: in.Parent.Root}
		if !p.parent.whole() || p.root != nil && !p.root.whole() {
			return parents{}, fmt.Errorf("OPENLINEAGE_CONTEXT: it names no run by runId, job namespace and job name")
		}
		return p.rooted(), nil
	}
	parent, err := runOf("OPENLINEAGE_PARENT_ID", getenv)
	if parent == nil || err != nil {
		return parents{}, err
	}
	root, err := runOf("OPENLINEAGE_ROOT_PARENT_ID", getenv)
	return parents{parent: parent, root: root}.rooted(), err
}

func (r *runRef) whole() bool { return r.Run.RunID != "" && r.Job.Namespace != "" && r.Job.Name != "" }

// rooted makes the parent the root where no other is named.
func (p parents) rooted() parents {
	if p.root == nil {
		p.root = p.parent
	}
	return p
}

// runOf reads namespace/job/runId, none of which may hold a slash: where it began could not be told.
func runOf(name string, getenv func(string) string) (*runRef, error) {
	text := getenv(name)
	if text == "" {
		return nil, nil
	}
	of := strings.Split(text, "/")
	if len(of) != 3 {
		return nil, fmt.Errorf("%s %q is not namespace/job/run", name, text)
	}
	r := &runRef{Job: jobRef{of[0], of[1]}}
	r.Run.RunID = of[2]
	if !r.whole() {
		return nil, fmt.Errorf("%s %q is not namespace/job/run", name, text)
	}
	return r, nil
}
