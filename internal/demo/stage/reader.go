package stage

import (
	"time"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/slacksim"
)

// Reader returns a reader for the person with that id, with everyone's current name and
// the person's time zone and language.
func (s *Stage) Reader(id string) mrkdwn.Reader {
	names := map[string]string{slacksim.SlackbotID: "Slackbot"}
	r := mrkdwn.Reader{Name: func(id string) string {
		if name, known := names[id]; known {
			return name
		}
		return id
	}}
	for _, u := range s.Slack.Users() {
		names[u.ID] = u.RealName
		if u.ID != id {
			continue
		}
		r.Locale = u.Locale
		if zone, err := time.LoadLocation(u.TZ); err == nil {
			r.Zone = zone
		}
	}
	for _, p := range People() {
		for _, c := range s.Slack.Channels(p.ID) {
			names[c.ID] = c.Name
		}
	}
	return r
}
