package slacksim

import (
	"slices"
	"strings"
)

// room returns the call's channel if the bot can read it: the bot is a member, or it is a
// direct message with the bot.
func (c *call) room() (*room, error) {
	r, ok := c.s.lookUp(c.args["channel"])
	switch {
	case !ok:
		return nil, refuse("channel_not_found")
	case r.BotMember:
		return r, nil
	case r.isPublic():
		return nil, refuse("not_in_channel")
	}
	return nil, refuse("channel_not_found") // don't reveal that a private channel exists
}

// writableRoom returns the channel that the bot wants to post in. A user id means the
// direct messages with that user, which are opened if need be.
//
// https://docs.slack.dev/reference/methods/chat.postMessage/#channels
func (c *call) writableRoom() (*room, error) {
	s := c.s
	name := c.args["channel"]
	if u, ok := s.users[name]; ok {
		switch {
		case u.Deleted, u.Stranger && u.TeamID != s.opts.TeamID:
			return nil, refuse("channel_not_found")
		case u.Bot:
			return nil, refuse("cannot_dm_bot")
		}
		return s.openDM(u.ID), nil
	}
	r, err := c.room()
	if err != nil {
		found, known := s.lookUp(name)
		if !known || !found.isPublic() || !slices.Contains(s.opts.Scopes, "chat:write.public") {
			return nil, err
		}
		r = found
	}
	switch {
	case r.Archived:
		return nil, refuse("is_archived")
	case r.ReadOnly:
		return nil, refuse("restricted_action_read_only_channel")
	}
	return r, nil
}

// lookUp finds a channel by its id or by #name.
func (s *Server) lookUp(channel string) (*room, bool) {
	if r, ok := s.rooms[channel]; ok {
		return r, true
	}
	if name, ok := strings.CutPrefix(channel, "#"); ok {
		for _, r := range s.rooms {
			if r.Name == name && !r.IM {
				return r, true
			}
		}
	}
	return nil, false
}

// thread returns the thread to post the call's message in; empty for the top level.
func (c *call) thread(r *room) (string, error) {
	if c.args["thread_ts"] == "" {
		return "", nil
	}
	return r.threadRoot(c.args["thread_ts"])
}

// threadRoot returns the parent's timestamp for a reply under ts, which may be that of the
// parent or of one of its replies.
func (r *room) threadRoot(ts string) (string, error) {
	p, ok := r.byTS[ts]
	switch {
	case !ok || p.deleted:
		return "", refuse("thread_not_found")
	case p.ephemeralFor != "":
		return "", refuse("thread_not_found") // ephemeral messages can't have threads
	case p.threadTS != "":
		return p.threadTS, nil
	}
	return p.TS, nil
}
