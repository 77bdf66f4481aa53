package demo

import (
	"slices"

	"meetingbot/internal/config"
	"meetingbot/internal/demo/stage"
)

// botArgument turns the subcommand into the demo's bot. Only the demo uses it, when it
// starts the program a second time.
const botArgument = "-bot"

// IsBot reports whether the subcommand was started as a demo's bot. It should then serve
// with the configuration from the environment, made [RaiseLimits], until its input ends
// ([stage.ContextUntilEOF]).
func IsBot(args []string) bool { return slices.Equal(args, []string{botArgument}) }

// RaiseLimits raises the rate limit, so that people can try things quickly.
func RaiseLimits(cfg config.Config) config.Config {
	cfg.PerMinute = stage.PerMinute
	return cfg
}
