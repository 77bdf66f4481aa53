package many

import (
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/internal/command"
)

// askAgainLine returns the command that asks for the same meetings again, with dates:
// "tomorrow" may be another day by the time it is copied.
func askAgainLine(a *ask.Asking) string {
	c := a.In.Command
	if zone, known := step.ZoneOf(a.Person); known && !c.Days.IsZero() {
		if from, until, err := c.Resolve(a.In.At, zone); err == nil {
			c.Days = daysBetween(from, until, zone)
		}
	}
	return c.String()
}

// daysBetween returns the days from one moment to another, as dates.
func daysBetween(from, until time.Time, zone *time.Location) command.Days {
	return command.Days{From: dayOf(from, zone), To: dayOf(until.Add(-time.Second), zone)}
}

func dayOf(t time.Time, zone *time.Location) command.Day {
	return command.Day(t.In(zone).Format(time.DateOnly))
}

// lines returns commands as they are typed.
func lines(all []command.Command) []string {
	typed := make([]string, len(all))
	for i, c := range all {
		typed[i] = c.String()
	}
	return typed
}
