package config

import (
	"errors"
	"strings"
)

// CardDetails says how much of a meeting a card shows in a channel.
type CardDetails string

// The amounts of detail.
const (
	DetailsFull    CardDetails = "full"
	DetailsMinimal CardDetails = "minimal" // neither subject nor owner
)

// UnmarshalText reads the variable's value, in any letter case.
func (c *CardDetails) UnmarshalText(text []byte) error {
	return choose(c, text, DetailsFull, DetailsMinimal)
}

// Locale is a language the bot speaks, as a BCP 47 tag.
type Locale string

// The languages.
const (
	English             Locale = "en"
	BrazilianPortuguese Locale = "pt-BR"
	Spanish             Locale = "es"
	SimplifiedChinese   Locale = "zh-CN"
)

// UnmarshalText reads the variable's value, in any letter case.
func (l *Locale) UnmarshalText(text []byte) error {
	return choose(l, text, English, BrazilianPortuguese, Spanish, SimplifiedChinese)
}

// LogFormat is how log lines look.
type LogFormat string

// The formats. The zero LogFormat is LogAuto.
const (
	LogAuto LogFormat = "" // text on a terminal, else JSON
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// UnmarshalText reads the variable's value, in any letter case.
func (f *LogFormat) UnmarshalText(text []byte) error {
	return choose(f, text, LogText, LogJSON)
}

// choose sets *to to the one of the choices that text is.
func choose[T ~string](to *T, text []byte, choices ...T) error {
	for _, c := range choices {
		if strings.EqualFold(string(text), string(c)) {
			*to = c
			return nil
		}
	}
	return errors.New("is not one of the allowed values")
}
