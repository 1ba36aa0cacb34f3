package openlineage

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// How a server is asked, as the standard clients do.
const (
	defaultTimeout = 5 * time.Second
	retries        = 5
	firstWait      = 300 * time.Millisecond // doubled with each retry
)

// errRefused is an answer by which asking again is of no use.
var errRefused = errors.New("refused")

// client does not follow an answer that sends it elsewhere: what it then asked would be no event any more.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// send delivers one event, as JSON on a single line, made at an instant.
func (s *settings) send(ctx context.Context, event []byte, at time.Time, console io.Writer) error {
	switch s.Type {
	case "http":
		return s.post(ctx, event)
	case "file":
		return s.write(event, at)
	case "console":
		_, err := fmt.Fprintf(console, "%s\n", event)
		return err
	}
	return nil
}

// write appends the event to the file as a line, or makes a file for it alone, as the transport says.
func (s *settings) write(event []byte, at time.Time) error {
	if s.Append {
		if info, err := os.Stat(s.LogFilePath); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s is no plain file: whoever writes to it might wait forever", s.LogFilePath)
		}
		file, err := os.OpenFile(s.LogFilePath, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
		if err != nil {
			return err
		}
		_, err = file.Write(append(event[:len(event):len(event)], '\n')) // one call: lines of others do not come between
		return errors.Join(err, file.Close())
	}
	for n := 0; ; n++ { // an event made in the same microsecond has a name of its own
		name := s.LogFilePath + "-" + at.UTC().Add(time.Duration(n)*time.Microsecond).Format("20060102-150405.000000") + ".json"
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, os.ErrExist) && n < 1000 {
			continue
		}
		if err != nil {
			return err
		}
		_, err = file.Write(event)
		return errors.Join(err, file.Close())
	}
}

// post asks the server to take the event; where it says that it cannot now, it is asked again, until the context ends.
func (s *settings) post(ctx context.Context, event []byte) error {
	body := event
	if s.Gzip {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := w.Write(event)
		if err := errors.Join(err, w.Close()); err != nil {
			return err
		}
		body = packed.Bytes()
	}
	wait := firstWait
	for try := 0; ; try++ {
		err := s.ask(ctx, body)
		if err == nil || errors.Is(err, errRefused) || try == retries || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
			wait *= 2
		}
	}
}

// ask asks once.
func (s *settings) ask(ctx context.Context, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(s.URL, "/")+"/"+strings.TrimLeft(s.Endpoint, "/"), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	r.Header.Set("Content-Type", "application/json")
	if s.Gzip {
		r.Header.Set("Content-Encoding", "gzip")
	}
	if s.APIKey != "" {
		r.Header.Set("Authorization", "Bearer "+s.APIKey)
	}
	answer, err := client.Do(r)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the address in it may hold a password
		}
		return fmt.Errorf("%s: %w", s.shown, err)
	}
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 200)) // for the message alone
	_ = answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return fmt.Errorf("%s answered %s", s.shown, answer.Status)
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%w: %s answered %s: %s", errRefused, s.shown, answer.Status, strings.Join(strings.Fields(string(said)), " "))
	}
	return nil
}
