package slacksim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Type is the user writing a line into the message field of a channel. A line with a
// slash in front is a command; only the app's own is known. Anything else becomes the
// user's message, whose [Action.Ref] tells where.
func (s *Server) Type(user, channel, line string) *Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, code := s.mayWrite(user, channel)
	if code != "" {
		return refused(code)
	}
	if !strings.HasPrefix(line, "/") {
		return s.say(user, r, "", line)
	}
	name, text := cutCommand(line)
	if name != s.opts.Command {
		s.tell(user, r, "", name+" is not a valid command. In Slack, all messages that start with the \"/\" character are interpreted as commands.")
		return refused("invalid_command")
	}
	return s.command(user, r, name, text)
}

// TypeInThread is the user writing a reply. Commands don't work in threads.
func (s *Server) TypeInThread(user, channel, threadTS, text string) *Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, code := s.mayWrite(user, channel)
	if code != "" {
		return refused(code)
	}
	root, err := r.threadRoot(threadTS)
	if err != nil {
		return refused(err.Error())
	}
	if strings.HasPrefix(text, "/") {
		name, _ := cutCommand(text)
		s.tell(user, r, root, name+" is not supported in threads. Sorry!")
		return refused("not_supported_in_threads")
	}
	return s.say(user, r, root, text)
}

// cutCommand parts a line at its first white space; what follows stays as it was typed.
func cutCommand(line string) (name, text string) {
	if i := strings.IndexAny(line, " \t\n"); i >= 0 {
		return line[:i], line[i+1:]
	}
	return line, ""
}

// mayWrite returns the channel, or why the user can't write there. The lock is held.
func (s *Server) mayWrite(user, channel string) (*room, string) {
	u, r := s.users[user], s.rooms[channel]
	switch {
	case u == nil || u.Deleted:
		return nil, "user_not_found"
	case r == nil || !s.canRead(user, r):
		return nil, "channel_not_found"
	case !slices.Contains(r.Members, user):
		return nil, "not_in_channel"
	case r.Archived:
		return nil, "is_archived"
	}
	return r, ""
}

// say posts the user's own words. The lock is held.
func (s *Server) say(user string, r *room, threadTS, text string) *Action {
	if r.ReadOnly && !s.users[user].Admin {
		return refused("restricted_action_read_only_channel")
	}
	p := s.store(r, &post{user: user, threadTS: threadTS, via: ViaPerson}, content{text: typed(text)})
	return said(p.Ref)
}

// escape and the two patterns are what Slack's client makes of what people type.
var (
	escape  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	webLink = regexp.MustCompile(`https?://[^\s|]*[^\s|.,;:!?)\]}'"]`)
	mailbox = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
)

// typed is the text of a message in which a person typed the words: escaped, and with
// links and addresses in angle brackets.
func typed(words string) string {
	var out strings.Builder
	rest := words
	for {
		found := webLink.FindStringIndex(rest)
		if found == nil {
			break
		}
		out.WriteString(typedMail(rest[:found[0]]))
		out.WriteString("<" + escape.Replace(rest[found[0]:found[1]]) + ">")
		rest = rest[found[1]:]
	}
	out.WriteString(typedMail(rest))
	return out.String()
}

func typedMail(words string) string {
	return mailbox.ReplaceAllString(escape.Replace(words), "<mailto:$0|$0>")
}

// command dispatches a slash command. The lock is held.
func (s *Server) command(user string, r *room, name, text string) *Action {
	u := s.users[user]
	e := &envelope{kind: "slash_commands"}
	e.answered = func(payload json.RawMessage) { s.answerCommand(u, r, name, text, payload) }
	e.failed = func(code string) {
		s.tell(user, r, "", name+" failed with the error \""+code+"\"")
	}
	return s.dispatch(e, func(base string) any {
		return slashPayload{
			Token: verification, TeamID: u.TeamID, TeamDomain: s.teamDomain(),
			ChannelID: r.ID, ChannelName: r.payloadName(), UserID: u.ID, UserName: u.Name,
			Command: name, Text: text, APIAppID: s.opts.AppID, IsEnterpriseInstall: "false",
			ResponseURL: s.newHook(base+"/commands/", &hook{room: r, user: user}),
			TriggerID:   s.newTrigger(user),
		}
	})
}

// answerCommand takes the payload of a command's acknowledgement: a message, ephemeral
// unless it says otherwise. One for the channel shows the typed command too.
func (s *Server) answerCommand(u *User, r *room, name, text string, payload json.RawMessage) {
	if len(payload) == 0 {
		return
	}
	args, err := flatten(payload)
	if err != nil {
		s.violate("the acknowledgement of %s carries no message: %v", name, err)
		return
	}
	if len(args) == 0 {
		return
	}
	said, err := s.compose("acknowledgement of "+name, args, maxPostText)
	if err != nil {
		return // written down
	}
	p := &post{user: s.opts.BotUserID, via: ViaAck}
	if args["response_type"] == "in_channel" {
		line := strings.TrimRight(name+" "+text, " ")
		s.store(r, &post{user: u.ID, via: ViaPerson}, content{text: typed(line)})
	} else {
		p.ephemeralFor = u.ID
	}
	s.store(r, p, said)
}
