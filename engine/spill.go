package engine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// spill is the folder that work past the memory limit goes to. Its owner holds a lock on a file in it, so that what a
// killed run left can be told from what a live one uses.
type spill struct {
	folder string
	owner  *os.File
}

const spillPrefix = ".plumbline-spill-"

// newSpill makes a folder below home, or below the system's folder for temporary files where home is empty, and removes
// those that killed runs left there.
func newSpill(home string) (*spill, error) {
	if home == "" {
		home = os.TempDir()
	}
	sweepSpills(home)
	const most = 20 // another run's sweep may take the folder for a killed run's before it is locked: then make another
	var err error
	for range most {
		var s *spill
		if s, err = makeSpill(home); err == nil {
			return s, nil
		}
		if !errors.Is(err, errSwept) {
			break
		}
	}
	return nil, &fault.Fault{Where: home, What: "cannot hold spilled data", Fix: "name a folder that can be written with --tmp", Err: err}
}

var errSwept = errors.New("another run swept the folder")

// makeSpill makes one folder and locks it.
func makeSpill(home string) (*spill, error) {
	folder, err := os.MkdirTemp(home, spillPrefix)
	if err != nil {
		return nil, err
	}
	owner, err := os.Create(filepath.Join(folder, "owner"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errSwept
	}
	if err == nil {
		if err = syscall.Flock(int(owner.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			_, err = os.Stat(owner.Name())
		}
		if err == nil {
			return &spill{folder: folder, owner: owner}, nil
		}
		_ = owner.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, fs.ErrNotExist) {
			err = errSwept
		}
	}
	return nil, errors.Join(err, os.RemoveAll(folder))
}

func (s *spill) remove() error {
	return errors.Join(os.RemoveAll(s.folder), s.owner.Close())
}

// sweepSpills removes the folders below home whose owner is gone. One that cannot be removed is in nobody's way.
func sweepSpills(home string) {
	folders, err := filepath.Glob(filepath.Join(home, spillPrefix+"*"))
	if err != nil {
		return
	}
	for _, folder := range folders {
		owner, err := os.OpenFile(filepath.Join(folder, "owner"), os.O_RDWR, 0)
		if err != nil {
			continue // being made just now, or not ours
		}
		if syscall.Flock(int(owner.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(folder)
		}
		_ = owner.Close()
	}
}
