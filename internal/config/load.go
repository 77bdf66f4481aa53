package config

import (
	"cmp"
	"encoding"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Load reads the configuration from environ, in the form of os.Environ, and from the
// files it names. The error is a [*Faults] with all problems; the Config is then zero.
func Load(environ []string) (Config, error) {
	l := loader{env: newEnvironment(environ)}
	for _, s := range settings() {
		l.read(s)
	}
	l.validate()
	l.proxy(environ)
	l.misspelt()
	if len(l.faults) > 0 {
		slices.SortStableFunc(l.faults, func(a, b Fault) int { return cmp.Compare(settingOf(a.Name).field, settingOf(b.Name).field) })
		return Config{}, &Faults{List: l.faults}
	}
	return l.config, nil
}

// A setting is a field of Config that a variable sets.
type setting struct {
	name, fallback, hint string
	choices              []string // the only allowed values, if there are any
	required             bool
	field                int
}

func settings() []setting {
	var all []setting
	spec := reflect.TypeFor[Config]()
	for i := range spec.NumField() {
		tag := spec.Field(i).Tag
		if name := tag.Get("envconfig"); name != "" {
			all = append(all, setting{
				name: name, fallback: tag.Get("default"), hint: tag.Get("hint"), choices: strings.Fields(tag.Get("oneof")),
				required: tag.Get("required") == "true", field: i,
			})
		}
	}
	return all
}

// settingOf returns the setting for a variable, or for its NAME_FILE. For a variable that
// isn't ours, it returns one that sorts last.
func settingOf(name string) setting {
	all := settings()
	i := slices.IndexFunc(all, func(s setting) bool { return name == s.name || name == s.name+fileSuffix })
	if i < 0 {
		return setting{field: math.MaxInt}
	}
	return all[i]
}

type loader struct {
	env    environment
	config Config
	faults []Fault
}

// fault records a problem with the variable name, with the variable's own hint, unless
// problem is empty or the variable already has a fault.
func (l *loader) fault(name, problem string) { l.hinted(name, problem, "") }

// hinted is fault with another hint, if hint is not empty.
func (l *loader) hinted(name, problem, hint string) {
	known := func(f Fault) bool { return f.Name == name || f.Name == name+fileSuffix }
	if problem == "" || slices.ContainsFunc(l.faults, known) {
		return
	}
	l.faults = append(l.faults, Fault{Name: name, Problem: problem, Hint: cmp.Or(hint, settingOf(name).hint)})
}

func (l *loader) read(s setting) {
	value, fault := l.env.value(s.name)
	_, given := l.env[s.name] // even if empty
	switch {
	case fault != nil:
		l.faults = append(l.faults, *fault)
		return
	case isQuoted(value) && s.name != "MEETING_PASSWORD": // a password may be
		l.hinted(s.name, quoted, cmp.Or(l.env.fileOnly(s.name), quotedHint))
		return
	case isAssignment(value, s.name):
		l.hinted(s.name, "begins with its own name", cmp.Or(l.env.fileOnly(s.name), "leave out "+s.name+"="))
		return
	case value == "" && s.required:
		l.fault(s.name, "is missing")
		return
	case value == "" && (s.name != "HTTP_ADDR" || !given):
		value = s.fallback
	}
	if value == "" {
		return
	}
	if err := decode(reflect.ValueOf(&l.config).Elem().Field(s.field), value, s.choices); err != nil {
		l.fault(s.name, err.Error())
	}
}

var errNotAllowed = errors.New("is not one of the allowed values")

// decode sets a field of Config from a value. Its errors never contain the value.
func decode(field reflect.Value, value string, choices []string) error {
	if len(choices) > 0 {
		i := slices.IndexFunc(choices, func(c string) bool { return strings.EqualFold(c, value) })
		if i < 0 {
			return errNotAllowed
		}
		field.SetString(choices[i])
		return nil
	}
	switch to := field.Addr().Interface().(type) {
	case *Secret:
		*to = Secret(value)
	case *string:
		*to = value
	case *IDs:
		*to = strings.Split(value, ",") // loader.ids says which entries are wrong
	case *int:
		n, err := strconv.Atoi(value)
		if err != nil && !errors.Is(err, strconv.ErrRange) { // n is then the nearest int
			return errors.New("is not a whole number")
		}
		*to = n
	case *bool:
		switch strings.ToLower(value) {
		case "on", "true": // YAML turns on into true
			*to = true
		case "off", "false":
			*to = false
		default:
			return errors.New("is neither on nor off")
		}
	case *time.Duration:
		d, ok := ParseDuration(value)
		if !ok {
			return errors.New("is not a duration: write a number and a unit, s, m, h or d")
		}
		*to = d
	case encoding.TextUnmarshaler:
		if to.UnmarshalText([]byte(value)) != nil {
			return errNotAllowed
		}
	default:
		return errors.New("has a type that can't be read")
	}
	return nil
}
