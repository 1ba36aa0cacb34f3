package engine

import (
	"os"
	"sync"
	"testing"
)

// Runs that begin at once below one folder sweep what killed runs left, and never each other's.
func TestSpillsOfRunsThatBeginAtOnce(t *testing.T) {
	home := t.TempDir()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				s, err := newSpill(home)
				if err != nil {
					t.Error(err)
					return
				}
				if err := os.WriteFile(s.folder+"/data", nil, 0o600); err != nil {
					t.Error(err)
				}
				if err := s.remove(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	left, err := os.ReadDir(home)
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
