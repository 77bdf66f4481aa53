package cancellation

// A SecondPerson says when a person other than the asker has to confirm.
type SecondPerson string

// The values of SECOND_PERSON. The zero SecondPerson means SecondNever.
const (
	SecondNever  SecondPerson = "never"
	SecondEnd    SecondPerson = "end"    // to end a running meeting
	SecondSeries SecondPerson = "series" // to cancel a whole series
	SecondMany   SecondPerson = "many"   // to cancel more than one meeting at once
	SecondAlways SecondPerson = "always"
)

// Needs reports whether a second person has to confirm the cancellation of one meeting:
// running means that a running meeting would be ended, series that a whole series would
// be cancelled.
func (s SecondPerson) Needs(running, series bool) bool {
	return s == SecondAlways || s == SecondEnd && running || s == SecondSeries && series
}
