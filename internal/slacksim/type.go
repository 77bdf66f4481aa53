package slacksim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Type types a line into a channel's message field as the user. A line that starts with
// a slash is a command, and the app's own is the only one there is. Anything else
// becomes a message, found at [Action.Ref].
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
	if name != s.command {
		s.tell(user, r, "", name+" is not a valid command. In Slack, all messages that start with the \"/\" character are interpreted as commands.")
		return refused("invalid_command")
	}
	return s.runCommand(user, r, name, text)
}

// TypeInThread types a reply as the user. Commands don't work in threads.
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

// cutCommand splits a line at its first white space; the rest stays as it was typed.
func cutCommand(line string) (name, text string) {
	if i := strings.IndexAny(line, " \t\n"); i >= 0 {
		return line[:i], line[i+1:]
	}
	return line, ""
}

// mayWrite returns the channel, or the reason the user can't write there. The lock is held.
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

// say posts a message from the user. The lock is held.
func (s *Server) say(user string, r *room, threadTS, text string) *Action {
	if r.ReadOnly && !s.users[user].Admin {
		return refused("restricted_action_read_only_channel")
	}
	p := s.store(r, &post{user: user, threadTS: threadTS, via: ViaPerson}, content{text: s.typed(text)})
	return said(p.Ref)
}

// escape and the two patterns treat typed text as Slack's client does.
var (
	escape  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	webLink = regexp.MustCompile(`https?://[^\s|]*[^\s|.,;:!?)\]}'"]`)
	mailbox = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
)

// telephone matches what Slack takes for a telephone number.
var telephone = regexp.MustCompile(`\+?\d{2,4}(?:[ -]\d{3,4}){2,3}`)

// typed returns the text of a message that a person typed: escaped, with links and
// addresses in angle brackets, and also telephone numbers if [Options.TelephoneLinks]
// is on.
func (s *Server) typed(words string) string {
	var out strings.Builder
	rest := words
	for {
		found := webLink.FindStringIndex(rest)
		if found == nil {
			break
		}
		out.WriteString(s.typedWords(rest[:found[0]]))
		out.WriteString("<" + escape.Replace(rest[found[0]:found[1]]) + ">")
		rest = rest[found[1]:]
	}
	out.WriteString(s.typedWords(rest))
	return out.String()
}

func (s *Server) typedWords(words string) string {
	words = mailbox.ReplaceAllString(escape.Replace(words), "<mailto:$0|$0>")
	if !s.opts.TelephoneLinks {
		return words
	}
	return telephone.ReplaceAllStringFunc(words, func(n string) string {
		return "<tel:" + strings.NewReplacer(" ", "", "-", "").Replace(n) + "|" + n + ">"
	})
}

// mentions turns the @name of a user into Slack's markup for it, as in an escaped command.
func (s *Server) mentions(text string) string {
	return mention.ReplaceAllStringFunc(text, func(found string) string {
		part := mention.FindStringSubmatch(found)
		for _, u := range s.users {
			if u.Name == part[2] {
				return part[1] + "<@" + u.ID + "|" + u.Name + ">"
			}
		}
		return found
	})
}

var mention = regexp.MustCompile(`(^|[\s(])@([a-z0-9][a-z0-9._-]*[a-z0-9])`)

// RenameCommand renames the app's command, as an admin can if two apps share a name. It
// then arrives under the new name.
func (s *Server) RenameCommand(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.command = name
}

// runCommand dispatches a slash command. The lock is held.
func (s *Server) runCommand(user string, r *room, name, text string) *Action {
	u := s.users[user]
	if s.opts.EscapeCommand {
		text = s.mentions(s.typed(text))
	}
	e := &envelope{kind: "slash_commands"}
	e.answered = func(payload json.RawMessage) { s.answerCommand(u, r, name, text, payload) }
	e.failed = func(code string) {
		s.tell(user, r, "", name+" failed with the error \""+code+"\"")
	}
	return s.dispatch(e, func(base string) any {
		org := s.opts.Enterprise
		return slashPayload{
			EnterpriseID: org.ID, EnterpriseName: org.Name,
			Token: verification, TeamID: u.TeamID, TeamDomain: s.teamDomain(),
			ChannelID: r.ID, ChannelName: r.payloadName(), UserID: u.ID, UserName: u.Name,
			Command: name, Text: text, APIAppID: s.opts.AppID, IsEnterpriseInstall: strconv.FormatBool(s.opts.OrgInstall),
			ResponseURL: s.newHook(base+"/commands/", &hook{room: r, user: user}),
			TriggerID:   s.newTrigger(user),
		}
	})
}

// answerCommand handles the payload of a command's acknowledgement: a message,
// ephemeral unless it says otherwise. If it goes to the channel, the typed command
// shows too.
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
		return // compose has recorded the violation
	}
	p := &post{user: s.opts.BotUserID, via: ViaAck}
	if args["response_type"] == "in_channel" {
		line := strings.TrimRight(name+" "+text, " ")
		s.store(r, &post{user: u.ID, via: ViaPerson}, content{text: s.typed(line)})
	} else {
		p.ephemeralFor = u.ID
	}
	s.store(r, p, said)
}
