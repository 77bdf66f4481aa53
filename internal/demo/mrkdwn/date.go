package mrkdwn

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// A calendar holds the date formats of a language.
type calendar struct {
	months                     [12]string
	weekdays                   [7]string // from Sunday
	yesterday, today, tomorrow string
	// Formats: %[1]s weekday, %[2]s month, %[3]d day, %[4]d year, %[5]d month's number.
	full, long, short string
	clock             string // of time.Format
}

// calendarOf returns the calendar for a locale.
func calendarOf(locale string) calendar {
	language, _, _ := strings.Cut(strings.ReplaceAll(locale, "_", "-"), "-")
	switch language {
	case "pt":
		return calendar{
			months:    [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
			weekdays:  [7]string{"domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"},
			yesterday: "ontem", today: "hoje", tomorrow: "amanhã",
			full: "%[1]s, %[3]d de %[2]s de %[4]d", long: "%[3]d de %[2]s de %[4]d", short: "%[3]d/%[5]d/%[4]d", clock: "15:04",
		}
	case "es":
		return calendar{
			months:    [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
			weekdays:  [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
			yesterday: "ayer", today: "hoy", tomorrow: "mañana",
			full: "%[1]s, %[3]d de %[2]s de %[4]d", long: "%[3]d de %[2]s de %[4]d", short: "%[3]d/%[5]d/%[4]d", clock: "15:04",
		}
	case "zh":
		return calendar{
			months:    [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
			weekdays:  [7]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"},
			yesterday: "昨天", today: "今天", tomorrow: "明天",
			full: "%[4]d年%[5]d月%[3]d日%[1]s", long: "%[4]d年%[5]d月%[3]d日", short: "%[4]d年%[5]d月%[3]d日", clock: "15:04",
		}
	}
	return calendar{
		months:    [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		weekdays:  [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		yesterday: "yesterday", today: "today", tomorrow: "tomorrow",
		full: "%[1]s, %[2]s %[3]d, %[4]d", long: "%[2]s %[3]d, %[4]d", short: "%.3[2]s %[3]d, %[4]d", clock: "3:04 PM",
	}
}

func (c calendar) write(format string, t time.Time) string {
	return fmt.Sprintf(format, c.weekdays[t.Weekday()], c.months[t.Month()-1], t.Day(), t.Year(), int(t.Month()))
}

// relative is write, except that it returns today, tomorrow or yesterday if t is.
func (c calendar) relative(format string, t, now time.Time) string {
	switch t.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return c.today
	case now.AddDate(0, 0, 1).Format(time.DateOnly):
		return c.tomorrow
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return c.yesterday
	}
	return c.write(format, t)
}

// Clock returns the time of day in the reader's format.
func (r Reader) Clock(t time.Time) string {
	return r.local(t).Format(calendarOf(r.Locale).clock)
}

// local returns t in the reader's time zone.
func (r Reader) local(t time.Time) time.Time { return t.In(cmp.Or(r.Zone, time.UTC)) }

// date fills in one of Slack's date formats for the reader.
func (r Reader) date(t time.Time, format string) string {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	t, c := r.local(t), calendarOf(r.Locale)
	today := r.local(now())
	seconds := strings.Replace(c.clock, ":04", ":04:05", 1)
	return strings.NewReplacer(
		"{date_num}", t.Format(time.DateOnly),
		"{date_short_pretty}", c.relative(c.short, t, today),
		"{date_long_pretty}", c.relative(c.full, t, today),
		"{date_pretty}", c.relative(c.long, t, today),
		"{date_short}", c.write(c.short, t),
		"{date_long}", c.write(c.full, t),
		"{date}", c.write(c.long, t),
		"{time_secs}", t.Format(seconds),
		"{time}", t.Format(c.clock),
	).Replace(format)
}
