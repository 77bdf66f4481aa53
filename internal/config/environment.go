package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// fileSuffix turns a variable's name into that of the variable with a file's path.
const fileSuffix = "_FILE"

// maxFile is the maximum size of a file that holds a value, in bytes.
const maxFile = 1 << 20

// An environment holds the environment variables by name.
type environment map[string]string

// newEnvironment parses lines in the form of os.Environ. The first of two lines with the
// same name wins, as in os.Getenv.
func newEnvironment(lines []string) environment {
	env := make(environment, len(lines))
	for _, line := range lines {
		name, value, ok := strings.Cut(line, "=")
		if _, known := env[name]; ok && !known {
			env[name] = trim(value)
		}
	}
	return env
}

// trim removes what copying and files add: spaces, line breaks, a byte order mark.
func trim(value string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(value), "\ufeff"))
}

// value returns the value of NAME or the content of the file in NAME_FILE, or "" if
// neither is set.
func (env environment) value(name string) (string, *Fault) {
	path := env[name+fileSuffix]
	switch {
	case path == "":
		return env[name], nil
	case env[name] != "":
		return "", &Fault{Name: name, Problem: "is set, and so is " + name + fileSuffix, Hint: "keep one of the two"}
	}
	value, err := readValue(path)
	if err != nil {
		return "", &Fault{Name: name + fileSuffix, Problem: err.Error(), Hint: fileHint(path)}
	}
	return value, nil
}

// fileHint shows a path only if it exists: people put the secret itself where the path
// belongs.
func fileHint(path string) string {
	if _, err := os.Stat(path); err != nil {
		return "give the path of a file there, not the value itself"
	}
	return "the file is " + path
}

// readValue reads a file that holds one value. Its errors contain neither the path nor
// the content.
func readValue(path string) (string, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fileError(err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", errors.New("names a folder, not a file")
	}
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	value := trim(decodeText(content))
	switch {
	case err != nil:
		return "", fileError(err)
	case len(content) > maxFile:
		return "", fmt.Errorf("names a file of more than %d bytes", maxFile)
	case !utf8.ValidString(value) || strings.ContainsAny(value, "\x00\ufffd"):
		return "", errors.New("names a file that is not text or is incomplete")
	case value == "":
		return "", errors.New("names an empty file: it may be incomplete")
	}
	return value, nil
}

// decodeText returns a file's text. A byte order mark tells the encoding: the > of
// Windows PowerShell writes UTF-16.
func decodeText(content []byte) string {
	if text, _, err := transform.Bytes(unicode.BOMOverride(encoding.Nop.NewDecoder()), content); err == nil {
		return string(text)
	}
	return string(content)
}

func fileError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("names a file that does not exist")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("names a file that this user may not read")
	}
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("names a file that can't be read (%w)", cause.Err)
	}
	return fmt.Errorf("names a file that can't be read (%w)", err)
}
