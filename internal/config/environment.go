package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"
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

const (
	quoted     = "is in quotation marks: leave them out"
	quotedHint = "a shell, systemd and compose remove them; docker run --env-file and kubectl --from-env-file make them part of the value"
)

// isQuoted reports whether value is in quotation marks, as it would be in a shell script.
func isQuoted(value string) bool {
	last := len(value) - 1
	return last > 0 && (value[0] == '"' || value[0] == '\'') && strings.IndexByte(value[1:], value[0]) == last-1
}

// isAssignment reports whether value is a whole line of a shell script or an environment
// file, NAME=VALUE. The services would merely refuse such a key, without saying why.
func isAssignment(value, name string) bool {
	return strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(value, "export ")), name+"=")
}

// fileOnly returns what to do about a value with something around it, if it is from a file.
func (env environment) fileOnly(name string) string {
	if env[name+fileSuffix] == "" {
		return ""
	}
	return "the file that " + name + fileSuffix + " names must contain the value and nothing else"
}

// value returns the value of NAME or the content of the file in NAME_FILE, or "" if
// neither is set.
func (env environment) value(name string) (string, *Fault) {
	path := env[name+fileSuffix]
	switch {
	case isQuoted(path):
		return "", &Fault{Name: name + fileSuffix, Problem: quoted, Hint: quotedHint}
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
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrPermission):
		return "let the bot's user read the file and enter its folders"
	case err != nil:
		return pathHint(path, "give the path of a file there, not the value itself")
	}
	return "the path is " + path
}

const wholePath = "write the whole path: only a shell replaces ~ and $HOME, and only a systemd unit %S"

// unexpanded matches the beginning of a path that a shell or a systemd unit would replace.
// In an environment file, neither does.
var unexpanded = regexp.MustCompile(`^(~|\$\{?\w+\}?|%\w+%?)[/\\]`)

// pathHint returns hint, or what to do about a path that nothing has expanded.
func pathHint(path, hint string) string {
	if unexpanded.MatchString(path) {
		return wholePath
	}
	return hint
}

// readValue reads a file that holds one value. Its errors contain neither the path nor
// the content.
func readValue(path string) (string, error) {
	content, err := readFile(path)
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

// pipeTime is how long a value from a pipe may take.
const pipeTime = 3 * time.Second

// readFile reads a file, or what a pipe, such as that of <(command), or a terminal gives
// within pipeTime. Opening a pipe waits for its other end.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("names a folder, not a file")
	case info.Mode().IsRegular():
		return readAll(path)
	case info.Mode()&fs.ModeNamedPipe == 0 && info.Mode()&fs.ModeCharDevice == 0:
		return nil, errors.New("names a socket or a device, not a file")
	}
	type result struct {
		content []byte
		err     error
	}
	read := make(chan result, 1)
	go func() { // if it never returns, the program ends with a fault
		content, err := readAll(path)
		read <- result{content, err}
	}()
	select {
	case r := <-read:
		return r.content, r.err
	case <-time.After(pipeTime):
		return nil, fmt.Errorf("names a pipe or terminal that gave no value within %.0f seconds", pipeTime.Seconds())
	}
}

func readAll(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// decodeText returns a file's text. A byte order mark tells the encoding: the > of
// Windows PowerShell writes UTF-16.
func decodeText(content []byte) string {
	if text, _, err := transform.Bytes(unicode.BOMOverride(encoding.Nop.NewDecoder()), content); err == nil {
		return string(text)
	}
	return string(content)
}

// fileError rewords an error of the system, which contains the path. It returns others, which
// are readFile's own, as they are.
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
	return err
}
