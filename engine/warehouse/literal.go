package warehouse

import (
	"errors"
	"fmt"
	"strings"
)

// literal gives text as a string, for the statements that bind no parameter: COMMENT ON, ATTACH.
func literal(text string) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", fmt.Errorf("%q holds a NUL", text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'", nil
}

// pathLiteral gives the path of a file as a string.
func pathLiteral(file string) (string, error) {
	if file == "" {
		return "", errors.New("no path")
	}
	return literal(file)
}
